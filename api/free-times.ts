import { inClinic } from '../db/client.ts';
import type { Caller } from '../db/queries/api-key.ts';
import { loadCalendars } from '../db/queries/availability.ts';
import { otherVisitsOf } from '../db/queries/appointments.ts';
import { type FreeTimesQuery, type Slot, freeTimes, nearest, patientWindow } from '../domain/availability.ts';
import type { Actor, Appointment } from '../domain/appointment.ts';
import { keepingLength } from '../domain/catalogue.ts';
import type { PatientId, ProviderId, VisitTypeId } from '../domain/ids.ts';
import { ELAPSED_DAY, type Instant, type Interval } from '../domain/interval.ts';
import { isPatientsOnly } from './authentication.ts';
import type { ApiDeps } from './deps.ts';
import { notFound } from './problem.ts';

export interface FreeTimesRequest {
  visitTypeId: VisitTypeId;
  providerId: ProviderId | undefined;
  range: Interval;
  /** Patients see only what they may book. */
  forPatients: boolean;
  limit?: number;
  after?: FreeTimesQuery['after'];
  /** A visit that is to move: it keeps its length, and its own time does not stand in its way. */
  moving?: Visit;
}

type Visit = Pick<Appointment, 'id' | 'startsAt' | 'endsAt' | 'visitTypeId' | 'providerId' | 'patientId'>;
type Clinic = Pick<Caller, 'clinicId' | 'timeZone'>;

/** Free times as they are now; never in the past. */
export async function findFreeTimes(
  { db, now }: Pick<ApiDeps, 'db' | 'now'>,
  { clinicId, timeZone }: Clinic,
  { visitTypeId, providerId, range, forPatients, limit, after, moving }: FreeTimesRequest,
): Promise<Slot[]> {
  const at = now();
  const query = { visitTypeId, providerId, range, timeZone, now: at, ...(moving && { except: moving.id }) };
  const found = await inClinic(db, clinicId, (tx) => loadCalendars(tx, query));
  if (!found) throw notFound();
  const { calendars } = found;
  const visitType = moving ? keepingLength(found.visitType, moving) : found.visitType;
  const possible = forPatients ? patientWindow(at, visitType, timeZone) : { start: at + 1, end: Infinity };
  const bookable = { start: Math.max(range.start, possible.start), end: Math.min(range.end, possible.end) };
  const page = { ...(limit !== undefined && { limit }), ...(after && { after }) };
  return freeTimes({ calendars, visitType, range: bookable, zone: timeZone, ...page });
}

/** Free times that a visit may move to: all of its length but the one that it has, and no time of another visit of the patient. */
export async function findAlternatives(
  deps: Pick<ApiDeps, 'db' | 'now'>,
  clinic: Clinic,
  moving: Visit,
  request: Omit<FreeTimesRequest, 'visitTypeId' | 'moving'>,
): Promise<Slot[]> {
  const { limit, range } = request;
  const isTaken = await clashesWith(deps, clinic, moving, range);
  const slots = await findFreeTimes(deps, clinic, {
    ...request,
    limit: Infinity,
    visitTypeId: moving.visitTypeId,
    moving,
  });
  const isOwn = (slot: Slot) => slot.startsAt === moving.startsAt && slot.providerId === moving.providerId;
  return slots.filter((slot) => !isOwn(slot) && !isTaken(slot)).slice(0, limit);
}

/** Tells of a slot whether the patient is to be here at that time for another visit than this one. */
async function clashesWith(
  { db }: Pick<ApiDeps, 'db'>,
  { clinicId }: Clinic,
  visit: Parameters<typeof otherVisitsOf>[1],
  range: Interval,
): Promise<(slot: Slot) => boolean> {
  if (visit.patientId === null) return () => false;
  const taken = await inClinic(db, clinicId, (tx) => otherVisitsOf(tx, visit, range));
  return (slot) => taken.some((other) => other.startsAt < slot.endsAt && slot.startsAt < other.endsAt);
}

/** Up to five of them near the time that could not be had. */
export async function findNearbyAlternatives(
  deps: Pick<ApiDeps, 'db' | 'now'>,
  clinic: Clinic,
  moving: Visit,
  { wanted, forPatients }: { wanted: Instant; forPatients: boolean },
): Promise<Slot[]> {
  const range = around(wanted);
  const slots = await findAlternatives(deps, clinic, moving, { providerId: undefined, range, forPatients });
  return nearest(slots, wanted);
}

export function seesAsPatient(caller: Caller, actor: Actor | undefined): boolean {
  return actor === 'patient' || actor === 'guardian' || isPatientsOnly(caller);
}

interface TakenTime {
  patientId?: PatientId | null | undefined;
  visitTypeId: VisitTypeId;
  startsAt: Instant;
  actor: Actor;
}

const REMEMBERED = 1_000;
const NEARBY = 7 * ELAPSED_DAY;

function around(instant: Instant): Interval {
  return { start: instant - NEARBY, end: instant + NEARBY };
}

/**
 * Up to five free times near one that is taken, none of them of another visit of the patient. For the many who lose a race
 * for one time the calendar is searched once a second: five hundred of them must not each do so.
 */
export function alternativesFinder(deps: Pick<ApiDeps, 'db' | 'now'>) {
  const answers = new Map<string, { until: Instant; slots: Promise<Slot[]> }>();

  return async (caller: Caller, { patientId = null, ...taken }: TakenTime): Promise<Slot[]> => {
    const range = around(taken.startsAt);
    try {
      const free = await freeAround(caller, taken, range);
      const clashes = await clashesWith(deps, caller, { patientId }, range);
      return nearest(
        free.filter((slot) => !clashes(slot)),
        taken.startsAt,
      );
    } catch {
      // The refusal stands whether or not something else can be offered.
      return [];
    }
  };

  function freeAround(caller: Caller, { visitTypeId, startsAt, actor }: TakenTime, range: Interval): Promise<Slot[]> {
    const at = deps.now();
    for (const [key, { until }] of answers) if (until <= at) answers.delete(key);
    const forPatients = seesAsPatient(caller, actor);
    const key = [caller.clinicId, visitTypeId, startsAt, forPatients].join(' ');
    const known = answers.get(key);
    if (known) return known.slots;
    const slots = findFreeTimes(deps, caller, { visitTypeId, providerId: undefined, range, forPatients });
    answers.set(key, { until: at + REMEMBERED, slots });
    return slots;
  }
}
