/** A freed time while it is offered, and how that ended. */
export const openingStatuses = ['offering', 'filled', 'withdrawn', 'unfilled'] as const;
export type OpeningStatus = (typeof openingStatuses)[number];

/** Why there is an opening: a visit gave up its time, or staff want it filled. */
export const openingCauses = ['cancelled', 'moved', 'expired', 'manual'] as const;
export type OpeningCause = (typeof openingCauses)[number];

/**
 * One patient's chance at an opening: `planned` has not left yet, `gone` is over because the time is, `void` because the
 * patient wants no texts any more, `lapsed` because the opening ended without anybody.
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
