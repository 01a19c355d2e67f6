import { condition, proxyActivities, setCurrentDetails, setHandler } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { MINUTE } from '../../domain/interval.ts';
import { stubbornHandOver } from '../activity-options.ts';
import { type DeliveryInput, type DeliveryOutcome, receiptArrivedSignal } from './messages.ts';

const { lookUpMessage, repeatMessage } = proxyActivities<Activities>(stubbornHandOver);

/** A receipt comes within seconds, or the provider is asked. */
const RECEIPT_WITHIN = 3 * MINUTE;

/**
 * Finds out what became of a message that may have left. Ends when that is known, or when the message was said once more
 * or given up; never leaves a message said twice without a fault, nor one forgotten.
 */
export async function deliveryWorkflow(message: DeliveryInput): Promise<DeliveryOutcome> {
  let hasReceipt = false;
  setHandler(receiptArrivedSignal, () => {
    hasReceipt = true;
  });
  const { clinicId, messageId } = message;
  let askAt = Date.now() + RECEIPT_WITHIN;
  for (;;) {
    setCurrentDetails(`Waits for a receipt of message \`${messageId}\`, then asks the provider.`);
    await condition(() => hasReceipt, Math.max(1, askAt - Date.now()), { summary: 'receipt, or time to ask' });
    hasReceipt = false;
    if ((await lookUpMessage({ clinicId, messageId })) === 'known') return { outcome: 'known' };
    setCurrentDetails(`The provider does not have message \`${messageId}\`.`);
    const repeated = await repeatMessage(message);
    if (repeated.result === 'done' || repeated.result === 'superseded') return { outcome: 'settled' };
    askAt = repeated.result === 'later' ? repeated.at : Date.now() + RECEIPT_WITHIN;
  }
}
