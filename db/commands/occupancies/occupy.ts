import { and, eq, lt, sql } from 'drizzle-orm';
import { Refusal } from '../../../domain/errors.ts';
import type { ClinicId, ProviderId } from '../../../domain/ids.ts';
import type { Instant, Interval } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { occupancies } from '../../schema/index.ts';

export interface Occupation {
  clinicId: ClinicId;
  providerId: ProviderId;
  ownerId: string;
  /** Buffers included. */
  during: Interval;
  now: Instant;
  leasedUntil: Instant | null;
  holder?: string | null;
}

/** Takes the time, over leases that have lapsed. Refuses with SLOT_TAKEN; an owner's own time never stands in its way. */
export async function occupy(tx: ClinicTransaction, { now, ...taken }: Occupation): Promise<void> {
  await tx
    .delete(occupancies)
    .where(
      and(
        eq(occupancies.providerId, taken.providerId),
        sql`${occupancies.during} && ${sql.param(taken.during, occupancies.during)}`,
        lt(occupancies.leasedUntil, now),
      ),
    );
  const made = await tx
    .insert(occupancies)
    .values(taken)
    .onConflictDoNothing()
    .returning({ ownerId: occupancies.ownerId });
  if (made.length === 0) throw slotTaken();
}

export function slotTaken(): Refusal {
  return new Refusal('SLOT_TAKEN', 'The time is taken; choose one of the free times nearby.');
}
