import { getClient } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import { type Database, inClinic } from '../db/client.ts';
import { type FinishText, type FinishedWork, finishText } from '../db/commands/inbound/finish.ts';
import { resolveText } from '../db/commands/inbound/resolve.ts';
import type { AnswerAction, HandledText, InboundWork } from '../db/commands/inbound/text.ts';
import { type DeclineProposal, declineProposal } from '../db/commands/proposals/decline.ts';
import { recordRequest } from '../db/commands/requests/record.ts';
import { findAnswer } from '../db/queries/answer.ts';
import { questionsById } from '../db/queries/questions.ts';
import type { AnswerOutcome } from '../domain/inbound-outcome.ts';
import { type ClinicId, type InboundMessageId, openingWorkflowId } from '../domain/ids.ts';
import type { Instant } from '../domain/interval.ts';
import { cancelUpdate, confirmUpdate } from '../workflows/appointment/messages.ts';
import { offerAnsweredSignal } from '../workflows/opening/messages.ts';
import { type Asked, askAppointment } from './ask-appointment.ts';
import { takeProposedTime, tellProposal } from './proposal.ts';
import { asActivityResult } from './refusal.ts';

export interface CarryOut {
  clinicId: ClinicId;
  inboundMessageId: InboundMessageId;
  action: AnswerAction;
  now: Instant;
}

/** What patients write, and what comes of it. */
export function answerActivities(db: Database) {
  return {
    /** Decides what an inbound text means. Twice is harmless: what it meant the first time stands. */
    handleInboundText: (text: HandledText): Promise<InboundWork> => asActivityResult(resolveText(db, text)),

    /** Carries out one answer as page and API would. Twice is harmless: it is the same request, or an answer known by its text. */
    carryOutAnswer: async (input: CarryOut): Promise<AnswerOutcome> => {
      const { questionId, answer, offer, proposalId } = input.action;
      const answerTo = offer ? answerOffer : proposalId ? answerProposal : answerVisit;
      const result = await answerTo(db, input);
      return { questionId, answer, ...result };
    },

    /** Writes down what the answers led to. Twice is harmless: the first time stands. */
    finishInboundText: (text: FinishText): Promise<FinishedWork> => asActivityResult(finishText(db, text)),
  };
}

type Result = Pick<AnswerOutcome, 'outcome' | 'code'>;

/** In turn with the answers of others: the opening's workflow takes them one at a time. */
async function answerOffer(db: Database, { clinicId, inboundMessageId, action, now }: CarryOut): Promise<Result> {
  const { questionId, receivedAt } = action;
  const { openingId, offerId } = action.offer!;
  const answer = action.answer === 'decline' ? 'decline' : 'take';
  try {
    const opening = getClient().workflow.getHandle(openingWorkflowId(clinicId, openingId));
    await opening.signal(offerAnsweredSignal, { offerId, answer, inboundMessageId, receivedAt });
    return { outcome: 'handedOn' };
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    // It has ended since, and everybody's offer with it: nothing is left to decline.
    if (answer === 'decline') return { outcome: 'done' };
    const standing = await asActivityResult(inClinic(db, clinicId, (tx) => questionsById(tx, [questionId], now)));
    return { outcome: standing[0]?.state === 'taken' ? 'taken' : 'over' };
  }
}

/** The proposal's workflow hears of it last: until then its times are kept. */
async function answerProposal(db: Database, { clinicId, action, now }: CarryOut): Promise<Result> {
  const proposalId = action.proposalId!;
  if (action.answer === 'decline') return declineTimes(db, { clinicId, proposalId, now });
  const asked = await takeProposedTime(db, { clinicId, proposalId, action, now });
  const result = await resultOf(db, clinicId, action, asked);
  if (result.outcome === 'done') await tellProposal(clinicId, proposalId);
  if (isOutdated(result)) await declineTimes(db, { clinicId, proposalId, now });
  return result;
}

/** The visit has another time than the one that was to be replaced, or none: no time of the proposal can take its place. */
function isOutdated({ code }: Result): boolean {
  return code === 'ACTION_NOT_ALLOWED' || code === 'APPOINTMENT_CLOSED';
}

async function declineTimes(db: Database, proposal: DeclineProposal): Promise<Result> {
  const outcome = await asActivityResult(declineProposal(db, proposal));
  if (outcome !== 'declined') return { outcome: 'over' };
  await tellProposal(proposal.clinicId, proposal.proposalId);
  return { outcome: 'done' };
}

async function answerVisit(db: Database, { clinicId, action, now }: CarryOut): Promise<Result> {
  const { appointmentId, answer, requestId, version } = action;
  if (appointmentId === null) return { outcome: 'over' };
  const isConfirmed = answer === 'confirm';
  const record = { clinicId, id: requestId, action: isConfirmed ? 'confirm' : 'cancel', actor: 'patient' } as const;
  const details = { actorRef: null, reason: null, createdAt: now };
  await asActivityResult(inClinic(db, clinicId, (tx) => recordRequest(tx, { ...record, ...details })));
  const request = { requestId, actor: 'patient', hasReason: false, ...(version !== null && { version }) } as const;
  const target = { clinicId, appointmentId };
  const asked = isConfirmed
    ? await askAppointment(confirmUpdate, target, request)
    : await askAppointment(cancelUpdate, target, {
        ...request,
        notify: true,
        ...(answer === 'giveUp' && { ifPending: true }),
      });
  return resultOf(db, clinicId, action, asked);
}

async function resultOf(db: Database, clinicId: ClinicId, { requestId }: AnswerAction, asked: Asked): Promise<Result> {
  if (asked.outcome === 'done') return { outcome: 'done' };
  // What refused it may be its own effect, of a run that was cut off.
  const made = await asActivityResult(inClinic(db, clinicId, (tx) => findAnswer(tx, requestId)));
  if (made) return { outcome: 'done' };
  return { outcome: 'refused', code: asked.outcome === 'refused' ? asked.code : 'APPOINTMENT_CLOSED' };
}
