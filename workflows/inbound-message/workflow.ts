import { proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { databaseWrite } from '../activity-options.ts';
import type { InboundMessageInput } from './messages.ts';

const { handleInboundText } = proxyLocalActivities<Activities>(databaseWrite);

/** Takes care of one inbound text: a word that was honoured when it was stored, or something for staff. Ends when that is written down. */
export async function inboundMessageWorkflow(input: InboundMessageInput) {
  return handleInboundText({ ...input, now: Date.now() });
}
