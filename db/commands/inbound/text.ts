import { and, eq, like, lt } from 'drizzle-orm';
import { createHash } from 'node:crypto';
import type { AnswerOutcome } from '../../../domain/inbound-outcome.ts';
import {
  type AppointmentId,
  type ClinicId,
  type InboundMessageId,
  type NotificationId,
  type OfferId,
  type OpeningId,
  type PatientId,
  type ProposalId,
  type QuestionId,
  type RequestId,
  asId,
  uuidOf,
} from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { QuestionAnswer } from '../../../domain/question.ts';
import type { ClinicTransaction } from '../../client.ts';
import { questionsById } from '../../queries/questions.ts';
import { inboundMessages, notifications, offers, openings, patients } from '../../schema/index.ts';

export type InboundText = typeof inboundMessages.$inferSelect;

/** An answer that is to be carried out, by the workflow that asked. */
export interface AnswerAction {
  questionId: QuestionId;
  answer: QuestionAnswer;
  /** The same for each run: a repeat is the same request. */
  requestId: RequestId;
  patientId: PatientId;
  appointmentId: AppointmentId | null;
  /** Of the time that was asked about: the answer is for no other. */
  version: number | null;
  offer: { openingId: OpeningId; offerId: OfferId } | null;
  proposalId: ProposalId | null;
  receivedAt: Instant;
}

/** What is left to do about a text: answers to carry out, replies to send. */
export interface InboundWork {
  understoodAs: NonNullable<InboundText['understoodAs']>;
  actions: readonly AnswerAction[];
  toSend: readonly NotificationId[];
  /** Openings that lost somebody by it, and are to ask others. */
  openingIds: readonly OpeningId[];
}

export const nothingToDo: InboundWork = { understoodAs: 'staff', actions: [], toSend: [], openingIds: [] };

/** The text, locked: one at a time decides what it means. */
export async function lockText(tx: ClinicTransaction, id: InboundMessageId): Promise<InboundText | undefined> {
  const [text] = await tx.select().from(inboundMessages).where(eq(inboundMessages.id, id)).for('no key update');
  return text;
}

/** What is still to be done about a text that has been understood, read from what was written down about it. */
export async function workLeft(tx: ClinicTransaction, text: InboundText, now: Instant): Promise<InboundWork> {
  const acting = (text.outcomes ?? []).filter(({ outcome }) => outcome === 'acting');
  const waiting = and(like(notifications.dedupeKey, `${replyKey(text.id)}%`), eq(notifications.status, 'planned'));
  const replies = await tx.select({ id: notifications.id }).from(notifications).where(waiting);
  return {
    understoodAs: text.understoodAs ?? 'staff',
    actions: acting.length === 0 ? [] : await actionsOf(tx, text, acting, now),
    toSend: replies.map(({ id }) => id),
    openingIds: text.understoodAs === 'optOut' ? await leftBy(tx, text.sender) : [],
  };
}

/** The openings in which this phone had an offer, and which have not heard that it has none any more. */
async function leftBy(tx: ClinicTransaction, phone: string): Promise<OpeningId[]> {
  const rows = await tx
    .selectDistinct({ id: openings.id })
    .from(offers)
    .innerJoin(openings, eq(openings.id, offers.openingId))
    .innerJoin(patients, eq(patients.id, offers.patientId))
    .where(and(eq(patients.mobile, phone), eq(offers.status, 'void'), lt(openings.seenRevision, openings.revision)));
  return rows.map(({ id }) => id);
}

/** What it takes to carry these answers out. */
export async function actionsOf(
  tx: ClinicTransaction,
  text: InboundText,
  acting: readonly AnswerOutcome[],
  now: Instant,
): Promise<AnswerAction[]> {
  const asked = await questionsById(
    tx,
    acting.map(({ questionId }) => questionId),
    now,
  );
  return acting.flatMap(({ questionId, answer }) => {
    const question = asked.find(({ id }) => id === questionId);
    if (!question) return [];
    const { patientId, appointmentId, version, offerId, proposalId } = question.subject;
    const { openingId } = question.offer ?? {};
    return {
      questionId,
      answer,
      requestId: requestIdOf(text, questionId),
      patientId,
      appointmentId,
      version,
      offer: offerId && openingId ? { openingId, offerId } : null,
      proposalId,
      receivedAt: text.receivedAt,
    };
  });
}

function requestIdOf({ clinicId, id }: InboundText, questionId: QuestionId): RequestId {
  return asId<RequestId>(uuidOf(createHash('sha256').update(`answer ${clinicId} ${id} ${questionId}`).digest()));
}

/** Each reply to a text has a key that begins so. */
export function replyKey(id: InboundMessageId): string {
  return `reply:${id}:`;
}

export interface HandledText {
  clinicId: ClinicId;
  inboundMessageId: InboundMessageId;
  now: Instant;
}
