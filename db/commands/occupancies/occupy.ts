import { type SQL, and, eq, gte, isNull, lt, or, sql } from 'drizzle-orm';
import { Refusal } from '../../../domain/errors.ts';
import type { ClinicId, ProviderId } from '../../../domain/ids.ts';
import type { Instant, Interval } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { occupancies, openings } from '../../schema/index.ts';

/** The openings over which a time may be taken. */
export type Displaced = 'any' | 'released' | 'none';

export interface Occupation {
  clinicId: ClinicId;
  providerId: ProviderId;
  ownerId: string;
  /** Buffers included. */
  during: Interval;
  now: Instant;
  leasedUntil: Instant | null;
  holder?: string | null;
  /** Their openings stay as they are: only their place among the occupied times goes to the new owner. */
  over?: Displaced;
}

/**
 * Takes the time, over leases that have lapsed and over the openings that may be displaced. Refuses with SLOT_TAKEN; an
 * owner's own time never stands in its way.
 */
export async function occupy(tx: ClinicTransaction, occupation: Occupation): Promise<void> {
  if (!(await tryToOccupy(tx, occupation))) throw slotTaken();
}

/** As `occupy`; false where the time is taken. */
export async function tryToOccupy(
  tx: ClinicTransaction,
  { now, over = 'none', ...taken }: Occupation,
): Promise<boolean> {
  await tx
    .delete(occupancies)
    .where(
      and(
        eq(occupancies.providerId, taken.providerId),
        sql`${occupancies.during} && ${sql.param(taken.during, occupancies.during)}`,
        or(lt(occupancies.leasedUntil, now), isOfOpening(over)),
      ),
    );
  const made = await tx
    .insert(occupancies)
    .values(taken)
    .onConflictDoNothing()
    .returning({ ownerId: occupancies.ownerId });
  return made.length > 0;
}

/** Whether nobody has the provider's time, nor leases any of it. */
export async function isFree(
  tx: ClinicTransaction,
  { providerId, during, now }: Pick<Occupation, 'providerId' | 'during' | 'now'>,
): Promise<boolean> {
  const isOverlapping = sql`${occupancies.during} && ${sql.param(during, occupancies.during)}`;
  const isHeld = or(isNull(occupancies.leasedUntil), gte(occupancies.leasedUntil, now));
  const taken = await tx
    .select({ ownerId: occupancies.ownerId })
    .from(occupancies)
    .where(and(eq(occupancies.providerId, providerId), isOverlapping, isHeld))
    .limit(1);
  return taken.length === 0;
}

/** Whether the occupied time is that of an opening which may be displaced. */
export function isOfOpening(over: Displaced): SQL | undefined {
  if (over === 'none') return undefined;
  const released = over === 'released' ? sql` and ${openings.isReleased}` : sql``;
  return sql`exists (select from ${openings} where ${openings.id} = ${occupancies.ownerId}${released})`;
}

export function slotTaken(): Refusal {
  return new Refusal('SLOT_TAKEN', 'The time is taken; choose one of the free times nearby.');
}
