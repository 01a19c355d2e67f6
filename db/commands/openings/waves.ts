import { eq, min, sql } from 'drizzle-orm';
import { type Instant, MINUTE } from '../../../domain/interval.ts';
import { type WaveReach, isWaveOver } from '../../../domain/opening-rules.ts';
import type { ClinicTransaction } from '../../client.ts';
import type { VisitRules } from '../../queries/catalogue.ts';
import { offers } from '../../schema/index.ts';
import type { OpeningRow } from './lock.ts';

/** Those whom an opening asked in one wave, and how many of them may have read it. */
export interface AskedWave extends WaveReach {
  plannedAt: Instant | null;
  askedAt: Instant | null;
  isLeaving: boolean;
}

/** The waves of an opening so far, earliest first. */
export async function wavesOf(tx: ClinicTransaction, { id }: OpeningRow): Promise<AskedWave[]> {
  return tx
    .select({
      wave: offers.wave,
      plannedAt: min(offers.createdAt),
      askedAt: min(offers.askedAt),
      isLeaving: sql<boolean>`bool_or(${offers.status} = 'planned')`,
      asked: sql<number>`count(*)::integer`,
      reached: sql<number>`count(*) filter (where ${offers.status} not in ('undeliverable', 'void'))::integer`,
    })
    .from(offers)
    .where(eq(offers.openingId, id))
    .groupBy(offers.wave)
    .orderBy(offers.wave);
}

/**
 * When the running wave began; null before the first. One that the provider takes late begins when it leaves: until then
 * nobody else is asked.
 */
export function beginningOf(
  running: AskedWave | undefined,
  policy: VisitRules['policy'],
  now: Instant,
): Instant | null {
  const { plannedAt = null, askedAt = null, isLeaving = false } = running ?? {};
  if (isLeaving && isWaveOver({ now, waveBeganAt: plannedAt, policy })) return now;
  const isLate = plannedAt !== null && askedAt !== null && askedAt > plannedAt + MINUTE;
  return isLate ? askedAt : plannedAt;
}
