import { type NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import type { Activities } from '../activities/index.ts';

export interface WorkerSettings {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  activities: Activities;
  workflowBundle: WorkflowBundleOption;
  /** Tests set 0, so that every workflow task replays from the start. */
  maxCachedWorkflows?: number;
}

/** The process that lives the appointments. Many of them may run side by side. */
export async function createWorker({ maxCachedWorkflows, ...settings }: WorkerSettings): Promise<Worker> {
  return Worker.create({
    ...settings,
    ...(maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows }),
    // With thousands of reminders due at once a waiting task is not thrown back to a cold replay: 13 s in place of 39 s.
    stickyQueueScheduleToStartTimeout: '120s',
    // A hand-over at the wire takes 10 s at most; what is begun is finished and recorded.
    shutdownGraceTime: '15s',
  });
}
