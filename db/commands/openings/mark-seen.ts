import { and, inArray, ne, sql } from 'drizzle-orm';
import type { OpeningId } from '../../../domain/ids.ts';
import type { ClinicTransaction } from '../../client.ts';
import { openings } from '../../schema/index.ts';

/** Notes that nobody has to be told of openings that have ended, and whose workflows have. Twice is harmless. */
export async function markEndedSeen(tx: ClinicTransaction, ids: readonly OpeningId[]): Promise<void> {
  await tx
    .update(openings)
    .set({ seenRevision: sql`${openings.revision}` })
    .where(and(inArray(openings.id, [...ids]), ne(openings.status, 'offering')));
}
