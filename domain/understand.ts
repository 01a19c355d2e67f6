import { codesIn } from './answer-codes.ts';
import { type Reading, cleanText, readAnswer } from './answer-reading.ts';
import type { QuestionId } from './ids.ts';
import { type Carriage, type InboundWord, commandIn, isStartWord } from './inbound-words.ts';
import { ELAPSED_DAY, type Instant } from './interval.ts';
import type { Question, QuestionAnswer, QuestionState } from './question.ts';
import type { Language } from './spoken-time.ts';

export interface GivenAnswer {
  questionId: QuestionId;
  answer: QuestionAnswer;
}

/**
 * What a text means for us, with the reason that staff read. Only `answers` and `declined` may change something.
 * `confirmCancel`, `which` and `unclear` are asked back, `unclear` is shown to staff as well, with the answers that its codes
 * alone would have given; `declined` gives up what was offered or proposed, or leaves the visit as it is that we would have
 * cancelled.
 */
export type Understanding =
  | { as: InboundWord; why: string }
  | { as: 'answers'; answers: GivenAnswer[]; why: string }
  | { as: 'confirmCancel' | 'declined'; questionId: QuestionId; why: string }
  | { as: 'which'; questionIds: QuestionId[]; why: string }
  | { as: 'unclear'; questionIds: QuestionId[]; named?: GivenAnswer[]; why: string }
  | { as: 'courtesy' | 'staff'; why: string };

export interface Asked extends Carriage {
  /** What this phone was asked in the last 30 days, at this clinic. */
  questions: readonly Question[];
  /**
   * Something else was said to it after the last of them; `theEnd`: nothing but that what it was asked is over; `byStaff`: in
   * words of their own, which may have asked something too.
   */
  hasSaidMore?: boolean | 'theEnd' | 'byStaff';
  /** The language in which this phone is written to, where all its questions had the same. */
  language?: Language | null | undefined;
}

/** What a text means, given what its phone was asked: never more than what it says beyond doubt. */
export function understand(
  text: string,
  { questions, hasSaidMore = false, language = null, ...carriage }: Asked,
): Understanding {
  const command = commandIn(text, carriage);
  if (command) return command;
  const words = readAnswer(text, language);
  if (words.codes.length > 0) return understandCodes(words, questions);
  const open = questions.filter(({ state }) => state === 'open');
  const last = latestOf(questions);
  const hasHeardOfTheEnd = hasSaidMore === 'theEnd' && last.every(({ state }) => hasEnded.includes(state));
  const latest = hasSaidMore === false || hasHeardOfTheEnd ? last : [];
  if (open.length === 0) return understandUnasked(words, latest, hasHeardOfTheEnd);
  if (hasSaidMore === 'byStaff' && (words.says.has('yes') || saysNo(words))) {
    return { as: 'staff', why: 'an answer that may be meant for what staff wrote' };
  }
  return understandWords(isStartWord(text) && !saysYes(words) ? startWord : words, {
    open,
    last,
    latest,
    hasHeardOfTheEnd,
  });
}

/** The last that was asked: a reminder may ask about several visits at once. */
export function latestOf<One extends Pick<Question, 'askedAt'>>(questions: readonly One[]): One[] {
  const last = Math.max(...questions.map(({ askedAt }) => askedAt));
  return questions.filter(({ askedAt }) => askedAt === last);
}

/**
 * The questions that a text may be about. A code names its own. A yes or a no that was on its way when we first asked was
 * meant for something else; nor is it about cancelling where we asked that long ago, or something else since. The clock of a
 * visit may be ahead of ours: what it asked, it asked before.
 */
export function questionsMeant<One extends Pick<Question, 'kind' | 'askedAt' | 'knownSince'>>(
  text: string,
  asked: readonly One[],
  { receivedAt, now }: { receivedAt: Instant; now: Instant },
): One[] {
  if (namesCodes(text)) return [...asked];
  const isBefore = (at: Instant | null) => at !== null && (at <= receivedAt || at > now);
  const known = asked.filter(({ knownSince }) => isBefore(knownSince));
  const isLast = ({ askedAt }: One) => known.every((other) => other.askedAt <= askedAt || other.askedAt > now);
  const isInMind = (one: One) => receivedAt <= one.askedAt + IN_MIND_FOR && isLast(one);
  return known.filter((one) => one.kind !== 'cancel' || isInMind(one));
}

/** Whether a text says by a code what it is about, so that nothing else decides. */
export function namesCodes(text: string): boolean {
  return codesIn(cleanText(text)).length > 0;
}

/** How long a bare yes may be one to "shall we cancel it?". */
const IN_MIND_FOR = ELAPSED_DAY;

/** A start word of a phone that has not opted out agrees to what it was asked, and says no more than "ok". */
const startWord: Reading = { codes: [], says: new Set(['okay']), hasMistypedCode: false };

