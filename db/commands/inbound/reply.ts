import { inArray } from 'drizzle-orm';
import type { DirectContent, ListedQuestion, Reply } from '../../../domain/direct-message.ts';
import type { ReplyTo } from '../../../domain/inbound-consequence.ts';
import type { PatientId } from '../../../domain/ids.ts';
import { type Instant, ELAPSED_DAY } from '../../../domain/interval.ts';
import type { QuestionKind } from '../../../domain/question.ts';
import type { ClinicTransaction } from '../../client.ts';
import { type AskedQuestion, listed } from '../../queries/questions.ts';
import { questions } from '../../schema/index.ts';
import { planDirect } from '../notifications/plan-direct.ts';
import { answeringSender } from '../notifications/recipient.ts';
import { askQuestion } from '../questions/ask.ts';
import { type InboundText, replyKey } from './text.ts';

/** An answer to a text helps while it is still in mind. */
const HELPS_FOR = ELAPSED_DAY;

/** Plans one reply to the phone that wrote; what is planned twice is said once. */
export async function planReply(
  tx: ClinicTransaction,
  text: InboundText,
  { reply, patientId, about }: { reply: Reply; patientId: PatientId | null; about?: AskedQuestion },
  now: Instant,
): Promise<void> {
  const { clinicId, id, sender, recipient: from } = text;
  const content: DirectContent = { kind: 'reply', from, ...reply };
  const { appointmentId = null, version } = about?.subject ?? {};
  await planDirect(tx, {
    clinicId,
    dedupeKey: `${replyKey(id)}${about?.id ?? reply.variant}`,
    content,
    patientId,
    address: sender,
    usefulUntil: now + HELPS_FOR,
    now,
    ...(appointmentId && { appointmentId, version: version ?? 1 }),
  });
}

/** Plans the reply to one answer that changed nothing. */
export async function replyTo(
  tx: ClinicTransaction,
  text: InboundText,
  { reply, question }: { reply: ReplyTo; question: AskedQuestion },
  now: Instant,
): Promise<void> {
  const { patientId } = question.subject;
  const say = (said: Reply) => planReply(tx, text, { reply: said, patientId, about: question }, now);
  if (reply === 'stands') return say({ variant: reply, startsAt: question.ownStartsAt ?? listed(question).startsAt });
  if (reply === 'repeated' || reply === 'tooLateToCancel') {
    return say({ variant: reply, startsAt: listed(question).startsAt });
  }
  if (reply !== 'askAgain' && reply !== 'confirmCancel') return say({ variant: reply });
  const kind = reply === 'confirmCancel' ? 'cancel' : question.visit?.status === 'pending' ? 'confirm' : 'attend';
  const asked = await askAbout(tx, text, question, kind, now);
  if (reply === 'askAgain') return say({ variant: 'superseded', questions: [asked] });
  const { subject, visit, mobile } = question;
  const mayMove = mobile === text.sender && visit?.moveUntil != null && now <= visit.moveUntil;
  const { appointmentId } = subject;
  return say({ variant: reply, questions: [asked], ...(mayMove && appointmentId && { appointmentId }) });
}

/** Asks about the visit as it is now. */
async function askAbout(
  tx: ClinicTransaction,
  { clinicId, recipient, sender: phone }: InboundText,
  question: AskedQuestion,
  kind: QuestionKind,
  now: Instant,
): Promise<ListedQuestion> {
  const { patientId, appointmentId } = question.subject;
  const version = question.visit?.version ?? null;
  const sender = (await answeringSender(tx, recipient)) ?? recipient;
  const { id, codes } = await askQuestion(tx, {
    clinicId,
    sender,
    phone,
    kind,
    patientId,
    appointmentId,
    version,
    now,
  });
  return listed({ ...question, id, kind, codes });
}

/** Asks back which of these is meant, once: who has been asked so about all of them is left to staff. Answers whether it asks. */
export async function askBack(
  tx: ClinicTransaction,
  text: InboundText,
  { variant, about }: { variant: 'which' | 'unclear'; about: readonly AskedQuestion[] },
  now: Instant,
): Promise<boolean> {
  const open = about.filter(({ state }) => state === 'open' || state === 'unheard');
  const [first] = open;
  if (!first || open.every(({ isClarified }) => isClarified)) return false;
  // To another number of ours than the one that asked their codes mean nothing.
  if ((await answeringSender(tx, text.recipient)) !== text.recipient) return false;
  const ids = open.map(({ id }) => id);
  await tx.update(questions).set({ clarifiedAt: now }).where(inArray(questions.id, ids));
  const patients = new Set(open.map(({ subject }) => subject.patientId));
  const patientId = patients.size === 1 ? first.subject.patientId : null;
  await planReply(tx, text, { reply: { variant, questions: open.map(listed) }, patientId }, now);
  return true;
}
