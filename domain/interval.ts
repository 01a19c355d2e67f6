/** An instant as milliseconds since 1970-01-01T00:00Z, the only form in which time travels through the code. */
export type Instant = number;

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
/** Elapsed, not calendar: across a clock change a calendar day is 23 or 25 hours; see `clinic-time.ts`. */
export const ELAPSED_DAY = 24 * HOUR;

/** Half-open: `start` belongs to it, `end` does not. `start < end` always. */
export interface Interval {
  start: Instant;
  end: Instant;
}
