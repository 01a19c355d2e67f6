import { and, eq, gte, isNotNull } from 'drizzle-orm';
import type { Appointment, AppointmentStatus, Reservation, ReservationMode } from '../../../domain/appointment.ts';
import { occupiedRange } from '../../../domain/availability.ts';
import { keepingLength } from '../../../domain/catalogue.ts';
import { checkConfirmBy, confirmByFor, holdConfirmBy } from '../../../domain/confirmation.ts';
import { Refusal } from '../../../domain/errors.ts';
import type { OpeningId } from '../../../domain/ids.ts';
import { type Instant, type Interval, MINUTE } from '../../../domain/interval.ts';
import type { Changed } from '../../../domain/plan.ts';
import type { Change } from '../../../domain/reminder-plan.ts';
import { cancelUntil, moveUntil } from '../../../domain/self-service.ts';
import { type ClinicTransaction, type Database, inClinic } from '../../client.ts';
import type { VisitRules } from '../../queries/catalogue.ts';
import { appointments, auditEntries, occupancies } from '../../schema/index.ts';
import { refusePast } from '../occupancies/bookable.ts';
import { lockPatient, refusePatientOverlap } from '../occupancies/patient-overlap.ts';
import { type TakenTime, closeTakenOpenings } from '../openings/taken.ts';
import { changedBefore, changedWith, lockAppointment } from './change.ts';
import { type Claimed, settleClaim, takeClaim, takeKept, wasClaimedBy } from './claim.ts';
import { planAfter } from './plan.ts';
import { rulesOf } from './rules.ts';

export interface ReserveCommand extends Reservation {
  now: Instant;
}

const madeBy: Record<ReservationMode, { status: AppointmentStatus; changed: Change }> = {
  book: { status: 'booked', changed: 'booked' },
  hold: { status: 'held', changed: 'held' },
  preReserve: { status: 'pending', changed: 'preReserved' },
};

/**
 * Makes the leased time the appointment's own, or the one that is kept for the patient. Refuses with TEMPORARILY_UNAVAILABLE
 * where the lease has lapsed, so that nothing is booked that the caller has already given up, and with OPENING_CLOSED or
 * APPOINTMENT_EXPIRED where nothing is kept any more; a second run answers with what the first one made.
 */
export async function reserveAppointment(db: Database, command: ReserveCommand): Promise<Changed> {
  try {
    return await inClinic(db, command.clinicId, (tx) => reserveIn(tx, command));
  } catch (error) {
    if (!(error instanceof LapsedLease)) throw error;
  }
  const made = await inClinic(db, command.clinicId, (tx) => madeByAnother(tx, command));
  if (made) return made;
  throw lapsed();
}

/** Patients are locked before openings, and both before occupied times: so no two transactions wait for each other. */
async function reserveIn(tx: ClinicTransaction, command: ReserveCommand): Promise<Changed> {
  const { claim, now, notify, remind = true } = command;
  const existing = await findMade(tx, command);
  if (existing) return existing;

  const rules = await rulesOf(tx, command);
  const claimed = claim && (await takeClaim(tx, claim, { ...command, movesFrom: null }));
  const { status, changed } = madeBy[command.mode];
  const visitType = lengthOf(rules, claimed);
  const appointment = newAppointment(command, status, { ...rules, visitType });
  const during = claimed?.opening?.during ?? occupiedRange(command.startsAt, visitType);
  await refusePatientOverlap(tx, { ...appointment, allowed: command.allowPatientOverlap });
  const taken = claimed
    ? await takeClaimed(tx, command, claimed, during)
    : await takeLeased(tx, { ...command, during, policy: rules.policy });

  const isWon = claimed?.opening !== undefined;
  const plan = await planAfter(tx, { appointment, changed, notify, remind, isWon, rules });
  await store(tx, command, { appointment, plan }, changed);
  const settled = claimed ? await settleClaim(tx, claimed, appointment.id, now) : [];
  return changedWith({ appointment, plan }, [...taken, ...settled]);
}

