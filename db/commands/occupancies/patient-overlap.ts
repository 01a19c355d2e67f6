import { and, eq, gt, inArray, lt, ne } from 'drizzle-orm';
import { activeStatuses } from '../../../domain/appointment.ts';
import { Refusal } from '../../../domain/errors.ts';
import type { AppointmentId, PatientId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { appointments, patients } from '../../schema/index.ts';

interface Visit {
  id: AppointmentId;
  patientId: PatientId | null;
  startsAt: Instant;
  endsAt: Instant;
  /** Staff may let two visits of one patient overlap. */
  allowed: boolean;
}

/** Refuses a visit that overlaps another active one of the same patient; the patient's row stays locked until the commit. */
export async function refusePatientOverlap(tx: ClinicTransaction, visit: Visit): Promise<void> {
  if (visit.patientId === null || visit.allowed) return;
  await lockPatient(tx, visit.patientId);
  const overlapping = await tx
    .select({ id: appointments.id })
    .from(appointments)
    .where(
      and(
        eq(appointments.patientId, visit.patientId),
        inArray(appointments.status, [...activeStatuses]),
        lt(appointments.startsAt, visit.endsAt),
        gt(appointments.endsAt, visit.startsAt),
        ne(appointments.id, visit.id),
      ),
    )
    .limit(1);
  if (overlapping.length > 0) {
    throw new Refusal(
      'PATIENT_OVERLAP',
      'The patient has another visit at that time; choose another time, or allow the overlap as staff.',
    );
  }
}

/** Lets one transaction at a time give this patient a visit. */
export async function lockPatient(tx: ClinicTransaction, id: PatientId): Promise<void> {
  await tx.select({ id: patients.id }).from(patients).where(eq(patients.id, id)).for('no key update');
}
