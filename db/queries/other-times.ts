import type { Slot } from '../../domain/availability.ts';
import type { AppointmentId, PatientId, VisitTypeId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import { isLocked } from '../../domain/opening-rules.ts';
import { chooseTimes, proposableRange } from '../../domain/proposed-times.ts';
import type { ClinicTransaction } from '../client.ts';
import { findAppointment } from './appointments.ts';
import { loadVisitRules } from './catalogue.ts';
import { clashesWith, searchFreeTimes } from './free-times.ts';

export interface OtherTimes {
  patientId: PatientId;
  visitTypeId: VisitTypeId;
  times: readonly Slot[];
}

/** What may be proposed to a patient who gave up this visit; undefined where nothing is free, or not for patients to choose. */
export async function findOtherTimes(
  tx: ClinicTransaction,
  appointmentId: AppointmentId,
  now: Instant,
): Promise<OtherTimes | undefined> {
  const visit = await findAppointment(tx, appointmentId);
  const rules = visit && (await loadVisitRules(tx, visit.visitTypeId));
  if (!rules || visit.patientId === null || isLocked(rules.policy)) return undefined;
  const { timeZone: zone, visitType, policy } = rules;
  const { patientId, visitTypeId } = visit;
  const range = proposableRange(visit, rules, now);
  const sought = { visitTypeId, providerId: undefined, range, timeZone: zone, now, forPatients: true };
  const free = (await searchFreeTimes(tx, sought)) ?? [];
  const clashes = await clashesWith(tx, { patientId }, range);
  const slots = free.filter((slot) => !clashes(slot));
  const times = chooseTimes({ slots, count: policy.proposals.afterCannotCome, insteadOf: visit, visitType, zone });
  return times.length > 0 ? { patientId, visitTypeId, times } : undefined;
}
