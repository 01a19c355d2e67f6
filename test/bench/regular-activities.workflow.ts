import { type LocalActivityOptions, proxyActivities } from '@temporalio/workflow/lib/index.js';

export * from '@temporalio/workflow/lib/index.js';

/** Regular activities in place of local ones: the bundle of the benchmark swaps this in for the engine's own. */
export function proxyLocalActivities({ startToCloseTimeout = '10s' }: LocalActivityOptions): unknown {
  return proxyActivities({ startToCloseTimeout });
}
