import { defineSignal } from '@temporalio/workflow';
import type { UncertainMessage } from '../../domain/delivery.ts';

/** What the workflow is started with, by the activity that does not know whether its message left. */
export type DeliveryInput = UncertainMessage;

/**
 * How it ended. `known`: the provider has it, or had refused it. `settled`: it was said once more, or was of no more use,
 * or must not be said twice, and staff were told.
 */
export interface DeliveryOutcome {
  outcome: 'known' | 'settled';
}

/** From the webhook: the provider has reported something about the message; what, is in the tables. No answer. */
export const receiptArrivedSignal = defineSignal('receiptArrived');
