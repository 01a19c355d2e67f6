import { inClinic } from '../db/client.ts';
import type { Caller } from '../db/queries/api-key.ts';
import { loadCalendars } from '../db/queries/availability.ts';
import { type FreeTimesQuery, type Slot, freeTimes, nearest, patientWindow } from '../domain/availability.ts';
import type { Actor } from '../domain/appointment.ts';
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
}

/** Free times as they are now; never in the past. */
export async function findFreeTimes(
  { db, now }: Pick<ApiDeps, 'db' | 'now'>,
  { clinicId, timeZone }: Caller,
  { visitTypeId, providerId, range, forPatients, limit, after }: FreeTimesRequest,
): Promise<Slot[]> {
  const at = now();
  const found = await inClinic(db, clinicId, (tx) =>
    loadCalendars(tx, { visitTypeId, providerId, range, timeZone, now: at }),
  );
  if (!found) throw notFound();
  const { visitType, calendars } = found;
  const possible = forPatients ? patientWindow(at, visitType, timeZone) : { start: at + 1, end: Infinity };
  const bookable = { start: Math.max(range.start, possible.start), end: Math.min(range.end, possible.end) };
  const page = { ...(limit !== undefined && { limit }), ...(after && { after }) };
  return freeTimes({ calendars, visitType, range: bookable, zone: timeZone, ...page });
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
    const range = { start: startsAt - NEARBY, end: startsAt + NEARBY };
    const slots = findFreeTimes(deps, caller, { visitTypeId, providerId: undefined, range, forPatients }).then(
      (free) => nearest(free, startsAt),
      // The refusal stands whether or not something else can be offered.
      () => [],
    );
    answers.set(key, { until: at + REMEMBERED, slots });
    return slots;
  };
}
