import type { MessageKind } from '../../../domain/plan.ts';

/** What may be answered by text message. */
export type CodedKind = Extract<MessageKind, 'ask' | 'nudge' | 'reminder'>;

/**
 * What we say by text message in one language. Sparse on purpose, since that somebody has an appointment is already
 * health data: clinic, time, place and how to answer. A carrier's own words (CANCEL, STOP, YES, START) never stand alone.
 */
export interface Texts extends Record<MessageKind, string> {
  /** With codes to reply with, from a sender that can be answered; of a visit that is booked moving it comes first. */
  coded: Record<CodedKind, string>;
}
