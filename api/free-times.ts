import { inClinic } from '../db/client.ts';
import type { Caller } from '../db/queries/api-key.ts';
import { loadCalendars } from '../db/queries/availability.ts';
import { otherVisitsOf } from '../db/queries/appointments.ts';
import { type FreeTimesQuery, type Slot, freeTimes, nearest, patientWindow } from '../domain/availability.ts';
import type { Actor, Appointment } from '../domain/appointment.ts';
import { keepingLength } from '../domain/catalogue.ts';
import type { ProviderId, VisitTypeId } from '../domain/ids.ts';
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
  const taken = await inClinic(deps.db, clinic.clinicId, (tx) => otherVisitsOf(tx, moving, range));
  const slots = await findFreeTimes(deps, clinic, {
    ...request,
    limit: Infinity,
    visitTypeId: moving.visitTypeId,
    moving,
  });
  const isOwn = (slot: Slot) => slot.startsAt === moving.startsAt && slot.providerId === moving.providerId;
  const isTaken = (slot: Slot) => taken.some((visit) => visit.startsAt < slot.endsAt && slot.startsAt < visit.endsAt);
  return slots.filter((slot) => !isOwn(slot) && !isTaken(slot)).slice(0, limit);
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
 * Up to five free times near one that is taken. The many who lose a race for one time get the same answer, made once a
 * second: five hundred of them must not each search the calendar.
 */
export function alternativesFinder(deps: Pick<ApiDeps, 'db' | 'now'>) {
  const answers = new Map<string, { until: Instant; slots: Promise<Slot[]> }>();

  return (caller: Caller, { visitTypeId, startsAt, actor }: TakenTime): Promise<Slot[]> => {
    const at = deps.now();
    for (const [key, { until }] of answers) if (until <= at) answers.delete(key);
    const forPatients = seesAsPatient(caller, actor);
    const key = [caller.clinicId, visitTypeId, startsAt, forPatients].join(' ');
    const known = answers.get(key);
    if (known) return known.slots;
    const wanted = { visitTypeId, providerId: undefined, range: around(startsAt), forPatients };
    const slots = findFreeTimes(deps, caller, wanted).then(
      (free) => nearest(free, startsAt),
      // The refusal stands whether or not something else can be offered.
      () => [],
    );
    answers.set(key, { until: at + REMEMBERED, slots });
    return slots;
  };
}
