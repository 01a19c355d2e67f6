import { eq } from 'drizzle-orm';
import type { ProposalId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { occupancies } from '../../schema/index.ts';
import { reopenUnused } from '../openings/reopen.ts';

/** Gives free what a proposal keeps; what it took from openings is offered again, of which the sweep tells. */
export async function freeTimes(
  tx: ClinicTransaction,
  { id, createdAt: takenAt }: { id: ProposalId; createdAt: Instant },
  now: Instant,
): Promise<void> {
  const { ownerId, providerId, during } = occupancies;
  const times = await tx.delete(occupancies).where(eq(ownerId, id)).returning({ providerId, during });
  await reopenUnused(tx, { takenAt, times, now });
}
