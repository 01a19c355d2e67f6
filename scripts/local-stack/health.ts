import { Connection } from '@temporalio/client';

/** Whether a GET answers 200. */
export async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** Whether the worker of that process asks for work. */
export async function workerPolls(address: string, taskQueue: string, pid: number): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 1_000 });
    try {
      const { pollers } = await connection.withDeadline(Date.now() + 2_000, () =>
        connection.workflowService.describeTaskQueue({
          namespace: 'default',
          taskQueue: { name: taskQueue },
          taskQueueType: 1,
        }),
      );
      return pollers.some(({ identity }) => identity?.startsWith(`${pid}@`));
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}
