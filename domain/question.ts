import type { Instant } from './interval.ts';
import type { QuestionId } from './ids.ts';

/**
 * What a message may ask: whether a reserved time is taken (`confirm`), nothing but who cannot come (`attend`), who takes
 * an opening (`offer`), which of some times suits (`proposal`), whether a visit is really to be cancelled (`cancel`).
 */
export const questionKinds = ['confirm', 'attend', 'offer', 'proposal', 'cancel'] as const;
export type QuestionKind = (typeof questionKinds)[number];

/**
 * What an answer says: what a printed code stands for (a proposal has one for each of its times), or `decline`, which is said
 * in words alone: nothing of what was offered or proposed is wanted, or the visit is not to be cancelled.
 */
export const questionAnswers = [
  'confirm',
  'giveUp',
  'cannotCome',
  'take',
  'time1',
  'time2',
  'time3',
  'cancel',
  'decline',
] as const;
export type QuestionAnswer = (typeof questionAnswers)[number];

/** The answers that each question prints, in the order in which it prints them. */
export const answersOf: Record<QuestionKind, readonly QuestionAnswer[]> = {
  confirm: ['confirm', 'giveUp'],
  attend: ['cannotCome'],
  offer: ['take'],
  proposal: ['time1', 'time2', 'time3'],
  cancel: ['cancel'],
};

/** As many as there are answers to choose one. */
export const MOST_PROPOSED_TIMES = answersOf.proposal.length;

/** The answers that give up a visit which the patient had said yes to: the code of a reminder, and a yes to "cancel it?". */
export const sayCannotCome: readonly QuestionAnswer[] = ['cannotCome', 'cancel'];

/**
 * Whether an answer can still act: `unheard` is open, but its text has not left, or is said not to have arrived: only its
 * code, which proves the contrary, can act. `superseded` is about a time that the visit no longer has, `taken` went to somebody else, `over`
 * came to its end by itself.
 */
export type QuestionState = 'open' | 'unheard' | 'answered' | 'superseded' | 'taken' | 'over';

/** Something that this phone was asked in the last 30 days. */
export interface Question {
  id: QuestionId;
  kind: QuestionKind;
  /** The last time. */
  askedAt: Instant;
  /** Since when the phone may know of it; null: its text has not left, or certainly did not arrive. */
  knownSince: Instant | null;
  codes: readonly { code: string; answer: QuestionAnswer }[];
  state: QuestionState;
  /** Of an `answered` one; of one that has ended since, if it was answered before. */
  answeredAs: QuestionAnswer | null;
  /** We have asked back already which of several is meant; a second time nobody is asked. */
  isClarified: boolean;
}
