import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import type { Activities } from '../../activities/index.ts';
import { advance, type Journey } from '../../scripts/local-stack/advance.ts';
import { workflowClock } from '../../scripts/local-stack/workflow-clock.ts';
import { createWorker } from '../../worker/worker.ts';
import './provided.ts';

export interface TestTemporal {
  address: string;
  namespace: string;
  /** Of this test file alone. */
  taskQueue: string;
  connection: Connection;
  client: Client;
  startWorker: (options: TestWorkerOptions) => Promise<TestWorker>;
  /** Moves a workflow's own clock; see `advance.ts`. */
  advance: (workflowId: string, journey: Journey) => Promise<number>;
  /** What a workflow's own clock shows now. */
  clockOf: (workflowId: string) => Promise<number>;
}

export interface TestWorkerOptions {
  activities: Activities;
  /** 0 makes every workflow task replay from the start. */
  maxCachedWorkflows?: number;
  taskQueue?: string;
}

export interface TestWorker {
  stop: () => Promise<void>;
}

const NAMESPACE = 'default';

/** The run's Temporal server; call it at the top of a test file, so that what it opens is closed at its end. */
export async function testTemporal(): Promise<TestTemporal> {
  const { address, workflowBundle } = inject('temporal');
  installRuntime();
  const taskQueue = `test-${randomUUID()}`;
  const connection = await Connection.connect({ address });
  const workers: TestWorker[] = [];
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await connection.close();
  });
  return {
    address,
    namespace: NAMESPACE,
    taskQueue,
    connection,
    client: new Client({ connection, namespace: NAMESPACE }),
    startWorker: async (options) => {
      // Of its own: of two workers on one, the engine takes only one.
      const native = await NativeConnection.connect({ address });
      const shared = {
        connection: native,
        namespace: NAMESPACE,
        taskQueue,
        workflowBundle: { codePath: workflowBundle },
      };
      const worker = runUntilStopped(await createWorker({ ...shared, ...options }), native);
      workers.push(worker);
      return worker;
    },
    advance: (workflowId, journey) => advance(connection, NAMESPACE, workflowId, journey),
    clockOf: (workflowId) => workflowClock({ connection, namespace: NAMESPACE, workflowId }),
  };
}

let isInstalled = false;

/** One for all test files of a process. What it complains of goes to whatever `console.error` is at that moment. */
function installRuntime(): void {
  if (isInstalled) return;
  Runtime.install({ logger: new DefaultLogger('ERROR', ({ message, meta }) => console.error(message, meta)) });
  isInstalled = true;
}

function runUntilStopped(worker: Awaited<ReturnType<typeof createWorker>>, native: NativeConnection): TestWorker {
  const run = async () => {
    await worker.run();
    await native.close();
  };
  const running = run();
  return {
    stop: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
    },
  };
}