/** What an earlier run has made. To look whether a claim has, is to lock the opening: so the patient is locked before. */
async function findMade(
  tx: ClinicTransaction,
  { appointmentId, patientId, claim }: ReserveCommand,
): Promise<Changed | undefined> {
  let made = await lockAppointment(tx, appointmentId);
  if (!made && claim) {
    if (patientId !== null) await lockPatient(tx, patientId);
    if (await wasClaimedBy(tx, claim, appointmentId)) made = await lockAppointment(tx, appointmentId);
  }
  return made && changedBefore(tx, made);
}

/** A visit that takes an opening's place is as long as that. */
function lengthOf({ visitType }: VisitRules, claimed: Claimed | undefined): VisitRules['visitType'] {
  return claimed?.opening ? keepingLength(visitType, claimed.opening) : visitType;
}

async function takeClaimed(
  tx: ClinicTransaction,
  { clinicId, providerId, appointmentId: ownerId, now, startsAt }: ReserveCommand,
  claimed: Claimed,
  during: Interval,
): Promise<OpeningId[]> {
  refusePast({ startsAt, now });
  return takeKept(tx, claimed, { clinicId, providerId, ownerId, during, now, leasedUntil: null });
}

/** Answers the openings that are over because their time is taken. */
async function takeLeased(tx: ClinicTransaction, leased: ReserveCommand & TakenTime): Promise<OpeningId[]> {
  const ended = await closeTakenOpenings(tx, leased);
  const kept = await tx
    .update(occupancies)
    .set({ leasedUntil: null })
    .where(and(eq(occupancies.ownerId, leased.appointmentId), gte(occupancies.leasedUntil, leased.now)))
    .returning({ ownerId: occupancies.ownerId });
  if (kept.length === 0) throw new LapsedLease();
  return ended;
}

async function store(
  tx: ClinicTransaction,
  { clinicId, appointmentId, requestId, actor, now, remind = true }: ReserveCommand,
  { appointment, plan }: Changed,
  action: Change,
): Promise<void> {
  await tx.insert(appointments).values({ ...appointment, plan, settledAt: now, isReminded: remind });
  await tx
    .insert(auditEntries)
    .values({ clinicId, appointmentId, requestId, action, actor, at: now, after: appointment });
}

/**
 * A run of this command that was given up as too slow may have committed while this one waited. One that is slower still
 * must find nothing to keep once this one has refused, so the lapsed lease goes.
 */
async function madeByAnother(tx: ClinicTransaction, { appointmentId }: ReserveCommand): Promise<Changed | undefined> {
  await tx.delete(occupancies).where(and(eq(occupancies.ownerId, appointmentId), isNotNull(occupancies.leasedUntil)));
  const made = await lockAppointment(tx, appointmentId);
  return made && changedBefore(tx, made);
}

function newAppointment(
  command: ReserveCommand,
  status: AppointmentStatus,
  { timeZone, visitType, policy }: VisitRules,
): Appointment {
  const { clinicId, appointmentId, patientId, providerId, visitTypeId, startsAt, now } = command;
  return {
    clinicId,
    id: appointmentId,
    status,
    statusReason: null,
    patientId,
    providerId,
    visitTypeId,
    startsAt,
    endsAt: startsAt + visitType.durationMinutes * MINUTE,
    confirmBy: confirmByOf(command, timeZone, policy),
    cancelUntil: cancelUntil(startsAt, policy),
    moveUntil: moveUntil(startsAt, policy),
    version: 1,
    revision: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/** When the reservation must be confirmed; null for a booking. Refuses one that leaves too little time to answer. */
export function confirmByOf(
  { mode, now, startsAt, confirmBy }: Pick<ReserveCommand, 'mode' | 'now' | 'startsAt' | 'confirmBy'>,
  timeZone: string,
  policy: VisitRules['policy'],
): Instant | null {
  if (mode === 'book') return null;
  if (mode === 'hold') return holdConfirmBy(now, policy);
  if (confirmBy === null) return confirmByFor(now, startsAt, timeZone, policy);
  checkConfirmBy(confirmBy, now, startsAt);
  return confirmBy;
}

/** There is nothing to keep: what was begun is rolled back. */
class LapsedLease extends Error {
  override readonly name = 'LapsedLease';
}

function lapsed(): Refusal {
  return new Refusal(
    'TEMPORARILY_UNAVAILABLE',
    'The time was not reserved in time; send the request again with the same key.',
  );
}
