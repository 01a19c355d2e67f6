import { and, eq, min, sql } from 'drizzle-orm';
import { type Instant, MINUTE } from '../../../domain/interval.ts';
import { isWaveOver } from '../../../domain/opening-rules.ts';
import type { ClinicTransaction } from '../../client.ts';
import type { VisitRules } from '../../queries/catalogue.ts';
import { offers } from '../../schema/index.ts';
import type { OpeningRow } from './lock.ts';

/**
 * When the running wave began, and how many of those asked in it were really asked. One that the provider takes late
 * begins when it leaves: until then nobody else is asked.
 */
export async function runningWave(
  tx: ClinicTransaction,
  { id, wave }: OpeningRow,
  policy: VisitRules['policy'],
  now: Instant,
): Promise<{ beganAt: Instant | null; size: number }> {
  const [row] = await tx
    .select({
      plannedAt: min(offers.createdAt),
      askedAt: min(offers.askedAt),
      isLeaving: sql<boolean | null>`bool_or(${offers.status} = 'planned')`,
      size: sql<number>`count(*) filter (where ${offers.status} not in ('undeliverable', 'void'))::integer`,
    })
    .from(offers)
    .where(and(eq(offers.openingId, id), eq(offers.wave, wave)));
  const { plannedAt = null, askedAt = null, isLeaving = false, size = 0 } = row ?? {};
  if (isLeaving && isWaveOver({ now, waveBeganAt: plannedAt, policy })) return { beganAt: now, size };
  const isLate = plannedAt !== null && askedAt !== null && askedAt > plannedAt + MINUTE;
  return { beganAt: isLate ? askedAt : plannedAt, size };
}
