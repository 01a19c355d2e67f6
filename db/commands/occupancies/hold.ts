import { and, eq, gte, isNull, or, sql } from 'drizzle-orm';
import { occupiedRange } from '../../../domain/availability.ts';
import { Refusal } from '../../../domain/errors.ts';
import { type AppointmentId, type ClinicId, type ProviderId, type VisitTypeId, asId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { loadVisitRules } from '../../queries/catalogue.ts';
import { appointments, occupancies } from '../../schema/index.ts';

export interface WantedHold {
  clinicId: ClinicId;
  holder: string;
  providerId: ProviderId;
  visitTypeId: VisitTypeId;
  startsAt: Instant;
  now: Instant;
}

/**
 * The hold that its holder has on this very time already, if there is one. Else refuses with TOO_MANY_HOLDS where the
 * holder has as many as the clinic allows. The holder's next request waits until the transaction has ended.
 */
export async function findStandingHold(tx: ClinicTransaction, wanted: WantedHold): Promise<AppointmentId | undefined> {
  const rules = await loadVisitRules(tx, wanted.visitTypeId);
  if (!rules) return undefined;
  await lockHolder(tx, wanted);
  const live = await liveHolds(tx, wanted);
  const during = occupiedRange(wanted.startsAt, rules.visitType);
  const standing = live.find(
    (hold) =>
      hold.providerId === wanted.providerId &&
      hold.during.start === during.start &&
      hold.during.end === during.end &&
      // Unknown as long as the hold is only leased.
      (hold.visitTypeId ?? wanted.visitTypeId) === wanted.visitTypeId,
  );
  if (standing) return asId<AppointmentId>(standing.ownerId);
  const most = rules.policy.maxHoldsPerHolder;
  if (live.length < most) return undefined;
  throw new Refusal(
    'TOO_MANY_HOLDS',
    `At most ${most} times can be held at once; confirm or release one of them first.`,
  );
}

async function lockHolder(tx: ClinicTransaction, { clinicId, holder }: WantedHold): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${clinicId} ${holder}`}, 0))`);
}

// One that nobody can confirm any more does not count, though its time is still to be freed.
async function liveHolds(tx: ClinicTransaction, { holder, now }: WantedHold) {
  const { ownerId, providerId, during, leasedUntil } = occupancies;
  return tx
    .select({ ownerId, providerId, during, visitTypeId: appointments.visitTypeId })
    .from(occupancies)
    .leftJoin(appointments, eq(appointments.id, ownerId))
    .where(
      and(
        eq(occupancies.holder, holder),
        or(isNull(leasedUntil), gte(leasedUntil, now)),
        or(isNull(appointments.confirmBy), gte(appointments.confirmBy, now)),
      ),
    );
}
