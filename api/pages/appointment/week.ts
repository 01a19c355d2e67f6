import type { VisitPage } from '../../../db/queries/visit-page.ts';
import { patientWindow } from '../../../domain/availability.ts';
import { type LocalDate, addDays, atLocal, isDate, localDate, weekday } from '../../../domain/clinic-time.ts';
import type { ProviderId } from '../../../domain/ids.ts';
import type { Instant, Interval } from '../../../domain/interval.ts';
import type { ApiDeps } from '../../deps.ts';
import { findAlternatives } from '../../free-times.ts';

/** The times of one week, Monday to Sunday, to which a visit may move. Weeks are named by their Monday. */
export interface Week {
  first: LocalDate;
  days: readonly Day[];
  /** The weeks beside it, as far as patients may book. */
  earlier: LocalDate | null;
  later: LocalDate | null;
  /** Where this one has no time: the nearest later one that has, else the first. */
  elsewhere: LocalDate | null;
}

export interface Day {
  date: LocalDate;
  starts: readonly Instant[];
}

type Deps = Pick<ApiDeps, 'db' | 'now'>;

/** The week of the date wished for, or where none is, the best one to begin with: the visit's own, or the nearest with a time. */
export async function findWeek(deps: Deps, visit: VisitPage, wished: string | undefined): Promise<Week> {
  const { timeZone } = visit;
  const window = patientWindow(deps.now(), visit, timeZone);
  const [earliest, latest] = [monday(localDate(window.start, timeZone)), monday(localDate(window.end - 1, timeZone))];
  const isWished = wished !== undefined && isDate(wished);
  const around = monday(isWished ? wished : localDate(visit.startsAt, timeZone));
  const first = around < earliest ? earliest : around > latest ? latest : around;
  const week = await lookAt(deps, visit, first);
  const beside = {
    earlier: first > earliest ? addDays(first, -7) : null,
    later: first < latest ? addDays(first, 7) : null,
  };
  if (week.days.length > 0) return { ...week, ...beside, elsewhere: null };
  const elsewhere = await nearestWeek(deps, visit, first, window);
  return isWished || elsewhere === null ? { ...week, ...beside, elsewhere } : findWeek(deps, visit, elsewhere);
}

/** Who is free at that instant: the present provider, if possible. */
export async function findProvider(deps: Deps, visit: VisitPage, startsAt: Instant): Promise<ProviderId | undefined> {
  const slots = await alternatives(deps, visit, { start: startsAt, end: startsAt + 1 });
  return (slots.find((slot) => slot.providerId === visit.providerId) ?? slots[0])?.providerId;
}

/** The Monday of the week in which the instant lies at the clinic. */
export function weekOf(instant: Instant, zone: string): LocalDate {
  return monday(localDate(instant, zone));
}

async function lookAt(deps: Deps, visit: VisitPage, first: LocalDate): Promise<Pick<Week, 'first' | 'days'>> {
  const { timeZone } = visit;
  const [start, end] = [first, addDays(first, 7)].map((date) => atLocal(date, '00:00', timeZone).instant);
  const slots = await alternatives(deps, visit, { start: start ?? 0, end: end ?? 0 });
  // Who treats is not told, so each start is offered once, and the present one not at all.
  const starts = [...new Set(slots.map((slot) => slot.startsAt))].filter((startsAt) => startsAt !== visit.startsAt);
  const dates = [...new Set(starts.map((startsAt) => localDate(startsAt, timeZone)))];
  const days = dates.map((date) => ({
    date,
    starts: starts.filter((startsAt) => localDate(startsAt, timeZone) === date),
  }));
  return { first, days };
}

async function nearestWeek(
  deps: Deps,
  visit: VisitPage,
  first: LocalDate,
  window: Interval,
): Promise<LocalDate | null> {
  const end = atLocal(addDays(first, 7), '00:00', visit.timeZone).instant;
  const start = atLocal(first, '00:00', visit.timeZone).instant;
  for (const range of [
    { start: end, end: window.end },
    { start: window.start, end: start },
  ]) {
    const [slot] = range.start < range.end ? await alternatives(deps, visit, range, 1) : [];
    if (slot) return weekOf(slot.startsAt, visit.timeZone);
  }
  return null;
}

function alternatives(deps: Deps, visit: VisitPage, range: Interval, limit?: number) {
  const request = { providerId: undefined, range, forPatients: true, ...(limit !== undefined && { limit }) };
  return findAlternatives(deps, visit, visit, request);
}

function monday(date: LocalDate): LocalDate {
  return addDays(date, 1 - weekday(date));
}
