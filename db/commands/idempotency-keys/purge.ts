import { sql } from 'drizzle-orm';
import { ELAPSED_DAY, type Instant } from '../../../domain/interval.ts';
import type { Database } from '../../client.ts';

/** How long a repeat is known as one: longer than Temporal keeps a closed workflow. */
const KEYS_KEPT = 30 * ELAPSED_DAY;

/** Forgets every clinic's keys that are older than 30 days; answers how many. */
export async function purgeIdempotencyKeys(db: Database, now: Instant): Promise<number> {
  const before = new Date(now - KEYS_KEPT).toISOString();
  const {
    rows: [row],
  } = await db.drizzle.execute<{ purged: string }>(sql`select purge_idempotency_keys(${before}) as purged`);
  return Number(row?.purged ?? 0);
}
