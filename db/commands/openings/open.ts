import { randomUUID } from 'node:crypto';
import { and, desc, eq } from 'drizzle-orm';
import { addDays, formatInstant, localDate } from '../../../domain/clinic-time.ts';
import { type OpeningId, type ProviderId, asId } from '../../../domain/ids.ts';
import type { Instant, Interval } from '../../../domain/interval.ts';
import type { OpeningCause } from '../../../domain/opening.ts';
import { isLostToTheNight, isWithinHours, isWorthOffering, offerUntil } from '../../../domain/opening-rules.ts';
import type { ClinicTransaction } from '../../client.ts';
import { type VisitRules, loadSchedule, offersVisitType } from '../../queries/catalogue.ts';
import { offers, openings } from '../../schema/index.ts';
import type { AppointmentRow } from '../appointments/change.ts';
import { isFree, tryToOccupy } from '../occupancies/occupy.ts';
import { addTask } from '../tasks/add.ts';
import type { OpeningRow } from './lock.ts';

export interface Freed {
  /** The visit as it was, and the time that it took from its provider. */
  before: AppointmentRow;
  during: Interval | undefined;
  cause: Exclude<OpeningCause, 'manual'>;
  now: Instant;
  rules: VisitRules;
  /** False: staff do not want it offered. */
  isWanted: boolean;
  /** The depth of the opening that the visit moves to. */
  wonDepth?: number | undefined;
}

/**
 * Makes the time that a visit gives up an opening, if the rules say so and it is wholly free, in the transaction that frees
 * it. A time that was itself won by an offer goes back to those who were not asked then, or came too late, whether or not it
 * would be offered for the first time.
 */
export async function openFreedTime(tx: ClinicTransaction, freed: Freed): Promise<OpeningId[]> {
  const { before, during, cause, now, rules, isWanted, wonDepth } = freed;
  if (!isWanted || !during) return [];
  const reopened = await openingWonBy(tx, before);
  const depth = wonDepth === undefined ? (reopened?.depth ?? 0) : wonDepth + 1;
  const time = { startsAt: before.startsAt, cause, depth, now, isReopened: reopened !== undefined };
  const isOffered = isWorthOffering(time, rules);
  if (!isOffered && !isLostToTheNight(time, rules)) return [];
  if (!(await isOpenFor(tx, before, rules, reopened))) return [];
  if (!isOffered) {
    if (await isFree(tx, { providerId: before.providerId, during, now })) await tellOfNight(tx, before, now);
    return [];
  }
  const opening = newOpening({
    ...pick(before),
    during,
    cause,
    depth,
    reopensId: reopened?.id ?? null,
    appointmentId: before.id,
    patientId: before.patientId,
    offerUntil: offerUntil(before.startsAt, rules.policy.openings),
    createdAt: now,
  });
  return (await insertOpening(tx, opening, now)) ? [opening.id] : [];
}

/** The time is free at once; staff may still find somebody for it in the morning. */
async function tellOfNight(tx: ClinicTransaction, before: AppointmentRow, now: Instant): Promise<void> {
  const { clinicId, id, version, providerId, visitTypeId } = before;
  const detail = { providerId, visitTypeId, startsAt: formatInstant(before.startsAt), reason: 'night' };
  const dedupeKey = `openingUnfilled:${id}:v${version}`;
  await addTask(
    tx,
    clinicId,
    { kind: 'openingUnfilled', dedupeKey, appointmentId: null, patientId: null, detail },
    now,
  );
}

/** Whether the provider still offers such visits and is there at that time, or staff have offered it by hand. */
async function isOpenFor(
  tx: ClinicTransaction,
  visit: { providerId: ProviderId; startsAt: Instant; endsAt: Instant },
  { timeZone, visitType }: VisitRules,
  reopened: Won | undefined,
): Promise<boolean> {
  const { providerId, startsAt: start, endsAt: end } = visit;
  if (!(await offersVisitType(tx, providerId, visitType.id))) return false;
  if (reopened?.cause === 'manual') return true;
  const [first, last] = [localDate(start, timeZone), localDate(end, timeZone)];
  const schedule = await loadSchedule(tx, providerId, addDays(first, -1), last);
  return isWithinHours({ start, end }, schedule, timeZone);
}

type Won = Pick<OpeningRow, 'id' | 'depth' | 'cause'>;

/** The opening by whose offer the visit came to the very time that it has. */
async function openingWonBy(
  tx: ClinicTransaction,
  { id, startsAt, providerId }: AppointmentRow,
): Promise<Won | undefined> {
  const [won] = await tx
    .select({ id: openings.id, depth: openings.depth, cause: openings.cause })
    .from(offers)
    .innerJoin(openings, eq(openings.id, offers.openingId))
    .where(and(eq(offers.wonAppointmentId, id), eq(openings.startsAt, startsAt), eq(openings.providerId, providerId)))
    .orderBy(desc(openings.closedAt))
    .limit(1);
  return won;
}

type NewOpening = Omit<
  OpeningRow,
  'id' | 'status' | 'statusReason' | 'wave' | 'isReleased' | 'winnerOfferId' | 'revision' | 'seenRevision' | 'closedAt'
>;

/** An opening of which nobody knows yet. */
export function newOpening(time: NewOpening, id = asId<OpeningId>(randomUUID())): OpeningRow {
  const beginning = { status: 'offering', statusReason: null, wave: 0, isReleased: false } as const;
  return { ...time, ...beginning, id, winnerOfferId: null, revision: 1, seenRevision: 0, closedAt: null };
}

/** Takes the time and stores the opening; false, and nothing stored, where the time is not free. */
export async function insertOpening(tx: ClinicTransaction, opening: OpeningRow, now: Instant): Promise<boolean> {
  const { clinicId, providerId, id: ownerId, during } = opening;
  if (!(await tryToOccupy(tx, { clinicId, providerId, ownerId, during, now, leasedUntil: null }))) return false;
  await tx.insert(openings).values(opening);
  return true;
}

function pick({ clinicId, providerId, visitTypeId, startsAt, endsAt }: AppointmentRow) {
  return { clinicId, providerId, visitTypeId, startsAt, endsAt };
}
