import { randomUUID } from 'node:crypto';
import { type SQL, inArray, or, sql } from 'drizzle-orm';
import { type ClinicId, type PatientId, asId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import { type ImportedPatient, isSamePatient } from '../../../domain/patient-import.ts';
import type { Patient, PatientDetails, PatientField } from '../../../domain/patient.ts';
import type { ClinicTransaction } from '../../client.ts';
import { patientColumns } from '../../queries/patients.ts';
import { patients } from '../../schema/index.ts';
import { changePatient } from './change.ts';

export type RowOutcome = 'created' | 'updated' | 'unchanged' | { refused: string };

export interface PatientBatch {
  clinicId: ClinicId;
  /** No two of them are the same patient. */
  rows: readonly ImportedPatient[];
  now: Instant;
  /** Only says what would be done. */
  isDryRun: boolean;
}

/** Creates who is new and updates who has changed, one outcome for each row. What a row does not say stays as it is. */
export async function importPatients(tx: ClinicTransaction, batch: PatientBatch): Promise<RowOutcome[]> {
  // Two imports at once would both find a patient missing.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`import ${batch.clinicId}`}, 0))`);
  const known = await candidates(tx, batch.rows);
  const fresh: ImportedPatient[] = [];
  const outcomes: RowOutcome[] = [];
  for (const row of batch.rows) {
    const match = matchOf(row, known);
    if (match === 'several') {
      outcomes.push({ refused: 'several patients have this name and number: give the external id' });
    } else if (!match) {
      fresh.push(row);
      outcomes.push('created');
    } else {
      outcomes.push(await update(tx, row, match, batch));
    }
  }
  if (!batch.isDryRun) await insert(tx, fresh, batch);
  return outcomes;
}

async function candidates(tx: ClinicTransaction, rows: readonly ImportedPatient[]): Promise<Patient[]> {
  const externalIds = rows.flatMap(({ externalId }) => externalId ?? []);
  const conditions: (SQL | undefined)[] = [
    inArray(
      patients.mobile,
      rows.map((row) => row.mobile),
    ),
  ];
  if (externalIds.length > 0) conditions.push(inArray(patients.externalId, externalIds));
  return tx
    .select(patientColumns)
    .from(patients)
    .where(or(...conditions));
}

function matchOf(row: ImportedPatient, known: readonly Patient[]): Patient | 'several' | undefined {
  const byExternalId = row.externalId == null ? undefined : known.find((one) => one.externalId === row.externalId);
  if (byExternalId) return byExternalId;
  const [first, second] = known.filter((one) => isSamePatient(row, one));
  return second ? 'several' : first;
}

async function update(
  tx: ClinicTransaction,
  row: ImportedPatient,
  known: Patient,
  batch: PatientBatch,
): Promise<RowOutcome> {
  const changed = (Object.keys(row) as PatientField[]).filter((field) => row[field] !== known[field]);
  if (changed.length === 0) return 'unchanged';
  if (!batch.isDryRun) {
    const details = Object.fromEntries(changed.map((field) => [field, row[field]])) as Partial<PatientDetails>;
    await changePatient(tx, { id: known.id, details, now: batch.now });
  }
  return 'updated';
}

async function insert(
  tx: ClinicTransaction,
  fresh: readonly ImportedPatient[],
  { clinicId, now }: PatientBatch,
): Promise<void> {
  if (fresh.length === 0) return;
  await tx.insert(patients).values(
    fresh.map(({ birthDate, ...row }) => ({
      ...row,
      birthOn: birthDate ?? null,
      clinicId,
      id: asId<PatientId>(randomUUID()),
      createdAt: now,
      updatedAt: now,
    })),
  );
}
