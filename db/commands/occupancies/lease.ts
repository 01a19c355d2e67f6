import { and, eq, lt, sql } from 'drizzle-orm';
import type { Reservation } from '../../../domain/appointment.ts';
import { checkBookable, occupiedRange } from '../../../domain/availability.ts';
import { addDays, localDate } from '../../../domain/clinic-time.ts';
import { type FieldError, Refusal } from '../../../domain/errors.ts';
import { type Instant, type Interval, MINUTE, SECOND } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { type VisitRules, loadSchedule, loadVisitRules, offersVisitType } from '../../queries/catalogue.ts';
import { occupancies, patients } from '../../schema/index.ts';
import { confirmByOf } from '../appointments/reserve.ts';
import { refusePatientOverlap } from './patient-overlap.ts';

/** Longer than the API waits for the reservation, so that a lease never lapses under a caller who is still waiting. */
const LEASE = 30 * SECOND;

export interface LeaseRequest extends Omit<Reservation, 'requestId' | 'notify'> {
  now: Instant;
}

/**
 * Claims the time for 30 seconds under the new appointment's id, so that only the winner of a race starts a workflow.
 * Refuses with SLOT_TAKEN, PATIENT_OVERLAP, NOT_BOOKABLE, CONFIRMATION_TIME_TOO_SHORT or VALIDATION_FAILED.
 */
export async function leaseTime(tx: ClinicTransaction, request: LeaseRequest): Promise<void> {
  const rules = await loadVisitRules(tx, request.visitTypeId);
  const during = rules && occupiedRange(request.startsAt, rules.visitType);
  // Asked before anything else: in a race for one time everybody but the winner stops here, without a lock.
  if (during && (await isTaken(tx, request, during))) throw slotTaken();

  const known = await refuseUnknown(tx, request, rules);
  await refuseByRules(tx, request, known);
  const endsAt = request.startsAt + known.visitType.durationMinutes * MINUTE;
  const visit = { ...request, id: request.appointmentId, endsAt, allowed: request.allowPatientOverlap };
  await refusePatientOverlap(tx, visit).catch(async (refusal: unknown) => {
    // The patient's other visit may be one that has taken this very time while we waited for the lock.
    throw during && (await isTaken(tx, request, during)) ? slotTaken() : refusal;
  });
  await occupy(tx, request, occupiedRange(request.startsAt, known.visitType));
}

async function isTaken(tx: ClinicTransaction, { providerId, now }: LeaseRequest, during: Interval): Promise<boolean> {
  const {
    rows: [row],
  } = await tx.execute<{ taken: boolean }>(sql`
    select exists (
      select from ${occupancies}
      where ${eq(occupancies.providerId, providerId)}
        and ${occupancies.during} && ${sql.param(during, occupancies.during)}
        and (${occupancies.leasedUntil} is null or ${occupancies.leasedUntil} >= ${sql.param(now, occupancies.leasedUntil)})
    ) as taken`);
  return row?.taken === true;
}

async function refuseUnknown(
  tx: ClinicTransaction,
  request: LeaseRequest,
  rules: VisitRules | undefined,
): Promise<VisitRules> {
  const errors: FieldError[] = [];
  const patient = await tx.select({ id: patients.id }).from(patients).where(eq(patients.id, request.patientId));
  if (patient.length === 0) errors.push({ pointer: '/patientId', detail: 'is no patient of this clinic' });
  if (!rules) errors.push({ pointer: '/visitTypeId', detail: 'is no visit type of this clinic' });
  if (!(await offersVisitType(tx, request.providerId, request.visitTypeId))) {
    errors.push({ pointer: '/providerId', detail: 'is no provider of this clinic who offers that visit type' });
  }
  if (!rules || errors.length > 0)
    throw new Refusal('VALIDATION_FAILED', 'The request names something that does not exist here.', errors);
  return rules;
}

async function refuseByRules(tx: ClinicTransaction, request: LeaseRequest, rules: VisitRules): Promise<void> {
  const { startsAt, now, actor, providerId } = request;
  const { timeZone, visitType, policy } = rules;
  if (startsAt <= now) {
    throw new Refusal('VALIDATION_FAILED', 'A visit can only be reserved ahead of time.', [
      { pointer: '/startsAt', detail: 'must lie in the future' },
    ]);
  }
  confirmByOf(request, timeZone, policy);
  if (actor === 'staff' || actor === 'office') return;
  const date = localDate(startsAt, timeZone);
  const schedule = await loadSchedule(tx, providerId, addDays(date, -1), addDays(date, 1));
  checkBookable({ schedule, visitType, startsAt, now, zone: timeZone });
}

async function occupy(
  tx: ClinicTransaction,
  { clinicId, providerId, appointmentId, now }: LeaseRequest,
  during: Interval,
): Promise<void> {
  await tx
    .delete(occupancies)
    .where(
      and(
        eq(occupancies.providerId, providerId),
        sql`${occupancies.during} && ${sql.param(during, occupancies.during)}`,
        lt(occupancies.leasedUntil, now),
      ),
    );
  const made = await tx
    .insert(occupancies)
    .values({ clinicId, providerId, ownerId: appointmentId, during, leasedUntil: now + LEASE })
    .onConflictDoNothing()
    .returning({ ownerId: occupancies.ownerId });
  if (made.length === 0) throw slotTaken();
}

function slotTaken(): Refusal {
  return new Refusal('SLOT_TAKEN', 'The time is taken; choose one of the free times nearby.');
}
