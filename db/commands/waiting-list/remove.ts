import { and, eq, isNull } from 'drizzle-orm';
import type { WaitingListEntryId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { waitingList } from '../../schema/index.ts';

/** Takes a wish off the waiting list; false where there is none, or none any more. An offer that was made stands. */
export async function removeFromWaitingList(
  tx: ClinicTransaction,
  { id, now }: { id: WaitingListEntryId; now: Instant },
): Promise<boolean> {
  const removed = await tx
    .update(waitingList)
    .set({ endedAt: now, endedAs: 'removed' })
    .where(and(eq(waitingList.id, id), isNull(waitingList.endedAt)))
    .returning({ id: waitingList.id });
  return removed.length > 0;
}
