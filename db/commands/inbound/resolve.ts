import { eq, inArray } from 'drizzle-orm';
import type { AnswerOutcome } from '../../../domain/inbound-outcome.ts';
import type { InboundWord } from '../../../domain/inbound-words.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { QuestionAnswer } from '../../../domain/question.ts';
import { chooseLanguage } from '../../../domain/spoken-time.ts';
import {
  type Asked,
  type GivenAnswer,
  type Understanding,
  courseOf,
  latestOf,
  namesCodes,
  questionsMeant,
  understand,
} from '../../../domain/understand.ts';
import { type ClinicTransaction, type Database, inClinic } from '../../client.ts';
import { type AskedQuestion, kindsWritten, questionsById, questionsOfPhone } from '../../queries/questions.ts';
import { clinics, inboundMessages, questions } from '../../schema/index.ts';
import { lockRecipient } from '../notifications/recipient.ts';
import { markArrived } from '../offers/record-delivery.ts';
import { beganOptOut } from '../opt-outs/record.ts';
import { tellAbout } from './consequences.ts';
import { askBack, planReply, replyTo } from './reply.ts';
import { taskForStaff, taskOfOptOut } from './staff.ts';
import { type HandledText, type InboundText, type InboundWork, lockText, nothingToDo, workLeft } from './text.ts';

/**
 * Decides what a text means, once: writes that down with its reason, closes the questions that it answers, plans replies
 * and tasks, all in one transaction. Answers what is left to do; run again it answers the same.
 */
export async function resolveText(
  db: Database,
  { clinicId, inboundMessageId, now }: HandledText,
): Promise<InboundWork> {
  return inClinic(db, clinicId, async (tx) => {
    const text = await lockText(tx, inboundMessageId);
    if (!text) return nothingToDo;
    if (text.handledAt !== null || text.outcomes !== null) return workLeft(tx, text, now);
    // Two texts of one phone are read one after the other: the second finds what the first has answered.
    await lockRecipient(tx, text.sender);
    return workLeft(tx, await decide(tx, text, now), now);
  });
}

async function decide(tx: ClinicTransaction, text: InboundText, now: Instant): Promise<InboundText> {
  const known = await questionsOfPhone(tx, { sender: text.recipient, phone: text.sender, now });
  const asked = questionsMeant(text.body, known, { receivedAt: text.receivedAt, now });
  const understood = await understandText(tx, text, asked);
  const outcomes = await take(tx, text, understood, asked, now);
  const isActing = outcomes.some(({ outcome }) => outcome === 'acting');
  const { as: understoodAs, why: understoodWhy } = understood;
  const written = { understoodAs, understoodWhy, outcomes, handledAt: isActing ? null : now };
  await tx.update(inboundMessages).set(written).where(eq(inboundMessages.id, text.id));
  return { ...text, ...written };
}

/** A word of stop or start was honoured when the text was stored; all else is read by what the phone was asked. */
async function understandText(
  tx: ClinicTransaction,
  text: InboundText,
  asked: readonly AskedQuestion[],
): Promise<Understanding> {
  const { understoodAs, understoodWhy, body } = text;
  if (understoodAs === 'optOut' || understoodAs === 'optIn' || understoodAs === 'help') {
    return { as: understoodAs, why: understoodWhy ?? '' };
  }
  const known = {
    carrierSays: null,
    hasOptedOut: false,
    hasSaidMore: await hasSaidMore(tx, text, asked),
    language: await languageOf(tx, asked),
  };
  const read = (questionsToRead: readonly AskedQuestion[]) =>
    understand(body, { ...known, questions: questionsToRead });
  const understood = read(asked);
  // Who was asked back whether to cancel answers that, and not the reminder that came before.
  return understood.as === 'which' ? read(asked.filter((question) => !isAskedBack(question, asked))) : understood;
}

function isAskedBack({ kind, subject }: AskedQuestion, asked: readonly AskedQuestion[]): boolean {
  const isLater = (other: AskedQuestion) => other.kind === 'cancel' && other.state === 'open';
  return (
    kind !== 'cancel' && asked.some((other) => isLater(other) && other.subject.appointmentId === subject.appointmentId)
  );
}

/** What tells that a question is over. */
const endings: readonly string[] = ['offerGone', 'expired'];

/** Whether the phone had another text from us between the last question and its own text: of staff, or only the word of the end. */
async function hasSaidMore(
  tx: ClinicTransaction,
  { body, sender: phone, receivedAt: until }: InboundText,
  asked: readonly AskedQuestion[],
): Promise<NonNullable<Asked['hasSaidMore']>> {
  const [latest] = latestOf(asked);
  if (!latest || namesCodes(body)) return false;
  const said = await kindsWritten(tx, { phone, after: latest.askedAt, until });
  if (said.length === 0) return false;
  if (said.includes('freeText')) return 'byStaff';
  return said.every((kind) => endings.includes(kind)) ? 'theEnd' : true;
}

