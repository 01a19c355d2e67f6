import type { NotificationId } from './ids.ts';
import type { Instant } from './interval.ts';

/** A freed time while it is offered, and how that ended. */
export const openingStatuses = ['offering', 'filled', 'withdrawn', 'unfilled'] as const;
export type OpeningStatus = (typeof openingStatuses)[number];

/** Why there is an opening: a visit gave up its time, or staff want it filled. */
export const openingCauses = ['cancelled', 'moved', 'expired', 'manual'] as const;
export type OpeningCause = (typeof openingCauses)[number];

/**
 * One patient's chance at an opening: `planned` has not left yet, `gone` is over because the time is, `void` because the
 * patient wants no such texts any more or has got another time for the same wish, `lapsed` because the opening ended
 * without anybody.
 */
export const offerStatuses = [
  'planned',
  'asked',
  'undeliverable',
  'declined',
  'won',
  'gone',
  'void',
  'lapsed',
] as const;
export type OfferStatus = (typeof offerStatuses)[number];

/** The offers that may still be taken. */
export const liveOfferStatuses = ['planned', 'asked'] as const satisfies readonly OfferStatus[];

/** Why this patient was asked and when in the order: what staff see. Dates are the clinic's. */
export interface OfferReasons {
  waitingSince: string;
  isInCare: boolean;
  /** When the patient was offered anything before; null = never. */
  lastAskedOn: string | null;
  /** The start of the later visit that they would rather have earlier. */
  insteadOf: string | null;
}

/** What comes next in an opening's life: more patients are asked, the night ends, or it is too near to the time. */
export interface NextTurn {
  at: Instant;
  what: 'wave' | 'morning' | 'noticeLimit';
  /** The clinic's wall-clock time of `at`, for people who read the Temporal UI. */
  local: string;
}

/** How an opening stands, and what comes next. */
export interface OpeningSight {
  revision: number;
  wave: number;
  /** Null once it has ended. */
  next: NextTurn | null;
  /** In markdown, for operators: who (by reference) was asked and why, who answered when. No names, no numbers. */
  details: string;
}

/** What every step of an opening answers: how it stands, what is to be sent now, and what comes next. */
export interface OpeningTurn extends OpeningSight {
  status: OpeningStatus;
  statusReason: string | null;
  /** Planned messages that are to leave now: offers, or the word that the time is gone. */
  toSend: readonly NotificationId[];
}
