import type { Instant } from '../../domain/interval.ts';
import type { MessageKind } from '../../domain/plan.ts';
import type { Question } from '../../domain/question.ts';
import type { Language } from '../../domain/spoken-time.ts';

/** What is to be said, before it has the form of a channel. */
export interface Saying {
  kind: MessageKind;
  language: Language;
  clinic: { name: string; address: string; phone: string; timeZone: string };
  /** The visits' starts, on one local day. */
  startsAt: readonly Instant[];
  /** The start that a move has replaced. */
  previousStartsAt: Instant | null;
  /** By when a question is to be answered. */
  confirmBy: Instant | null;
  /** Of the question about each of the visits, in their order; none where nothing is asked that a text can answer. */
  codes: readonly Question['codes'][];
  now: Instant;
}

/** Stands for the patient's link wherever the text is kept: only a digest of the token in it may be stored. */
export const LINK_PLACEHOLDER = '{link}';

/** The text with the links themselves, one for each placeholder. */
export function withLinks(body: string, links: readonly string[]): string {
  return links.reduce((filled, link) => filled.replace(LINK_PLACEHOLDER, () => link), body);
}
