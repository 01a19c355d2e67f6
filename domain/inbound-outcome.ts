import type { ErrorCode } from './errors.ts';
import type { QuestionId } from './ids.ts';
import type { QuestionAnswer } from './question.ts';

/** How an inbound text was taken; `understand.ts` says when which. */
export const understandings = [
  'optOut',
  'optIn',
  'help',
  'answers',
  'declined',
  'confirmCancel',
  'which',
  'unclear',
  'courtesy',
  'staff',
] as const;

export const answerOutcomes = [
  'acting',
  'done',
  'handedOn',
  'refused',
  'repeated',
  'confirmOther',
  'superseded',
  'taken',
  'over',
] as const;

/**
 * What becomes of one answer: `acting` is under way, `done` has changed something, `handedOn` waits for its turn at the
 * opening, `refused` came too late or is not possible (and why); the others never acted.
 */
export interface AnswerOutcome {
  questionId: QuestionId;
  answer: QuestionAnswer;
  outcome: (typeof answerOutcomes)[number];
  code?: ErrorCode;
}
