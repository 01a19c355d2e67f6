import { inClinic } from '../db/client.ts';
import type { Caller } from '../db/queries/api-key.ts';
import {
  type MovingVisit,
  type SoughtTimes,
  clashesWith,
  searchAlternatives,
  searchFreeTimes,
} from '../db/queries/free-times.ts';
import { type Slot, nearest } from '../domain/availability.ts';
import type { Actor } from '../domain/appointment.ts';
import type { PatientId, VisitTypeId } from '../domain/ids.ts';
import { ELAPSED_DAY, type Instant, type Interval } from '../domain/interval.ts';
import { isPatientsOnly } from './authentication.ts';
import type { ApiDeps } from './deps.ts';
import { notFound } from './problem.ts';

type Deps = Pick<ApiDeps, 'db' | 'now'>;
type Clinic = Pick<Caller, 'clinicId' | 'timeZone'>;
type Sought = Omit<SoughtTimes, 'timeZone' | 'now'>;

/** Free times as they are now; never in the past. */
export async function findFreeTimes(
  { db, now }: Deps,
  { clinicId, timeZone }: Clinic,
  sought: Sought & { visitTypeId: VisitTypeId },
): Promise<Slot[]> {
  const at = { timeZone, now: now() };
  const slots = await inClinic(db, clinicId, (tx) => searchFreeTimes(tx, { ...sought, ...at }));
  if (!slots) throw notFound();
  return slots;
}

/** Free times that a visit may move to: all of its length but the one that it has, and no time of another visit of the patient. */
export async function findAlternatives(
  { db, now }: Deps,
  { clinicId, timeZone }: Clinic,
  moving: MovingVisit,
  sought: Sought,
): Promise<Slot[]> {
  const at = { timeZone, now: now() };
  const slots = await inClinic(db, clinicId, (tx) => searchAlternatives(tx, moving, { ...sought, ...at }));
  if (!slots) throw notFound();
  return slots;
}

/** Up to five of them near the time that could not be had. */
export async function findNearbyAlternatives(
  deps: Deps,
  clinic: Clinic,
  moving: MovingVisit,
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
export function alternativesFinder(deps: Deps) {
  const answers = new Map<string, { until: Instant; slots: Promise<Slot[]> }>();

  return async (caller: Caller, { patientId = null, ...taken }: TakenTime): Promise<Slot[]> => {
    const range = around(taken.startsAt);
    try {
      const free = await freeAround(caller, taken, range);
      if (patientId === null) return nearest(free, taken.startsAt);
      const clashes = await inClinic(deps.db, caller.clinicId, (tx) => clashesWith(tx, { patientId }, range));
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
