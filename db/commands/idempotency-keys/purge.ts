import { lt } from 'drizzle-orm';
import { ELAPSED_DAY, type Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { idempotencyKeys } from '../../schema/index.ts';

/** How long a repeat is known as one: longer than Temporal keeps a closed workflow. */
export const KEYS_KEPT = 30 * ELAPSED_DAY;

/** Forgets the clinic's keys that are older than 30 days; answers how many. */
export async function purgeIdempotencyKeys(tx: ClinicTransaction, now: Instant): Promise<number> {
  const purged = await tx
    .delete(idempotencyKeys)
    .where(lt(idempotencyKeys.createdAt, now - KEYS_KEPT))
    .returning({ key: idempotencyKeys.key });
  return purged.length;
}
