import { bundleWorkflowCode, DefaultLogger, type WorkflowBundleOption } from '@temporalio/worker';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a build makes ahead, beside the folders. */
export const BUNDLE = 'workflows.js';

/** The workflows as one script for the sandbox; fails where a Node module has slipped in. */
export async function bundleWorkflows(): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
}

/** The bundle of the build, so that all workers of a release run the same; without a build one is made now. */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  const codePath = fileURLToPath(new URL(`../${BUNDLE}`, import.meta.url));
  return existsSync(codePath) ? { codePath } : bundleWorkflows();
}
