import { Context, getClient } from '@temporalio/activity';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { HandOver, HandOverResult, UncertainMessage } from '../../domain/delivery.ts';
import { deliveryWorkflowId } from '../../domain/ids.ts';
import type { InboundMessageId, ClinicId } from '../../domain/ids.ts';
import { type InboundOutcome, handleInbound } from '../../db/commands/messages/handle-inbound.ts';
import { asActivityResult } from '../refusal.ts';
import { type HandedOver, type MessagingDependencies, handOver } from './hand-over.ts';
import { type LookUp, lookUp } from './look-up.ts';

export type { MessagingDependencies } from './hand-over.ts';

/** What goes out to patients, what becomes of it, and what they write. */
export function messagingActivities(deps: MessagingDependencies) {
  return {
    /**
     * Says what is due about an appointment, if it is still true, allowed and useful. Twice is harmless: the step's key
     * finds what the first run committed, and what may have left is left to the delivery workflow.
     */
    sendNotification: async (input: HandOver): Promise<HandOverResult> => {
      const handed = await handOver(deps, input, { now: attemptTime(), by: 'appointment' });
      if (handed.result !== 'uncertain') return handed;
      await startDelivery({ ...input, messageId: handed.messageId });
      return { result: 'done' };
    },

    /** Asks whether an uncertain message is at the provider. Twice is harmless: it only writes down what it found. */
    lookUpMessage: (input: LookUp): Promise<'known' | 'lost'> => lookUp(deps, input, attemptTime()),

    /**
     * Says a lost message once more where its kind allows that, else tells staff. Twice is harmless: a try that was begun
     * is found and is uncertain again.
     */
    repeatMessage: (input: UncertainMessage): Promise<HandedOver> =>
      handOver(deps, input, { now: attemptTime(), by: 'delivery' }),

    /** Decides what an inbound text means and tells staff. Twice is harmless: it is marked as handled in one transaction. */
    handleInboundText: (input: {
      clinicId: ClinicId;
      inboundMessageId: InboundMessageId;
      now: number;
    }): Promise<InboundOutcome> => asActivityResult(handleInbound(deps.db, input)),
  };
}

/** The workflow's clock at this very try: quiet hours and usefulness are judged by it, after a wait too. */
function attemptTime(): number {
  return Context.current().info.currentAttemptScheduledTimestampMs;
}

const clinicIdAttribute = defineSearchAttributeKey('ClinicId', 'KEYWORD');

async function startDelivery(message: UncertainMessage): Promise<void> {
  await getClient().workflow.start('deliveryWorkflow', {
    workflowId: deliveryWorkflowId(message.clinicId, message.messageId),
    taskQueue: Context.current().info.taskQueue,
    args: [message],
    workflowIdConflictPolicy: 'USE_EXISTING',
    typedSearchAttributes: [{ key: clinicIdAttribute, value: message.clinicId }],
    staticSummary: `what became of a ${message.step.kind}`,
    staticDetails: `Appointment \`${message.appointmentId}\`, message \`${message.messageId}\``,
  });
}
