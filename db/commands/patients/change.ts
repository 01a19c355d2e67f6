import { and, eq, ne } from 'drizzle-orm';
import type { ClinicId, PatientId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { Patient, PatientDetails } from '../../../domain/patient.ts';
import type { ClinicTransaction } from '../../client.ts';
import { findPatient, patientColumns } from '../../queries/patients.ts';
import { patients } from '../../schema/index.ts';
import { addAddressChanges } from '../rule-changes/add.ts';
import { externalIdTaken, lockExternalIds } from './external-id.ts';

export interface PatientChange {
  clinicId: ClinicId;
  id: PatientId;
  /** Null clears. */
  details: Partial<PatientDetails>;
  isInCare?: boolean | undefined;
  now: Instant;
}

/** Changes what is given and leaves the rest; undefined where there is no such patient. */
export async function changePatient(
  tx: ClinicTransaction,
  { clinicId, id, details, isInCare, now }: PatientChange,
): Promise<Patient | undefined> {
  if (Object.keys(details).length === 0 && isInCare === undefined) return findPatient(tx, id);
  if (details.externalId != null) {
    await lockExternalIds(tx, clinicId);
    await refuseTaken(tx, id, details.externalId);
  }
  const { birthDate, ...rest } = details;
  const [changed] = await tx
    .update(patients)
    .set({
      ...rest,
      ...(birthDate !== undefined && { birthOn: birthDate }),
      ...(isInCare !== undefined && { isInCare }),
      updatedAt: now,
    })
    .where(eq(patients.id, id))
    .returning(patientColumns);
  if (changed && ('mobile' in details || 'email' in details)) await addAddressChanges(tx, clinicId, [id], now);
  return changed;
}

async function refuseTaken(tx: ClinicTransaction, id: PatientId, externalId: string): Promise<void> {
  const others = await tx
    .select({ id: patients.id })
    .from(patients)
    .where(and(eq(patients.externalId, externalId), ne(patients.id, id)));
  if (others.length > 0 && (await findPatient(tx, id))) throw externalIdTaken();
}
