import type { Reply } from '../../../../domain/direct-message.ts';
import type { QuestionAnswer } from '../../../../domain/question.ts';

/** What an answer does, in a list of codes; a proposed time is its own name, and no code says no. */
export type NamedAnswer = Exclude<QuestionAnswer, `time${number}` | 'decline'>;

/**
 * What we say in one language apart from a visit's plan, sparse for the same reasons. A list of codes comes in with the line
 * breaks before it; `own` is the time of a visit that the patient has.
 */
export interface DirectTexts {
  offer: string;
  /** Comes after it, where taking the time gives up the patient's own. */
  offerInsteadOf: string;
  offerGone: string;
  /** Comes after it, where the patient has a visit; or by itself. */
  ownStands: string;
  proposal: string;
  /** Comes after it, where a visit would move. */
  proposalInsteadOf: string;
  /** In place of `confirmCancel`, with a link to the page on which the visit can be moved. A yes to it is one to cancelling. */
  moveOrCancel: string;
  replies: Record<Exclude<Reply['variant'], 'stands'>, string>;
  answers: Record<NamedAnswer, string>;
  /** Of an e-mail that staff wrote. */
  freeTextSubject: string;
}
