import { eq, inArray } from 'drizzle-orm';
import type { AnswerOutcome } from '../../../domain/inbound-outcome.ts';
import type { Instant } from '../../../domain/interval.ts';
import { type ClinicTransaction, type Database, inClinic } from '../../client.ts';
import { questionsById } from '../../queries/questions.ts';
import { inboundMessages, questions } from '../../schema/index.ts';
import { lockRecipient } from '../notifications/recipient.ts';
import { tellAbout } from './consequences.ts';
import { type OtherTimesDue, otherTimesDue } from './other-times.ts';
import { type HandledText, type InboundText, type InboundWork, lockText, nothingToDo, workLeft } from './text.ts';

export interface FinishText extends HandledText {
  /** What became of the answers that were to be carried out. */
  outcomes: readonly AnswerOutcome[];
}

/** What is left when the answers have led to what they lead to. */
export interface FinishedWork extends InboundWork {
  /** Absent: nothing is proposed. */
  otherTimesDue?: readonly OtherTimesDue[];
}

/**
 * Writes down what the answers of a text led to, opens again the questions whose answer was refused, and plans replies and
 * tasks about them. Run again it answers the same.
 */
export async function finishText(
  db: Database,
  { clinicId, inboundMessageId, outcomes, now }: FinishText,
): Promise<FinishedWork> {
  return inClinic(db, clinicId, async (tx) => {
    const text = await lockText(tx, inboundMessageId);
    if (!text) return nothingToDo;
    if (text.handledAt !== null) return finished(tx, text, now);
    await lockRecipient(tx, text.sender);
    await openAgain(tx, outcomes);
    await tellOutcomes(tx, text, outcomes, now);
    const carriedOut = new Map(outcomes.map((outcome) => [outcome.questionId, outcome]));
    const all = (text.outcomes ?? []).map((earlier) => carriedOut.get(earlier.questionId) ?? earlier);
    const written = { outcomes: all, handledAt: now };
    await tx.update(inboundMessages).set(written).where(eq(inboundMessages.id, text.id));
    return finished(tx, { ...text, ...written }, now);
  });
}

async function finished(tx: ClinicTransaction, text: InboundText, now: Instant): Promise<FinishedWork> {
  const left = await workLeft(tx, text, now);
  const due = await otherTimesDue(tx, text, now);
  return due.length > 0 ? { ...left, otherTimesDue: due } : left;
}

async function openAgain(tx: ClinicTransaction, outcomes: readonly AnswerOutcome[]): Promise<void> {
  const without = outcomes.filter(({ outcome }) => outcome !== 'done' && outcome !== 'handedOn');
  if (without.length === 0) return;
  const ids = without.map(({ questionId }) => questionId);
  await tx.update(questions).set({ answeredAt: null, answeredAs: null }).where(inArray(questions.id, ids));
}

async function tellOutcomes(
  tx: ClinicTransaction,
  text: InboundText,
  outcomes: readonly AnswerOutcome[],
  now: Instant,
): Promise<void> {
  const asked = await questionsById(
    tx,
    outcomes.map(({ questionId }) => questionId),
    now,
  );
  for (const outcome of outcomes) {
    const question = asked.find(({ id }) => id === outcome.questionId);
    if (question) await tellAbout(tx, text, { outcome, question }, now);
  }
}
