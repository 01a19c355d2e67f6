import { eq } from 'drizzle-orm';
import type { OpeningId } from '../../../domain/ids.ts';
import type { ClinicTransaction } from '../../client.ts';
import { openings } from '../../schema/index.ts';

export type OpeningRow = typeof openings.$inferSelect;

/** The opening's row, locked until the end of the transaction. Before any occupied time is touched: so no two wait for each other. */
export async function lockOpening(tx: ClinicTransaction, id: OpeningId): Promise<OpeningRow | undefined> {
  const [row] = await tx.select().from(openings).where(eq(openings.id, id)).for('no key update');
  return row;
}
