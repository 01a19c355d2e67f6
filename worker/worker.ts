import { type NativeConnection, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Activities } from '../activities/index.ts';

export interface WorkerSettings {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  activities: Activities;
  workflowBundle: WorkflowBundleOption;
  /**
   * Of a new build the server then gives out work only once that build is made the current one, and moves the
   * appointments that live to it.
   */
  isVersioned?: boolean | undefined;
  /** Tests set 0, so that every workflow task replays from the start. */
  maxCachedWorkflows?: number;
}

/** The process that lives the appointments. Many of them may run side by side. */
export async function createWorker({
  maxCachedWorkflows,
  isVersioned = false,
  ...settings
}: WorkerSettings): Promise<Worker> {
  const version = { deploymentName: 'vuoro', buildId: await buildIdOf(settings.workflowBundle) };
  return Worker.create({
    ...settings,
    workerDeploymentOptions: isVersioned
      ? // An appointment lives for months: it goes on with the current build, by the patches, and none is kept for its sake.
        { version, useWorkerVersioning: true, defaultVersioningBehavior: 'AUTO_UPGRADE' }
      : { version, useWorkerVersioning: false },
    ...(maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows }),
    // Without a cache the engine drops the local activities of tasks that run side by side.
    ...(maxCachedWorkflows === 0 ? { maxConcurrentWorkflowTaskExecutions: 1 } : {}),
    // Long enough that thousands of reminders due at once are not thrown back to cold replays (13 s in place of 39 s), and
    // short enough for what a worker that was killed had in its cache: that waits for so long.
    stickyQueueScheduleToStartTimeout: '20s',
    // A hand-over at the wire takes 10 s at most; what is begun is finished and recorded.
    shutdownGraceTime: '15s',
  });
}

/** Stands in every event that the worker causes, so it is short: the SDK's own name for the code would be a sixth of a history. */
async function buildIdOf(bundle: WorkflowBundleOption): Promise<string> {
  const code = 'code' in bundle ? bundle.code : await readFile(bundle.codePath);
  return createHash('sha256').update(code).digest('hex').slice(0, 12);
}
