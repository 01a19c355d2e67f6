import { and, eq, isNull } from 'drizzle-orm';
import type { ClinicId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { apiKeys } from '../../schema/index.ts';

/** Shuts a key out, from its next request on. False where the clinic has no such key, or it was revoked before. */
export async function revokeApiKey(
  tx: ClinicTransaction,
  clinicId: ClinicId,
  id: string,
  now: Instant,
): Promise<boolean> {
  const revoked = await tx
    .update(apiKeys)
    .set({ revokedAt: now })
    .where(and(eq(apiKeys.clinicId, clinicId), eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
    .returning({ id: apiKeys.id });
  return revoked.length > 0;
}
