import { randomUUID } from 'node:crypto';
import { type SQL, inArray, or, sql } from 'drizzle-orm';
import { type ClinicId, type PatientId, asId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ImportedPatient } from '../../../domain/patient-import.ts';
import {
  KnownPatients,
  type NumberedRow,
  type PatientMatching,
  type RowDecision,
} from '../../../domain/patient-matching.ts';
import type { PatientDetails } from '../../../domain/patient.ts';
import type { ClinicTransaction } from '../../client.ts';
import { patientColumns } from '../../queries/patients.ts';
import { patients } from '../../schema/index.ts';
import { addAddressChanges } from '../rule-changes/add.ts';
import { lockExternalIds } from './external-id.ts';

export interface PatientBatch {
  clinicId: ClinicId;
  rows: readonly NumberedRow[];
  /** Of the whole file: it knows the batches before. */
  matching: PatientMatching;
  now: Instant;
  /** Only says what would be done. */
  isDryRun: boolean;
}

/** Creates who is new and updates who has changed, one decision for each row. What a row does not say stays as it is. */
export async function importPatients(tx: ClinicTransaction, batch: PatientBatch): Promise<RowDecision[]> {
  if (!batch.isDryRun) await lockExternalIds(tx, batch.clinicId);
  const known = new KnownPatients(await candidates(tx, batch.rows));
  const decisions = batch.rows.map((row) => batch.matching.decide(row, known));
  if (!batch.isDryRun) {
    await insert(tx, batch, decisions);
    await update(tx, batch, decisions);
  }
  return decisions;
}

async function candidates(tx: ClinicTransaction, rows: readonly NumberedRow[]) {
  const mobiles = rows.map(({ patient }) => patient.mobile);
  const externalIds = rows.flatMap(({ patient }) => patient.externalId ?? []);
  const conditions: SQL[] = [inArray(patients.mobile, mobiles)];
  if (externalIds.length > 0) conditions.push(inArray(patients.externalId, externalIds));
  return tx
    .select(patientColumns)
    .from(patients)
    .where(or(...conditions));
}

async function insert(tx: ClinicTransaction, batch: PatientBatch, decisions: readonly RowDecision[]): Promise<void> {
  const { clinicId, now } = batch;
  const fresh = batch.rows.filter((_, index) => decisions[index]?.outcome === 'created');
  if (fresh.length === 0) return;
  const values = ({ birthDate, ...rest }: ImportedPatient) => ({ ...rest, birthOn: birthDate ?? null });
  await tx.insert(patients).values(
    fresh.map(({ patient }) => ({
      ...values(patient),
      clinicId,
      id: asId<PatientId>(randomUUID()),
      createdAt: now,
      updatedAt: now,
    })),
  );
}

/** In one statement. Only what differs is written, so that what staff change meanwhile is kept. */
async function update(tx: ClinicTransaction, batch: PatientBatch, decisions: readonly RowDecision[]): Promise<void> {
  const changed: ({ id: PatientId } & Partial<PatientDetails>)[] = decisions.flatMap((decision) =>
    decision.outcome === 'updated' ? { ...decision.changes, id: decision.id } : [],
  );
  if (changed.length === 0) return;
  await tx.execute(sql`
    update patients set
      first_name = coalesce(change."firstName", first_name),
      last_name = coalesce(change."lastName", last_name),
      mobile = coalesce(change.mobile, patients.mobile),
      email = coalesce(change.email, patients.email),
      birth_on = coalesce(change."birthDate", birth_on),
      language = coalesce(change.language, patients.language),
      external_id = coalesce(change."externalId", external_id),
      updated_at = ${new Date(batch.now).toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) as change(
      id uuid, "firstName" text, "lastName" text, mobile text, email text, "birthDate" date, language text, "externalId" text
    )
    where patients.clinic_id = ${batch.clinicId} and patients.id = change.id`);
  const moved = changed.filter((change) => 'mobile' in change || 'email' in change).map(({ id }) => id);
  await addAddressChanges(tx, batch.clinicId, moved, batch.now);
}
