import { and, eq, isNull } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import type { ClinicId, OpeningId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { optOuts } from '../../schema/index.ts';
import { voidOffers } from '../offers/void.ts';

export interface NumberPair {
  /** Our number. */
  sender: string;
  phone: string;
}

/**
 * Stores that this phone wants no more texts from this sender, and ends what it was offered from there; one that stands
 * already is left as it is. Answers the openings that are to ask others instead.
 */
export async function recordOptOut(
  tx: ClinicTransaction,
  clinicId: ClinicId,
  { sender, phone, source, now }: NumberPair & { source: 'text' | 'carrier'; now: Instant },
): Promise<OpeningId[]> {
  await tx
    .insert(optOuts)
    .values({ clinicId, id: randomUUID(), sender, phone, source, since: now })
    .onConflictDoNothing();
  return voidOffers(tx, { sender, phone });
}

/** Lifts the opt-out that stands, if any. */
export async function liftOptOut(tx: ClinicTransaction, { sender, phone }: NumberPair, now: Instant): Promise<void> {
  await tx.update(optOuts).set({ liftedAt: now }).where(standing({ sender, phone }));
}

export async function hasOptedOut(tx: ClinicTransaction, pair: NumberPair): Promise<boolean> {
  const rows = await tx.select({ id: optOuts.id }).from(optOuts).where(standing(pair));
  return rows.length > 0;
}

function standing({ sender, phone }: NumberPair) {
  return and(eq(optOuts.sender, sender), eq(optOuts.phone, phone), isNull(optOuts.liftedAt));
}
