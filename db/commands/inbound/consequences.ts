import { eq } from 'drizzle-orm';
import type { AnswerOutcome } from '../../../domain/inbound-outcome.ts';
import { consequenceOf } from '../../../domain/inbound-consequence.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import type { AskedQuestion } from '../../queries/questions.ts';
import { messages, notifications } from '../../schema/index.ts';
import { addTask } from '../tasks/add.ts';
import { replyTo } from './reply.ts';
import type { InboundText } from './text.ts';

/** Plans what an answer leads to besides its effect: a reply to who gave it, a task for staff. */
export async function tellAbout(
  tx: ClinicTransaction,
  text: InboundText,
  { outcome, question }: { outcome: AnswerOutcome; question: AskedQuestion },
  now: Instant,
): Promise<void> {
  const { kind, visit, offer, ownStartsAt, mobile } = question;
  const { reply, task } = consequenceOf(outcome, {
    kind,
    isVisitActive: visit?.status === 'pending' || visit?.status === 'booked',
    isConfirmed: visit?.status === 'booked' && visit.version === question.subject.version,
    isGivenUp:
      question.answeredAs === 'giveUp' || question.answeredAs === 'cannotCome' || question.answeredAs === 'cancel',
    isPatientsPhone: mobile === text.sender,
    hasOwnVisit: ownStartsAt !== null,
    offerStatus: offer?.status ?? null,
    isBeingTold: offer?.status === 'gone' && (await isBeingTold(tx, question, text.receivedAt)),
  });
  if (reply) await replyTo(tx, text, { reply, question }, now);
  if (!task) return;
  const { appointmentId, patientId } = question.subject;
  const detail = { inboundMessageId: text.id, answer: outcome.answer, ...(outcome.code && { code: outcome.code }) };
  const dedupeKey = `inbound:${text.id}:${question.id}`;
  await addTask(tx, text.clinicId, { kind: task, dedupeKey, appointmentId, patientId, detail }, now);
}

/** A word that was held back, or lost, or read before the answer was written, answers nothing. */
async function isBeingTold(tx: ClinicTransaction, { subject }: AskedQuestion, answeredAt: Instant): Promise<boolean> {
  const told = await tx
    .select({ status: notifications.status, leftAt: messages.createdAt })
    .from(notifications)
    .leftJoin(messages, eq(messages.notificationId, notifications.id))
    .where(eq(notifications.dedupeKey, `offerGone:${subject.offerId}`));
  return told.some(({ status, leftAt }) => {
    if (status === 'planned' || status === 'sending') return true;
    return status === 'handedOver' && leftAt !== null && leftAt > answeredAt;
  });
}