const saysYes = ({ says }: Reading) => says.has('yes') || says.has('okay');
/** "Ok" may be nothing but the word that somebody has read us. */
const isAcknowledgement = ({ says }: Reading) => says.has('okay') && !says.has('yes');
const saysNo = ({ says }: Reading) => says.has('no') || says.has('cannotCome');
const isDoubtful = ({ says }: Reading) => says.has('doubt') || says.has('other');
const idsOf = (questions: readonly Question[]) => questions.map(({ id }) => id);

/**
 * A text without codes where no question is open; `latest` is the last that we said, where it asked, and its end, of which
 * nobody has to be told again who does not want it.
 */
function understandUnasked(reading: Reading, latest: readonly Question[], hasHeardOfTheEnd: boolean): Understanding {
  const { says } = reading;
  if (says.size === 0) return { as: 'staff', why: 'a text without words' };
  if (isDoubtful(reading)) return { as: 'staff', why: 'free text, and no question is open' };
  const isThanks = Array.from(says).every((one) => one === 'courtesy' || one === 'okay');
  if (isThanks && (says.has('courtesy') || latest.length === 0 || hasHeardOfTheEnd)) {
    return { as: 'courtesy', why: 'nothing but courtesy' };
  }
  if (hasHeardOfTheEnd && saysNo(reading) && !saysYes(reading)) {
    return { as: 'courtesy', why: 'a no to what is over, as they have been told' };
  }
  return understandLate(reading, latest) ?? { as: 'staff', why: 'an answer, but no question is open' };
}

/** A plain yes or no where the last that we said was a question, and has ended. */
function understandLate(reading: Reading, latest: readonly Question[]): Understanding | null {
  const [question, ...others] = latest;
  const answer = question && others.length === 0 ? lateAnswer(reading, question) : undefined;
  if (!question || !answer) return null;
  return { as: 'answers', answers: [{ questionId: question.id, answer }], why: 'an answer to what is over' };
}

const hasEnded: readonly QuestionState[] = ['superseded', 'taken', 'over'];

const isUnanswered = ({ state, answeredAs }: Question) => hasEnded.includes(state) && answeredAs === null;

/** What it says to a question that has ended without an answer. */
function lateAnswer(reading: Reading, question: Question): QuestionAnswer | undefined {
  const { kind } = question;
  const [yes, no] = [reading.says.has('yes'), saysNo(reading)];
  if (!isUnanswered(question) || yes === no) return undefined;
  if (yes) return reading.says.has('regret') ? undefined : acceptanceOf(question);
  return kind === 'confirm' ? 'giveUp' : kind === 'attend' ? 'cannotCome' : 'decline';
}

function understandCodes(reading: Reading, questions: readonly Question[]): Understanding {
  const named = reading.codes.map((code) => findCode(code, questions));
  const known = named.filter((one) => one !== null);
  const open = questions.filter(({ state }) => state === 'open');
  const answers = known.map(({ question, answer }) => ({ questionId: question.id, answer }));
  const about = questions.filter((one) => known.some(({ question }) => question === one));
  if (known.length < named.length) {
    const meant = [...about, ...open.filter((one) => !about.includes(one))];
    const why = 'a code that this phone was not given';
    if (meant.length === 0) return { as: 'staff', why: `${why}, and no question is open` };
    return { as: 'unclear', questionIds: idsOf(meant), named: answers, why };
  }
  const doubt = doubtAbout(reading, known);
  if (doubt !== null) return { as: 'unclear', questionIds: idsOf(about), named: answers, why: doubt };
  return { as: 'answers', answers, why: `the code ${reading.codes.join(' and the code ')}` };
}

interface NamedAnswer {
  question: Question;
  answer: QuestionAnswer;
}

function findCode(code: string, questions: readonly Question[]): NamedAnswer | null {
  for (const question of questions) {
    const found = question.codes.find((one) => one.code === code);
    if (found) return { question, answer: found.answer };
  }
  return null;
}

/** Why the codes cannot be taken at their word. */
function doubtAbout(reading: Reading, named: readonly NamedAnswer[]): string | null {
  if (isDoubtful(reading)) return 'a code with other words or a question';
  if (new Set(named.map(({ question }) => question)).size < named.length) return 'two answers to one question';
  if (saysYes(reading) && (saysNo(reading) || named.some(({ answer }) => isRefusal(answer)))) {
    return 'a yes with something that says no';
  }
  const answers = named.map(({ answer }) => answer);
  if (saysNo(reading) && !answers.every(isRefusal)) return 'a no with a code that does not say no';
  const regretsIt = reading.says.has('regret') && !answers.every((one) => isRefusal(one) || one === 'cancel');
  return regretsIt ? 'regret with a code that does not say no' : null;
}

const isRefusal = (answer: QuestionAnswer) => answer === 'giveUp' || answer === 'cannotCome';

