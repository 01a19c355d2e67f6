import { and, eq, gt, inArray, or, sql } from 'drizzle-orm';
import type { OpeningId, ProviderId } from '../../../domain/ids.ts';
import type { Instant, Interval } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { openings } from '../../schema/index.ts';
import { insertOpening, newOpening } from './open.ts';

/** Times that somebody took and gives back, unused. */
export interface UnusedTimes {
  takenAt: Instant;
  times: readonly { providerId: ProviderId; during: Interval }[];
  now: Instant;
}

/**
 * Offers again what was taken from openings and came to nothing, each by a new one that knows which it reopens. One for which
 * it is too late by then ends in its first turn, as unfilled.
 */
export async function reopenUnused(tx: ClinicTransaction, { takenAt, times, now }: UnusedTimes): Promise<OpeningId[]> {
  if (times.length === 0) return [];
  const liesThere = times.map(({ providerId, during }) =>
    and(eq(openings.providerId, providerId), sql`${openings.during} && ${sql.param(during, openings.during)}`),
  );
  const wasTaken = and(eq(openings.closedAt, takenAt), inArray(openings.statusReason, ['takenByStaff', 'takenOnline']));
  const isAhead = and(eq(openings.status, 'withdrawn'), gt(openings.startsAt, now));
  const taken = await tx
    .select()
    .from(openings)
    .where(and(isAhead, wasTaken, or(...liesThere)))
    .orderBy(openings.startsAt, openings.providerId);
  const reopened: OpeningId[] = [];
  for (const before of taken) {
    const { id: reopensId, isReleased } = before;
    const opening = { ...newOpening({ ...before, reopensId, createdAt: now }), isReleased };
    if (await insertOpening(tx, opening, now)) reopened.push(opening.id);
  }
  return reopened;
}
