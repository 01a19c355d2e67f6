import { and, eq, sql } from 'drizzle-orm';
import type { AuditActor } from '../../../domain/appointment.ts';
import type { OpeningId, ProviderId } from '../../../domain/ids.ts';
import type { Instant, Interval } from '../../../domain/interval.ts';
import { isPatient, takesOpenings } from '../../../domain/opening-rules.ts';
import type { ClinicPolicy } from '../../../domain/policy.ts';
import type { ClinicTransaction } from '../../client.ts';
import { openings } from '../../schema/index.ts';
import { slotTaken } from '../occupancies/occupy.ts';

export interface TakenTime {
  providerId: ProviderId;
  during: Interval;
  actor: AuditActor;
  now: Instant;
  policy: Pick<ClinicPolicy, 'openings'>;
}

/**
 * Ends the offering of what is being booked or moved to, and answers which openings these were. To be called before the
 * time is occupied. Refuses with SLOT_TAKEN where patients may not book the time while it is offered.
 */
export async function closeTakenOpenings(tx: ClinicTransaction, taken: TakenTime): Promise<OpeningId[]> {
  const { providerId, during, actor, now: closedAt } = taken;
  const ended = await tx
    .update(openings)
    .set({
      status: 'withdrawn',
      statusReason: isPatient(actor) ? 'takenOnline' : 'takenByStaff',
      closedAt,
      revision: sql`${openings.revision} + 1`,
    })
    .where(
      and(
        eq(openings.providerId, providerId),
        eq(openings.status, 'offering'),
        sql`${openings.during} && ${sql.param(during, openings.during)}`,
      ),
    )
    .returning({ id: openings.id, isReleased: openings.isReleased });
  const mayTake = takesOpenings(actor, taken.policy) === 'any';
  if (!mayTake && ended.some((opening) => !opening.isReleased)) throw slotTaken();
  return ended.map(({ id }) => id);
}