interface InMind {
  open: readonly Question[];
  /** The last that the phone was asked. */
  last: readonly Question[];
  /** The same, where it is also the last that we said, but for the word that it is over. */
  latest: readonly Question[];
  hasHeardOfTheEnd: boolean;
}

/** A text without codes from a phone that has been asked something. */
function understandWords(reading: Reading, inMind: InMind): Understanding {
  const { open, latest } = inMind;
  const [yes, no] = [saysYes(reading), saysNo(reading)];
  const isAnswer = yes || no;
  const isAbout = isAnswer || reading.says.has('doubt') || reading.says.has('regret') || reading.hasMistypedCode;
  const unclear = (why: string): Understanding => ({ as: 'unclear', questionIds: idsOf(open), why });
  if (isDoubtful(reading) && isAbout) return unclear('a doubt, a question, or an answer with other words');
  if (isDoubtful(reading)) return { as: 'staff', why: 'free text' };
  if (yes && no) return unclear('a yes and a no');
  // "Yes, sorry" is how one cancels.
  const isRegretted = reading.says.has('regret') && !open.every(({ kind }) => kind === 'cancel');
  if (yes && isRegretted) return unclear('a yes with regret');
  const isToLatest = open.some((one) => latest.includes(one));
  if (isAcknowledgement(reading) && !isToLatest) {
    return { as: 'courtesy', why: 'an acknowledgement, and the last that we said was no question' };
  }
  if (yes && open.every(({ kind }) => kind === 'attend')) return understandLate(reading, latest) ?? yesToReminder;
  if (isAnswer) return answerOpen(reading, inMind);
  if (isAbout) return unclear('regret without an answer');
  if (reading.says.has('courtesy')) return { as: 'courtesy', why: 'nothing but courtesy' };
  return { as: 'staff', why: 'a text without words' };
}

const yesToReminder = { as: 'courtesy', why: 'a yes to a reminder, which changes nothing' } as const;

function answerOpen(reading: Reading, { open, last, latest, hasHeardOfTheEnd }: InMind): Understanding {
  const isYes = saysYes(reading);
  const [question, ...others] = open;
  if (question && others.length === 0) {
    // What was asked later may be meant instead, as by a no to an offer that has lapsed.
    if (question.kind !== 'attend' && last.every((one) => one.kind !== 'attend' && isUnanswered(one))) {
      const late = isYes && !hasHeardOfTheEnd ? understandLate(reading, latest) : null;
      return late ?? askWhich(open, 'an answer that may be meant for what has ended since');
    }
    return isYes ? accept(question, reading) : refuse(question, reading);
  }
  return askWhich(open, isYes ? 'a yes, and several questions are open' : 'a no, and several questions are open');
}

function askWhich(open: readonly Question[], why: string): Understanding {
  if (open.every(({ isClarified }) => isClarified)) return { as: 'staff', why: `${why}; we have asked back once` };
  return { as: 'which', questionIds: idsOf(open), why };
}

const acceptances = { confirm: 'confirm', offer: 'take', cancel: 'cancel' } as const;

/** What a yes says; to a proposal the first of its times. */
function acceptanceOf({ kind, codes }: Question): QuestionAnswer | undefined {
  if (kind === 'attend') return undefined;
  return kind === 'proposal' ? codes[0]?.answer : acceptances[kind];
}

function accept(question: Question, reading: Reading): Understanding {
  const why = 'a yes to the one open question';
  const { id: questionId, kind, codes } = question;
  if (kind === 'cancel' && isAcknowledgement(reading)) {
    return { as: 'unclear', questionIds: [questionId], why: 'a mere acknowledgement, asked whether to cancel' };
  }
  const answer = acceptanceOf(question);
  if (answer === undefined || (kind === 'proposal' && codes.length > 1)) {
    return askWhich([question], 'a yes to a proposal of several times');
  }
  return { as: 'answers', answers: [{ questionId, answer }], why };
}

function refuse({ id: questionId, kind }: Question, { says }: Reading): Understanding {
  const why = 'a no to the one open question';
  if (kind === 'cancel' && says.has('cannotCome')) {
    return { as: 'unclear', questionIds: [questionId], why: 'somebody who cannot come, asked whether to cancel' };
  }
  if (kind === 'confirm') return { as: 'answers', answers: [{ questionId, answer: 'giveUp' }], why };
  // A bare no never cancels a booked visit.
  return { as: kind === 'attend' ? 'confirmCancel' : 'declined', questionId, why };
}

/** What becomes of an answer: only `act` changes something, all else is told to who gave it. */
export type AnswerCourse = 'act' | 'repeated' | 'confirmOther' | 'superseded' | 'taken' | 'over';

/** What becomes of an answer by the state of its question; another answer than the one given is asked back. */
export function courseOf({ state, answeredAs }: Question, answer: QuestionAnswer): AnswerCourse {
  if (state === 'open' || state === 'unheard') return 'act';
  if (state === 'answered') return answeredAs === answer ? 'repeated' : 'confirmOther';
  return state;
}
