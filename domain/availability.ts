import { addDays, atLocal, localDate, offsetSpans, weekday } from './clinic-time.ts';
import type { LocalDate } from './clinic-time.ts';
import type { Schedule, VisitLength, VisitType } from './catalogue.ts';
import { Refusal } from './errors.ts';
import { asId } from './ids.ts';
import type { ProviderId } from './ids.ts';
import { ELAPSED_DAY, intersect, MINUTE, subtract } from './interval.ts';
import type { Instant, Interval } from './interval.ts';

export interface Slot {
  providerId: ProviderId;
  startsAt: Instant;
  endsAt: Instant;
}

/** A provider's hours and the time that is taken from them, buffers included. */
export interface Calendar extends Schedule {
  providerId: ProviderId;
  occupied: readonly Interval[];
}

type Bookable = VisitLength & Pick<VisitType, 'gridMinutes'>;
type PatientRules = Pick<VisitType, 'minimumNoticeMinutes' | 'horizonDays'>;

export interface FreeTimesQuery {
  calendars: readonly Calendar[];
  visitType: Bookable;
  /** The free times start within it. */
  range: Interval;
  zone: string;
  /** Stop after so many. */
  limit?: number;
  /** The last one of the page before. */
  after?: Pick<Slot, 'providerId' | 'startsAt'>;
}

/** The time that a visit takes from its provider: the visit and its buffers. */
export function occupiedRange(startsAt: Instant, visitType: VisitLength): Interval {
  return {
    start: startsAt - visitType.bufferBeforeMinutes * MINUTE,
    end: startsAt + (visitType.durationMinutes + visitType.bufferAfterMinutes) * MINUTE,
  };
}

/** The provider's hours on these dates, both included: weekly ones and extra ones, without what is closed. */
export function openHours(schedule: Schedule, first: LocalDate, last: LocalDate, zone: string): Interval[] {
  const open: Interval[] = [];
  const closed: Interval[] = [];
  const on = (date: LocalDate, { opensAt, closesAt }: { opensAt: string; closesAt: string }): Interval => ({
    start: atLocal(date, opensAt, zone).instant,
    end: atLocal(date, closesAt, zone).instant,
  });
  for (let date = first; date <= last; date = addDays(date, 1)) {
    const day = weekday(date);
    open.push(...schedule.hours.filter((hours) => hours.weekday === day).map((hours) => on(date, hours)));
  }
  for (const exception of schedule.exceptions) {
    if (exception.date < first || exception.date > last) continue;
    (exception.kind === 'closed' ? closed : open).push(on(exception.date, exception));
  }
  return subtract(open, closed);
}

/** Every free time of the grid that starts within the range, ordered by start, then provider. */
export function freeTimes({ calendars, visitType, range, zone, limit = Infinity, after }: FreeTimesQuery): Slot[] {
  const length = visitType.durationMinutes * MINUTE;
  const wanted = after ? { start: Math.max(range.start, after.startsAt), end: range.end } : range;
  return [...calendars]
    .sort((a, b) => compareIds(a.providerId, b.providerId))
    .flatMap((calendar) => {
      const possible = possibleStarts(calendar, visitType, wanted, zone);
      // One more than asked for: the first may be the one that ended the page before.
      const starts = gridStarts(possible, visitType.gridMinutes, zone, limit + 1);
      return starts.map((startsAt) => ({ providerId: calendar.providerId, startsAt, endsAt: startsAt + length }));
    })
    .filter((slot) => !after || inOrder(after, slot) < 0)
    .sort(inOrder)
    .slice(0, limit);
}

/** The time in which the visit may start: inside the hours, and far enough from everything that occupies the provider. */
function possibleStarts(calendar: Calendar, visitType: VisitLength, range: Interval, zone: string): Interval[] {
  if (range.start >= range.end) return [];
  const length = visitType.durationMinutes * MINUTE;
  const [first, last] = [localDate(range.start, zone), localDate(range.end + length, zone)];
  // Instants are whole milliseconds: "up to and including the last possible start" ends one after it.
  const inHours = openHours(calendar, first, last, zone).map(({ start, end }) => ({ start, end: end - length + 1 }));
  const { start: before, end: behind } = occupiedRange(0, visitType);
  const blocked = calendar.occupied.map(({ start, end }) => ({ start: start - behind + 1, end: end - before }));
  return intersect(subtract(inHours, blocked), [range]);
}

/** The instants whose wall clock shows a multiple of the grid since local midnight; a doubled hour has them twice. */
function gridStarts(intervals: readonly Interval[], gridMinutes: number, zone: string, most: number): Instant[] {
  const grid = gridMinutes * MINUTE;
  const starts: Instant[] = [];
  for (const { start, end, offset } of intervals.flatMap((interval) => offsetSpans(interval, zone))) {
    let wall = nextOnGrid(start + offset, grid);
    for (; wall < end + offset && starts.length < most; wall = nextOnGrid(wall + 1, grid)) {
      starts.push(wall - offset);
    }
  }
  return starts;
}

function nextOnGrid(wall: number, grid: number): number {
  const midnight = Math.floor(wall / ELAPSED_DAY) * ELAPSED_DAY;
  return Math.min(midnight + Math.ceil((wall - midnight) / grid) * grid, midnight + ELAPSED_DAY);
}

/** When patients may book: from the minimum notice on, up to the whole of the last day of the horizon. */
export function patientWindow(now: Instant, rules: PatientRules, zone: string): Interval {
  const dayAfterHorizon = addDays(localDate(now, zone), rules.horizonDays + 1);
  return { start: now + rules.minimumNoticeMinutes * MINUTE, end: atLocal(dayAfterHorizon, '00:00', zone).instant };
}

export interface BookableQuery {
  schedule: Schedule;
  visitType: Bookable & PatientRules;
  startsAt: Instant;
  now: Instant;
  zone: string;
}

/**
 * Refuses with NOT_BOOKABLE a start that patients may not choose: too soon, too far, outside the hours, off the grid.
 * Whether the time is still free is not asked here: that is decided by the insert, and refused as SLOT_TAKEN.
 */
export function checkBookable({ schedule, visitType, startsAt, now, zone }: BookableQuery): void {
  const window = patientWindow(now, visitType, zone);
  if (startsAt < window.start) throw notBookable('is too soon: the clinic asks for more notice');
  if (startsAt >= window.end) throw notBookable('is too far ahead');
  const calendar = { ...schedule, providerId: nobody, occupied: [] };
  const range = { start: startsAt, end: startsAt + 1 };
  if (freeTimes({ calendars: [calendar], visitType, range, zone }).length === 0) {
    throw notBookable("is not one of the provider's times; ask for free times with GET /v1/availability");
  }
}

/** Of these free times the nearest to an instant, in their order; of two equally near the earlier. */
export function nearest(slots: readonly Slot[], around: Instant, count = 5): Slot[] {
  const distance = (slot: Slot) => Math.abs(slot.startsAt - around);
  return [...slots]
    .sort((a, b) => distance(a) - distance(b) || inOrder(a, b))
    .slice(0, count)
    .sort(inOrder);
}

const nobody = asId<ProviderId>('');

function notBookable(detail: string): Refusal {
  return new Refusal('NOT_BOOKABLE', `The time ${detail}.`, [{ pointer: '/startsAt', detail }]);
}

function inOrder(a: Pick<Slot, 'startsAt' | 'providerId'>, b: Pick<Slot, 'startsAt' | 'providerId'>): number {
  return a.startsAt - b.startsAt || compareIds(a.providerId, b.providerId);
}

function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
