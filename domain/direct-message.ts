import type { AppointmentId, FreeTextId, OfferId, ProposalId, QuestionId } from './ids.ts';
import type { Instant } from './interval.ts';
import type { QuestionAnswer, QuestionKind } from './question.ts';

/** What is said apart from the plan of a visit: about an opening, in answer to a text, or because staff say so. */
export const directKinds = ['offer', 'offerGone', 'reply', 'proposal', 'freeText'] as const;
export type DirectKind = (typeof directKinds)[number];

/** A question with its codes, as a reply lists it. */
export interface ListedQuestion {
  questionId: QuestionId;
  kind: QuestionKind;
  /** The visit or time that it is about; of a proposal the first. */
  startsAt: Instant;
  codes: readonly { code: string; answer: QuestionAnswer; startsAt?: Instant }[];
}

/**
 * What a text is answered with where nothing changed: `taken` and `tooLate` to late answers, `repeated` to one that was
 * given before, `stands` after a no to another time for a visit or to cancelling it, `callUs` where only the clinic can help,
 * `which` and `unclear` list codes, `confirmCancel` asks back whether a visit is to be cancelled, `superseded` asks again
 * because the visit has another time now.
 */
export type Reply =
  | { variant: 'optedOut' | 'optedIn' | 'help' | 'taken' | 'tooLate' | 'callUs' }
  | { variant: 'repeated' | 'stands' | 'tooLateToCancel'; startsAt: Instant }
  | { variant: 'which' | 'unclear' | 'superseded'; questions: readonly ListedQuestion[] }
  /** `appointmentId`: of the visit that its patient, whose phone it is, may move as well. */
  | { variant: 'confirmCancel'; questions: readonly [ListedQuestion]; appointmentId?: AppointmentId };

/** The facts of a direct message; ids, instants and our own number alone, the words are made when it is sent. */
export type DirectContent =
  | { kind: 'offer'; offerId: OfferId; startsAt: Instant; ownStartsAt: Instant | null }
  | { kind: 'offerGone'; offerId: OfferId; startsAt: Instant; ownStartsAt: Instant | null }
  | { kind: 'proposal'; proposalId: ProposalId; ownStartsAt: Instant | null; sendNow: boolean }
  | { kind: 'freeText'; freeTextId: FreeTextId; sendNow: boolean }
  /** `from`: our number that it answers for, which was written to, or which asked. */
  | ({ kind: 'reply'; from?: string } & Reply);
