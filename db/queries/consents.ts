import { and, desc, eq, getTableColumns, lt } from 'drizzle-orm';
import type { PatientId } from '../../domain/ids.ts';
import type { ClinicTransaction } from '../client.ts';
import { consents } from '../schema/index.ts';

const { clinicId: _, patientId: __, ...columns } = getTableColumns(consents);
export const consentColumns = columns;

export type RecordedConsent = Omit<typeof consents.$inferSelect, 'clinicId' | 'patientId'>;

/** What a patient agreed to and took back, the last word first. */
export async function listConsents(
  tx: ClinicTransaction,
  { patientId, before, limit }: { patientId: PatientId; before: number | undefined; limit: number },
): Promise<RecordedConsent[]> {
  return tx
    .select(columns)
    .from(consents)
    .where(and(eq(consents.patientId, patientId), before === undefined ? undefined : lt(consents.id, before)))
    .orderBy(desc(consents.id))
    .limit(limit);
}
