import type { ErrorCode } from './errors.ts';
import type { AppointmentId, QuestionId } from './ids.ts';
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

/** What became of one answer: done, handed to the opening, too late or not possible (and why), or not tried at all. */
export interface AnswerOutcome {
  questionId: QuestionId;
  answer: QuestionAnswer;
  outcome: 'done' | 'handedOn' | 'repeated' | 'askedBack' | 'superseded' | 'taken' | 'over' | 'refused';
  code?: ErrorCode;
  appointmentId?: AppointmentId;
}
