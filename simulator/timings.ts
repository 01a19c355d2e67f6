export interface Timings {
  /** Between one receipt and the next. */
  receiptMs: number;
  /** How long a second takes of those that a text is told to be late by. */
  secondMs: number;
  /** Before the one retry of a webhook whose connection failed. */
  retryMs: number;
  /** How long a webhook may take to answer. */
  answerMs: number;
}

export const defaultTimings: Timings = { receiptMs: 400, secondMs: 1_000, retryMs: 1_000, answerMs: 15_000 };
