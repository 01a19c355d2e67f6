import { Temporal } from 'temporal-polyfill';
import { ELAPSED_DAY, MINUTE } from './interval.ts';
import type { Instant, Interval } from './interval.ts';

/** A calendar date 'YYYY-MM-DD'; it names a day of the clinic's wall calendar, not 24 hours. */
export type LocalDate = string;
/** A wall-clock time 'HH:MM'; '24:00' is the midnight that ends a date. */
export type LocalTime = string;

/** A stretch of time in which the zone's distance from UTC stays the same. */
export interface OffsetSpan extends Interval {
  offset: number;
}

export interface LocalParts {
  /** 1 = Monday … 7 = Sunday. */
  weekday: number;
  day: number;
  month: number;
  year: number;
  hour: number;
  minute: number;
}

const weekdayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The spans met so far, per zone. A zone changes twice a year, so a few entries serve every question without the library. */
const knownSpans = new Map<string, OffsetSpan[]>();

function spanAt(instant: Instant, zone: string): OffsetSpan {
  let spans = knownSpans.get(zone);
  if (!spans) knownSpans.set(zone, (spans = []));
  let span = spans.find((known) => known.start <= instant && instant < known.end);
  if (!span) spans.push((span = readSpan(instant, zone)));
  return span;
}

function readSpan(instant: Instant, zone: string): OffsetSpan {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
  // `previous` is strictly before, so an instant that is itself a transition is asked for from one millisecond later.
  const previous = zoned.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
  return {
    start: previous?.epochMilliseconds ?? -Infinity,
    end: zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity,
    offset: zoned.offsetNanoseconds / 1e6,
  };
}

/** The zone's wall clock read as if it were UTC: arithmetic on it is arithmetic on the wall clock. */
function wallClock(instant: Instant, zone: string): Date {
  return new Date(instant + spanAt(instant, zone).offset);
}

/** The parts of an interval within which the zone's offset does not change, in order. */
export function offsetSpans(interval: Interval, zone: string): OffsetSpan[] {
  const spans: OffsetSpan[] = [];
  let start = interval.start;
  while (start < interval.end) {
    const { offset, end } = spanAt(start, zone);
    spans.push({ start, end: Math.min(end, interval.end), offset });
    start = end;
  }
  return spans;
}

/** Whether the name is an IANA time zone in its official spelling; fixed offsets such as '+02:00' are not. */
export function isZone(zone: string): boolean {
  if (!/^[A-Z]/.test(zone)) return false;
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone).timeZoneId === zone;
  } catch {
    return false;
  }
}

/** Whether the text is a date of the calendar, written 'YYYY-MM-DD'; the calendar has no year 0. */
export function isDate(text: string): text is LocalDate {
  return /^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text) && addDays(text, 0) === text;
}

export function localDate(instant: Instant, zone: string): LocalDate {
  return wallClock(instant, zone).toISOString().slice(0, 10);
}

export function localTime(instant: Instant, zone: string): LocalTime {
  return wallClock(instant, zone).toISOString().slice(11, 16);
}

/** The wall clock as numbers, for texts in any language. */
export function localParts(instant: Instant, zone: string): LocalParts {
  const wall = wallClock(instant, zone);
  return {
    weekday: wall.getUTCDay() || 7,
    day: wall.getUTCDate(),
    month: wall.getUTCMonth() + 1,
    year: wall.getUTCFullYear(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
  };
}

/** 1 = Monday … 7 = Sunday. */
export function weekday(date: LocalDate): number {
  return new Date(date).getUTCDay() || 7;
}

/** The date `days` later in the calendar, earlier where negative. */
export function addDays(date: LocalDate, days: number): LocalDate {
  const moved = new Date(Date.parse(date) + days * ELAPSED_DAY);
  return Number.isNaN(moved.getTime()) ? '' : moved.toISOString().slice(0, 10);
}

/** Minutes of the wall clock since midnight: '08:30' is 510. */
export function minutesOf(time: LocalTime): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/**
 * The instant at which the wall clock shows this date and time: the earlier one where the hour is doubled; where the time
 * is missing, the instant at which the clock jumps over it, with `exists` false. So a later time is never an earlier instant.
 */
export function atLocal(date: LocalDate, time: LocalTime, zone: string): { instant: Instant; exists: boolean } {
  return atWallClock(Date.parse(date) + minutesOf(time) * MINUTE, zone);
}

function atWallClock(wall: number, zone: string): { instant: Instant; exists: boolean } {
  const before = spanAt(wall - ELAPSED_DAY, zone);
  const after = spanAt(wall + ELAPSED_DAY, zone);
  const early = wall - Math.max(before.offset, after.offset);
  const late = wall - Math.min(before.offset, after.offset);
  for (const instant of [early, late]) {
    if (spanAt(instant, zone).offset === wall - instant) return { instant, exists: true };
  }
  return { instant: spanAt(early, zone).end, exists: false };
}

/** So many calendar days earlier (later where negative), at the same wall-clock time or at the one given. */
export function calendarDaysBefore(instant: Instant, days: number, zone: string, atTime?: LocalTime): Instant {
  const date = addDays(localDate(instant, zone), -days);
  if (atTime !== undefined) return atLocal(date, atTime, zone).instant;
  const wall = wallClock(instant, zone).getTime();
  return atWallClock(wall - days * ELAPSED_DAY, zone).instant;
}

/** "Thu 31 Dec 2026 13:00": English and fixed in form, for those who run the system. */
export function formatForOperators(instant: Instant, zone: string): string {
  const { weekday: day, day: dayOfMonth, month, year } = localParts(instant, zone);
  return `${weekdayNames[day - 1]} ${dayOfMonth} ${monthNames[month - 1]} ${year} ${localTime(instant, zone)}`;
}

const rfc3339 =
  /^(?<date>\d{4}-\d{2}-\d{2})T(?<time>([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?)(?<offset>Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/** Reads an RFC 3339 date-time, which must name its offset; digits beyond the millisecond are dropped. */
export function parseInstant(text: string): Instant | undefined {
  const { date, time, offset } = rfc3339.exec(text)?.groups ?? {};
  if (date === undefined || !isDate(date)) return undefined;
  return Date.parse(`${date}T${time}${offset}`.toUpperCase());
}

/** RFC 3339 in UTC ('…Z'), or with the offset of the zone given; milliseconds only where there are any. */
export function formatInstant(instant: Instant, zone?: string): string {
  const offset = zone === undefined ? 0 : spanAt(instant, zone).offset;
  const wall = new Date(instant + offset).toISOString().slice(0, -1).replace('.000', '');
  return zone === undefined ? `${wall}Z` : wall + formatOffset(offset / MINUTE);
}

function formatOffset(minutes: number): string {
  const distance = Math.abs(minutes);
  const twoDigits = (part: number) => String(Math.trunc(part)).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${twoDigits(distance / 60)}:${twoDigits(distance % 60)}`;
}
