import type { AnswerOutcome } from './inbound-outcome.ts';
import type { OfferStatus } from './opening.ts';
import type { QuestionKind } from './question.ts';
import type { TaskKind } from './task.ts';

/** How an answer that changed nothing is answered: `askAgain` and `confirmCancel` ask, the others tell. */
export type ReplyTo =
  | 'taken'
  | 'tooLate'
  | 'callUs'
  | 'repeated'
  | 'stands'
  | 'tooLateToCancel'
  | 'askAgain'
  | 'confirmCancel';

export interface Consequence {
  /** Null: something else tells, or there is nothing to tell. */
  reply: ReplyTo | null;
  task: TaskKind | null;
}

export interface AnsweredQuestion {
  kind: QuestionKind;
  /** Whether the visit that it is about is still to take place. */
  isVisitActive: boolean;
  /** Whether it is booked at the time that was asked about. */
  isConfirmed: boolean;
  /** Whether the answer before gives it up, which may be under way. */
  isGivenUp: boolean;
  /** Whether the phone is still the one at which the patient is reached: no other hears of a time that it does not know. */
  isPatientsPhone: boolean;
  /** Of a proposal: the patient's visit that would have moved, and is still to take place. */
  hasOwnVisit: boolean;
  offerStatus: OfferStatus | null;
  /** Of an offer that is gone: the word of it is on its way, or has left since this answer came. */
  isBeingTold: boolean;
}

/** What an answer leads to besides its effect: never silence, and nothing twice. */
export function consequenceOf(
  answer: Pick<AnswerOutcome, 'answer' | 'outcome' | 'code'>,
  about: AnsweredQuestion,
): Consequence {
  const only = (reply: ReplyTo | null): Consequence => ({ reply, task: null });
  switch (answer.outcome) {
    case 'done':
      // The message about the change is the reply; a no changes no visit, and some may wonder what has become of theirs.
      return only(answer.answer === 'decline' && (about.hasOwnVisit || about.kind === 'cancel') ? 'stands' : null);
    case 'acting':
    // The opening tells who won and who did not.
    case 'handedOn':
      return only(null);
    case 'repeated':
      // A visit that was confirmed, and has been cancelled since, is not "all we need".
      if (answer.answer === 'confirm' && !about.isVisitActive) return only('tooLate');
      // Who has taken an offer hears of it when its turn has come.
      return only(about.offerStatus === 'planned' || about.offerStatus === 'asked' ? null : 'repeated');
    case 'confirmOther':
      return only(about.isVisitActive && !about.isGivenUp ? 'confirmCancel' : 'callUs');
    case 'superseded':
      return askAgain(about);
    case 'taken':
      // That word is the answer.
      return only(about.isBeingTold ? null : 'taken');
    case 'over':
      return {
        reply: 'tooLate',
        task: answer.answer !== 'decline' && isMissedChance(about.offerStatus) ? 'lateAnswer' : null,
      };
    case 'refused':
      return ofRefusal(answer, about);
  }
}

/** The time is free again, and staff may still give it to who wanted it. */
function isMissedChance(offerStatus: OfferStatus | null): boolean {
  return offerStatus === 'lapsed' || offerStatus === 'undeliverable';
}

function askAgain({ isPatientsPhone }: AnsweredQuestion): Consequence {
  return isPatientsPhone ? { reply: 'askAgain', task: null } : { reply: 'callUs', task: 'inboundText' };
}

function ofRefusal({ answer, code }: Pick<AnswerOutcome, 'answer' | 'code'>, about: AnsweredQuestion): Consequence {
  const { kind, isVisitActive } = about;
  if (code === 'TOO_LATE_TO_CANCEL') return { reply: 'tooLateToCancel', task: 'lateCancel' };
  if (code === 'STAFF_ONLY') return { reply: 'callUs', task: 'lateCancel' };
  if (code === 'APPOINTMENT_EXPIRED' || code === 'APPOINTMENT_CLOSED') return { reply: 'tooLate', task: null };
  // The visit has changed under the answer: a reservation that was given up is a booked visit by now.
  if (code === 'ACTION_NOT_ALLOWED' && answer === 'giveUp' && about.isConfirmed) {
    return { reply: 'confirmCancel', task: null };
  }
  if (code === 'ACTION_NOT_ALLOWED' && kind !== 'proposal' && isVisitActive) return askAgain(about);
  return { reply: 'callUs', task: 'inboundText' };
}
