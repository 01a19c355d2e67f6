import type { MessageKind } from '../../../../domain/plan.ts';

/** What we say by e-mail of one kind. Sparse as the text messages are, with `{{ clinic }}` and nothing else in it. */
export interface Letter {
  /** Seen by whoever looks at the phone: no time, no place, no reason. */
  subject: string;
  heading: string;
  lead: string;
  /** The name of the link to the patient's page. */
  button: string;
}

/** What all letters of one language share. */
export interface LetterWords {
  when: string;
  where: string;
  answerBy: string;
  /** The time that a move replaces. */
  insteadOf: string;
  /** With `{{ phone }}`. */
  call: string;
  automatic: string;
  /** The name of the entry in the patient's calendar, which others may see. */
  calendarEntry: string;
}

export interface Letters {
  words: LetterWords;
  letters: Record<MessageKind, Letter>;
}
