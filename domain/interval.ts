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

/** The same time with its intervals in order, apart from one another: overlapping and touching ones become one, empty ones none. */
export function normalise(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const { start, end } of intervals.filter(isNotEmpty).sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** The time that is in the first but not in the second, normalised. */
export function subtract(from: readonly Interval[], taken: readonly Interval[]): Interval[] {
  const holes = normalise(taken);
  const left: Interval[] = [];
  let first = 0;
  for (const { start, end } of normalise(from)) {
    let cursor = start;
    for (const hole of holes.slice(first)) {
      if (hole.start >= end) break;
      if (cursor < hole.start) left.push({ start: cursor, end: hole.start });
      cursor = Math.max(cursor, hole.end);
      if (hole.end <= end) first++;
    }
    if (cursor < end) left.push({ start: cursor, end });
  }
  return left;
}

/** The time that is in both, normalised. */
export function intersect(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  return subtract(a, subtract(a, b));
}

/** Whether two intervals share any time; intervals that only touch do not. */
export function overlaps(a: Interval, b: Interval): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Whether the whole of the inner interval lies within the outer one. */
export function contains(outer: Interval, inner: Interval): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function isNotEmpty({ start, end }: Interval): boolean {
  return start < end;
}
