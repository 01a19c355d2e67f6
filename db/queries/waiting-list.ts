import { and, asc, eq, getTableColumns, isNull, sql } from 'drizzle-orm';
import type { PatientId, WaitingListEntryId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import type { ClinicTransaction } from '../client.ts';
import { waitingList } from '../schema/index.ts';

const { clinicId: _, endedAt: __, endedAs: ___, ...columns } = getTableColumns(waitingList);
export const waitingColumns = columns;

export type WaitingEntry = Omit<typeof waitingList.$inferSelect, 'clinicId' | 'endedAt' | 'endedAs'>;

export interface WaitingFilter {
  patientId?: PatientId | undefined;
  after?: { createdAt: Instant; id: WaitingListEntryId } | undefined;
  limit: number;
}

/** Who waits, longest first. */
export async function listWaiting(
  tx: ClinicTransaction,
  { patientId, after, limit }: WaitingFilter,
): Promise<WaitingEntry[]> {
  const { createdAt, id } = waitingList;
  return tx
    .select(columns)
    .from(waitingList)
    .where(
      and(
        isNull(waitingList.endedAt),
        patientId && eq(waitingList.patientId, patientId),
        after && sql`(${createdAt}, ${id}) > (${sql.param(after.createdAt, createdAt)}, ${after.id}::uuid)`,
      ),
    )
    .orderBy(asc(createdAt), asc(id))
    .limit(limit);
}
