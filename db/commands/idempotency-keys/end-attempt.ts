import { and, eq, isNotNull } from 'drizzle-orm';
import type { AppointmentId } from '../../../domain/ids.ts';
import type { ClinicTransaction } from '../../client.ts';
import { idempotencyKeys, occupancies } from '../../schema/index.ts';

/**
 * Closes an attempt that had no effect, or whose effect the key no longer stands for: the next one gets ids of its own. Of
 * several callers who joined the attempt only the first one raises it. What it still leases is given back.
 */
export async function endAttempt(
  tx: ClinicTransaction,
  { key, attempt, appointmentId }: { key: string; attempt: number; appointmentId?: AppointmentId },
): Promise<void> {
  await tx
    .update(idempotencyKeys)
    .set({ attempt: attempt + 1, joinedId: null })
    .where(and(eq(idempotencyKeys.key, key), eq(idempotencyKeys.attempt, attempt)));
  if (appointmentId === undefined) return;
  await tx.delete(occupancies).where(and(eq(occupancies.ownerId, appointmentId), isNotNull(occupancies.leasedUntil)));
}
