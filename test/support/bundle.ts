import { bundleWorkflowCode } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} };

/** The workflows of a file as one script, without the bundler's chatter. */
export function bundleQuietly(workflows: URL): Promise<{ code: string }> {
  return bundleWorkflowCode({ workflowsPath: fileURLToPath(workflows), logger: silent });
}
