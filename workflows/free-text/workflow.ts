import { proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { databaseWrite } from '../activity-options.ts';
import { sayDirectly } from '../send-directs.ts';
import type { FreeTextInput } from './messages.ts';

const { planFreeText } = proxyLocalActivities<Activities>(databaseWrite);

/** Sends one message that staff wrote, at once or when the quiet hours are over. Ends when that is done, or of no more use. */
export async function freeTextWorkflow(input: FreeTextInput): Promise<void> {
  const notificationId = await planFreeText({ ...input, now: Date.now() });
  await sayDirectly({ clinicId: input.clinicId, notificationIds: [notificationId], summary: 'what staff wrote' });
}