async function languageOf(tx: ClinicTransaction, asked: readonly AskedQuestion[]) {
  const theirs = new Set(asked.map(({ language }) => language));
  if (theirs.size !== 1) return null;
  const [clinic] = await tx.select({ languages: clinics.languages }).from(clinics);
  return chooseLanguage([...theirs, ...(clinic?.languages ?? [])]);
}

/** Writes down what follows from it at once; answers what became of each answer so far. */
async function take(
  tx: ClinicTransaction,
  text: InboundText,
  understood: Understanding,
  asked: readonly AskedQuestion[],
  now: Instant,
): Promise<AnswerOutcome[]> {
  const named = (ids: readonly string[]) => asked.filter(({ id }) => ids.includes(id));
  switch (understood.as) {
    case 'answers':
      return takeAnswers(tx, text, understood.answers, asked, now);
    case 'confirmCancel': {
      const [question] = named([understood.questionId]);
      if (question) await replyTo(tx, text, { reply: 'confirmCancel', question }, now);
      return [];
    }
    case 'which':
    case 'unclear': {
      const about = named(understood.questionIds);
      const asks = await askBack(tx, text, { variant: understood.as, about }, now);
      if (understood.as === 'unclear' || !asks) await taskForStaff(tx, text, now);
      if (understood.as === 'unclear') await answerClosed(tx, text, understood.named ?? [], asked, now);
      return [];
    }
    case 'staff':
      await taskForStaff(tx, text, now);
      return [];
    case 'optOut':
    case 'optIn':
    case 'help':
      await honour(tx, text, understood.as, now);
      return [];
    case 'declined':
      return takeAnswers(tx, text, [{ questionId: understood.questionId, answer: 'decline' }], asked, now);
    case 'courtesy':
      return [];
  }
}

/** Done when the text was stored; the carrier has answered its own words, and a stop is confirmed once. */
async function honour(tx: ClinicTransaction, text: InboundText, word: InboundWord, now: Instant): Promise<void> {
  if (word === 'optOut') await taskOfOptOut(tx, text, now);
  if (text.isCarriersWord) return;
  const { recipient, sender: phone, receivedAt } = text;
  if (word === 'optOut' && !(await beganOptOut(tx, { sender: recipient, phone }, receivedAt))) return;
  await planReply(tx, text, { reply: { variant: commandReplies[word] }, patientId: null }, now);
}

const commandReplies = { optOut: 'optedOut', optIn: 'optedIn', help: 'help' } as const;

async function takeAnswers(
  tx: ClinicTransaction,
  text: InboundText,
  answers: readonly GivenAnswer[],
  asked: readonly AskedQuestion[],
  now: Instant,
): Promise<AnswerOutcome[]> {
  const outcomes: AnswerOutcome[] = [];
  for (const { questionId, answer } of answers) {
    const named = asked.find(({ id }) => id === questionId);
    if (!named) continue;
    const question = await asHeard(tx, named, now);
    const course = courseOf(question, answer);
    if (course === 'act') {
      const answered = { answeredAt: now, answeredAs: answer };
      await tx
        .update(questions)
        .set(answered)
        .where(inArray(questions.id, [questionId]));
    }
    const outcome: AnswerOutcome = {
      questionId,
      answer,
      outcome: course === 'act' ? effectOf(question, answer) : course,
    };
    outcomes.push(outcome);
    if (outcome.outcome !== 'acting') await tellAbout(tx, text, { outcome, question }, now);
  }
  return outcomes;
}

/** A code whose question is closed is answered, whatever stands beside it. */
async function answerClosed(
  tx: ClinicTransaction,
  text: InboundText,
  answers: readonly GivenAnswer[],
  asked: readonly AskedQuestion[],
  now: Instant,
): Promise<void> {
  for (const given of answers) {
    const question = asked.find(({ id }) => id === given.questionId);
    const course = question ? courseOf(question, given.answer) : 'act';
    if (question && course !== 'act')
      await tellAbout(tx, text, { outcome: { ...given, outcome: course }, question }, now);
  }
}

/** A visit that is not to be cancelled stays as it is: nobody else has to do anything. */
function effectOf({ kind }: AskedQuestion, answer: QuestionAnswer): 'acting' | 'done' {
  return kind === 'cancel' && answer === 'decline' ? 'done' : 'acting';
}

/** Whoever sends the code has had the text, whatever the carrier says: the offer stands again, where it still can. */
async function asHeard(tx: ClinicTransaction, question: AskedQuestion, now: Instant): Promise<AskedQuestion> {
  const { id, state, subject } = question;
  if (state !== 'unheard' || !subject.offerId) return question;
  await markArrived(tx, subject.offerId);
  return (await questionsById(tx, [id], now))[0] ?? question;
}
