import { type FreeTimesQuery, type Slot, freeTimes, patientWindow } from '../../domain/availability.ts';
import type { Appointment } from '../../domain/appointment.ts';
import { keepingLength } from '../../domain/catalogue.ts';
import type { ProviderId, VisitTypeId } from '../../domain/ids.ts';
import type { Instant, Interval } from '../../domain/interval.ts';
import type { ClinicTransaction } from '../client.ts';
import { otherVisitsOf } from './appointments.ts';
import { loadCalendars } from './availability.ts';

/** When and where free times are looked for. */
export interface SoughtTimes {
  /** Undefined: everybody who offers the visit type. */
  providerId: ProviderId | undefined;
  range: Interval;
  timeZone: string;
  now: Instant;
  /** Patients see only what they may book. */
  forPatients: boolean;
  limit?: number;
  after?: FreeTimesQuery['after'];
}

/** A visit that is to move: it keeps its length, and its own time does not stand in its way. */
export type MovingVisit = Pick<Appointment, 'id' | 'startsAt' | 'endsAt' | 'visitTypeId' | 'providerId' | 'patientId'>;

export interface SoughtOfType extends SoughtTimes {
  visitTypeId: VisitTypeId;
  moving?: MovingVisit;
}

/** Free times as they are now, by start, then provider; never in the past. Undefined: no such visit type or provider. */
export async function searchFreeTimes(tx: ClinicTransaction, sought: SoughtOfType): Promise<Slot[] | undefined> {
  const { visitTypeId, providerId, range, timeZone, now, forPatients, limit, after, moving } = sought;
  const query = { visitTypeId, providerId, range, timeZone, now, ...(moving && { except: moving.id }) };
  const found = await loadCalendars(tx, query);
  if (!found) return undefined;
  const visitType = moving ? keepingLength(found.visitType, moving) : found.visitType;
  const possible = forPatients ? patientWindow(now, visitType, timeZone) : { start: now + 1, end: Infinity };
  const bookable = { start: Math.max(range.start, possible.start), end: Math.min(range.end, possible.end) };
  const page = { ...(limit !== undefined && { limit }), ...(after && { after }) };
  return freeTimes({ calendars: found.calendars, visitType, range: bookable, zone: timeZone, ...page });
}

/** Free times that a visit may move to: all of its length but the one that it has, and no time of another visit of the patient. */
export async function searchAlternatives(
  tx: ClinicTransaction,
  moving: MovingVisit,
  sought: SoughtTimes,
): Promise<Slot[] | undefined> {
  const { limit, range } = sought;
  const { visitTypeId } = moving;
  const isTaken = await clashesWith(tx, moving, range);
  const slots = await searchFreeTimes(tx, { ...sought, limit: Infinity, visitTypeId, moving });
  const isOwn = (slot: Slot) => slot.startsAt === moving.startsAt && slot.providerId === moving.providerId;
  return slots?.filter((slot) => !isOwn(slot) && !isTaken(slot)).slice(0, limit);
}

/** Tells of a slot whether the patient is to be here at that time for another visit than this one, or for any where there is none yet. */
export async function clashesWith(
  tx: ClinicTransaction,
  visit: Parameters<typeof otherVisitsOf>[1],
  range: Interval,
): Promise<(slot: Slot) => boolean> {
  const taken = await otherVisitsOf(tx, visit, range);
  return (slot) => taken.some((other) => other.startsAt < slot.endsAt && slot.startsAt < other.endsAt);
}
