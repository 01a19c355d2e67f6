import { and, eq, gte, isNotNull } from 'drizzle-orm';
import type { Appointment, AppointmentStatus, Reservation, ReservationMode } from '../../../domain/appointment.ts';
import { checkConfirmBy, confirmByFor, holdConfirmBy } from '../../../domain/confirmation.ts';
import { Refusal } from '../../../domain/errors.ts';
import { type Instant, MINUTE } from '../../../domain/interval.ts';
import type { Changed } from '../../../domain/plan.ts';
import type { Change } from '../../../domain/reminder-plan.ts';
import { cancelUntil, moveUntil } from '../../../domain/self-service.ts';
import { type ClinicTransaction, type Database, inClinic } from '../../client.ts';
import type { VisitRules } from '../../queries/catalogue.ts';
import { appointments, auditEntries, occupancies } from '../../schema/index.ts';
import { refusePatientOverlap } from '../occupancies/patient-overlap.ts';
import { changedFrom, lockAppointment } from './change.ts';
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
 * Makes the leased time the appointment's own. Refuses with TEMPORARILY_UNAVAILABLE where the lease has lapsed, so that
 * nothing is booked that the caller has already given up; a second run answers with what the first one made.
 */
export async function reserveAppointment(db: Database, command: ReserveCommand): Promise<Changed> {
  const reserved = await inClinic(db, command.clinicId, async (tx) => {
    const existing = await lockAppointment(tx, command.appointmentId);
    if (existing) return changedFrom(existing);

    const rules = await rulesOf(tx, command);
    const { remind = true } = command;
    const { status, changed } = madeBy[command.mode];
    const appointment = newAppointment(command, status, rules);
    await refusePatientOverlap(tx, { ...appointment, allowed: command.allowPatientOverlap });

    const kept = await tx
      .update(occupancies)
      .set({ leasedUntil: null })
      .where(and(eq(occupancies.ownerId, command.appointmentId), gte(occupancies.leasedUntil, command.now)))
      .returning({ ownerId: occupancies.ownerId });
    if (kept.length === 0) return madeByAnother(tx, command);

    const plan = await planAfter(tx, { appointment, changed, notify: command.notify, remind, rules });
    await tx.insert(appointments).values({ ...appointment, plan, settledAt: command.now, isReminded: remind });
    await tx.insert(auditEntries).values({
      clinicId: command.clinicId,
      appointmentId: command.appointmentId,
      requestId: command.requestId,
      action: changed,
      actor: command.actor,
      at: command.now,
      after: appointment,
    });
    return { appointment, plan };
  });
  if (reserved === 'lapsed') throw lapsed();
  return reserved;
}

/**
 * A run of this command that was given up as too slow may have committed while this one waited. One that is slower still
 * must find nothing to keep once this one has refused, so the lapsed lease goes.
 */
async function madeByAnother(tx: ClinicTransaction, { appointmentId }: ReserveCommand): Promise<Changed | 'lapsed'> {
  await tx.delete(occupancies).where(and(eq(occupancies.ownerId, appointmentId), isNotNull(occupancies.leasedUntil)));
  const made = await lockAppointment(tx, appointmentId);
  return made ? changedFrom(made) : 'lapsed';
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

function lapsed(): Refusal {
  return new Refusal(
    'TEMPORARILY_UNAVAILABLE',
    'The time was not reserved in time; send the request again with the same key.',
  );
}
