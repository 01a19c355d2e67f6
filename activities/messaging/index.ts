import { Context, getClient } from '@temporalio/activity';
import { WorkflowNotFoundError, defineSearchAttributeKey } from '@temporalio/common';
import { lookAtOpening } from '../../db/commands/openings/look.ts';
import type { DirectHandOver, HandOver, HandOverResult, UncertainMessage } from '../../domain/delivery.ts';
import { type ClinicId, type OpeningId, deliveryWorkflowId, openingWorkflowId } from '../../domain/ids.ts';
import { asActivityResult } from '../refusal.ts';
import { attemptTime } from '../attempt-time.ts';
import { type HandedOver, type MessagingDependencies, handOver } from './hand-over.ts';
import { type LookUp, lookUp } from './look-up.ts';
import { type AllSent, type SendDirects, sendAll } from './send-all.ts';

export type { MessagingDependencies } from './hand-over.ts';

/** What goes out to patients, and what becomes of it. */
export function messagingActivities(deps: MessagingDependencies) {
  return {
    /**
     * Says what is due about an appointment, if it is still true, allowed and useful. Twice is harmless: the step's key
     * finds what the first run committed, and what may have left is left to the delivery workflow.
     */
    sendNotification: (input: HandOver): Promise<HandOverResult> => send(deps, input),

    /**
     * Says what was planned by itself, under the same conditions; `later` is the earliest instant at which one of them is to be
     * tried again. Of offers it answers as well how their opening stands then. Twice is harmless: what is dealt with is skipped, so a second run takes up those that the provider was
     * too busy for.
     */
    sendDirects: async (input: SendDirects): Promise<AllSent> => {
      const sent = await sendAll(input, (one) => send(deps, one));
      const { clinicId, openingId } = input;
      if (!openingId) return sent;
      const look = lookAtOpening(deps.db, { clinicId, openingId, now: attemptTime() });
      return { ...sent, opening: await asActivityResult(look) };
    },

    /** Asks whether an uncertain message is at the provider. Twice is harmless: it only writes down what it found. */
    lookUpMessage: async (input: LookUp): Promise<'known' | 'lost'> => {
      const { found, opening } = await lookUp(deps, input, attemptTime());
      if (opening) await tellOpening(opening);
      return found;
    },

    /**
     * Says a lost message once more where its kind allows that, else tells staff. Twice is harmless: a try that was begun
     * is found and is uncertain again.
     */
    repeatMessage: (input: UncertainMessage): Promise<HandedOver> =>
      handOver(deps, input, { now: attemptTime(), by: 'delivery' }),
  };
}

async function send(deps: MessagingDependencies, input: HandOver | DirectHandOver): Promise<HandOverResult> {
  const handed = await handOver(deps, input, { now: attemptTime(), by: 'planner' });
  if (handed.result !== 'uncertain') return handed;
  await startDelivery({ ...input, messageId: handed.messageId });
  return { result: 'done' };
}

const clinicIdAttribute = defineSearchAttributeKey('ClinicId', 'KEYWORD');

async function startDelivery(message: UncertainMessage): Promise<void> {
  await getClient().workflow.start('deliveryWorkflow', {
    workflowId: deliveryWorkflowId(message.clinicId, message.messageId),
    taskQueue: Context.current().info.taskQueue,
    args: [message],
    workflowIdConflictPolicy: 'USE_EXISTING',
    typedSearchAttributes: [{ key: clinicIdAttribute, value: message.clinicId }],
    staticSummary: `what became of a ${'step' in message ? message.step.kind : 'message'}`,
    staticDetails: `${subjectOf(message)}, message \`${message.messageId}\``,
  });
}

function subjectOf(message: UncertainMessage): string {
  return 'step' in message ? `Appointment \`${message.appointmentId}\`` : `Notification \`${message.notificationId}\``;
}

async function tellOpening({ clinicId, openingId }: { clinicId: ClinicId; openingId: OpeningId }): Promise<void> {
  try {
    await getClient().workflow.getHandle(openingWorkflowId(clinicId, openingId)).signal('openingChanged');
  } catch (error) {
    // It has ended: nobody is asked any more.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
