import type { MessageKind } from '../../../domain/plan.ts';

/**
 * What we say by text message in one language. Sparse on purpose, since that somebody has an appointment is already
 * health data: clinic, time, place and how to answer. A carrier's own words (CANCEL, STOP, YES, START) never stand alone.
 */
export type Texts = Record<MessageKind, string>;
