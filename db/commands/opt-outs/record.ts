import { and, eq, isNull, or, sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import type { ClinicId, OpeningId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { optOuts } from '../../schema/index.ts';
import { answererFor } from '../notifications/recipient.ts';
import { voidOffers } from '../offers/void.ts';

export interface NumberPair {
  /** Our number. */
  sender: string;
  phone: string;
}

/**
 * Stores that this phone wants no more texts from this sender, or the one that answers for it, and ends what it was offered
 * from there; what stands already is left as it is. Answers the openings that are to ask others instead.
 */
export async function recordOptOut(
  tx: ClinicTransaction,
  clinicId: ClinicId,
  { sender, phone, source, now }: NumberPair & { source: 'text' | 'carrier'; now: Instant },
): Promise<OpeningId[]> {
  const optOut = { clinicId, phone, source, since: now };
  const answerer = sql`coalesce(${answererFor(sender)}, ${sender})`;
  await tx
    .insert(optOuts)
    .values([
      { ...optOut, id: randomUUID(), sender },
      { ...optOut, id: randomUUID(), sender: answerer },
    ])
    .onConflictDoNothing();
  return voidOffers(tx, { sender, phone });
}

/** Lifts the opt-out that stands, if any. */
export async function liftOptOut(tx: ClinicTransaction, pair: NumberPair, now: Instant): Promise<void> {
  await tx.update(optOuts).set({ liftedAt: now }).where(standing(pair));
}

export async function hasOptedOut(tx: ClinicTransaction, pair: NumberPair): Promise<boolean> {
  const rows = await tx.select({ id: optOuts.id }).from(optOuts).where(standing(pair));
  return rows.length > 0;
}

/** Whether texts to this phone ended at that very instant: an earlier stop word has been confirmed. */
export async function beganOptOut(tx: ClinicTransaction, { sender, phone }: NumberPair, at: Instant): Promise<boolean> {
  const isTheirs = and(eq(optOuts.sender, answererFor(sender)), eq(optOuts.phone, phone), eq(optOuts.since, at));
  const rows = await tx.select({ id: optOuts.id }).from(optOuts).where(isTheirs);
  return rows.length > 0;
}

/** A number that was replaced stands for the one that sends in its place. */
function standing({ sender, phone }: NumberPair) {
  const isTheirs = or(eq(optOuts.sender, sender), eq(optOuts.sender, answererFor(sender)));
  return and(isTheirs, eq(optOuts.phone, phone), isNull(optOuts.liftedAt));
}
