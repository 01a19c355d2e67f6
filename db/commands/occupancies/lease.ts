import { eq, sql } from 'drizzle-orm';
import type { Reservation } from '../../../domain/appointment.ts';
import { occupiedRange } from '../../../domain/availability.ts';
import { type FieldError, Refusal } from '../../../domain/errors.ts';
import type { PatientId } from '../../../domain/ids.ts';
import { type Instant, type Interval, MINUTE, SECOND } from '../../../domain/interval.ts';
import { takesOpenings } from '../../../domain/opening-rules.ts';
import type { ClinicTransaction } from '../../client.ts';
import { type VisitRules, loadVisitRules, offersVisitType } from '../../queries/catalogue.ts';
import { occupancies, openings, patients } from '../../schema/index.ts';
import { confirmByOf } from '../appointments/reserve.ts';
import { refuseByRules } from './bookable.ts';
import { type Displaced, isOfOpening, occupy, slotTaken } from './occupy.ts';
import { refusePatientOverlap } from './patient-overlap.ts';

/** Longer than the API waits for the reservation, so that a lease never lapses under a caller who is still waiting. */
const LEASE = 30 * SECOND;

export interface LeaseRequest extends Omit<Reservation, 'requestId' | 'notify' | 'remind' | 'claim'> {
  holder: string | null;
  now: Instant;
}

/**
 * Claims the time for 30 seconds under the new appointment's id, so that only the winner of a race starts a workflow.
 * Refuses with SLOT_TAKEN, PATIENT_OVERLAP, NOT_BOOKABLE, CONFIRMATION_TIME_TOO_SHORT or VALIDATION_FAILED.
 */
export async function leaseTime(tx: ClinicTransaction, request: LeaseRequest): Promise<void> {
  const rules = await loadVisitRules(tx, request.visitTypeId);
  const wanted = rules && {
    ...request,
    during: occupiedRange(request.startsAt, rules.visitType),
    over: takesOpenings(request.actor, rules.policy),
  };
  // Asked before anything else: in a race for one time everybody but the winner stops here, without a lock.
  if (wanted && (await isTaken(tx, wanted))) throw slotTaken();

  const known = await refuseUnknown(tx, request, rules);
  await refuseByRules(tx, request, known);
  // The reservation computes it again, by its own clock: here it only refuses early.
  confirmByOf(request, known.timeZone, known.policy);
  const endsAt = request.startsAt + known.visitType.durationMinutes * MINUTE;
  const visit = { ...request, id: request.appointmentId, endsAt, allowed: request.allowPatientOverlap };
  await refusePatientOverlap(tx, visit).catch(async (refusal: unknown) => {
    // The patient's other visit may be one that has taken this very time while we waited for the lock.
    throw wanted && (await isTaken(tx, wanted)) ? slotTaken() : refusal;
  });
  const { clinicId, providerId, appointmentId: ownerId, now, holder } = request;
  const occupation = { clinicId, providerId, ownerId, now, leasedUntil: now + LEASE, holder };
  const during = occupiedRange(request.startsAt, known.visitType);
  await occupy(tx, { ...occupation, during, over: takesOpenings(request.actor, known.policy) });
}

interface WantedTime extends Pick<LeaseRequest, 'providerId' | 'now'> {
  during: Interval;
  over: Exclude<Displaced, 'none'>;
}

/** An opening keeps patients off also while a lease that came to nothing has its place. */
async function isTaken(tx: ClinicTransaction, { providerId, now, during, over }: WantedTime): Promise<boolean> {
  const {
    rows: [row],
  } = await tx.execute<{ taken: boolean }>(sql`
    select exists (
      select from ${occupancies}
      where ${eq(occupancies.providerId, providerId)}
        and ${occupancies.during} && ${sql.param(during, occupancies.during)}
        and (${occupancies.leasedUntil} is null or ${occupancies.leasedUntil} >= ${sql.param(now, occupancies.leasedUntil)})
        and not ${isOfOpening(over)}
    ) or ${over === 'released'} and exists (
      select from ${openings}
      where ${eq(openings.providerId, providerId)} and ${eq(openings.status, 'offering')} and not ${openings.isReleased}
        and ${openings.during} && ${sql.param(during, openings.during)}
    ) as taken`);
  return row?.taken === true;
}

async function refuseUnknown(
  tx: ClinicTransaction,
  request: LeaseRequest,
  rules: VisitRules | undefined,
): Promise<VisitRules> {
  const errors: FieldError[] = [];
  if (request.patientId !== null && !(await isPatient(tx, request.patientId)))
    errors.push({ pointer: '/patientId', detail: 'is no patient of this clinic' });
  if (!rules) errors.push({ pointer: '/visitTypeId', detail: 'is no visit type of this clinic' });
  if (!(await offersVisitType(tx, request.providerId, request.visitTypeId))) {
    errors.push({ pointer: '/providerId', detail: 'is no provider of this clinic who offers that visit type' });
  }
  if (!rules || errors.length > 0)
    throw new Refusal('VALIDATION_FAILED', 'The request names something that does not exist here.', errors);
  return rules;
}

async function isPatient(tx: ClinicTransaction, id: PatientId): Promise<boolean> {
  return (await tx.select({ id: patients.id }).from(patients).where(eq(patients.id, id))).length > 0;
}
