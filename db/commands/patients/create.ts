import { randomUUID } from 'node:crypto';
import { type ClinicId, type PatientId, asId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { Patient, PatientDetails } from '../../../domain/patient.ts';
import type { ClinicTransaction } from '../../client.ts';
import { patientColumns } from '../../queries/patients.ts';
import { patients } from '../../schema/index.ts';
import { externalIdTaken, lockExternalIds } from './external-id.ts';

export interface NewPatient {
  clinicId: ClinicId;
  details: PatientDetails;
  /** Staff say that the patient is in care here, whatever the visits say. */
  isInCare?: boolean | undefined;
  now: Instant;
}

/** Adds a patient; refuses an external id that another one has. */
export async function createPatient(
  tx: ClinicTransaction,
  { clinicId, details, isInCare = false, now }: NewPatient,
): Promise<Patient> {
  if (details.externalId !== null) await lockExternalIds(tx, clinicId);
  const { birthDate: birthOn, ...rest } = details;
  const [created] = await tx
    .insert(patients)
    .values({ ...rest, birthOn, isInCare, clinicId, id: asId<PatientId>(randomUUID()), createdAt: now, updatedAt: now })
    .onConflictDoNothing({ target: [patients.clinicId, patients.externalId] })
    .returning(patientColumns);
  if (!created) throw externalIdTaken();
  return created;
}
