import { eq } from 'drizzle-orm';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { occupancies, openings } from '../../schema/index.ts';
import type { OpeningRow } from './lock.ts';

export interface Closing {
  status: 'withdrawn' | 'unfilled';
  reason: 'staff' | 'nobodyLeft' | 'noticeLimit';
  now: Instant;
}

/** Ends an opening without a winner and gives its time free. */
export async function closeOpening(
  tx: ClinicTransaction,
  opening: OpeningRow,
  { status, reason: statusReason, now: closedAt }: Closing,
): Promise<OpeningRow> {
  const ended = { status, statusReason, closedAt, revision: opening.revision + 1 };
  await tx.update(openings).set(ended).where(eq(openings.id, opening.id));
  await tx.delete(occupancies).where(eq(occupancies.ownerId, opening.id));
  return { ...opening, ...ended };
}
