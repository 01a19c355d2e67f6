import { eq } from 'drizzle-orm';
import type { Instant } from '../../../domain/interval.ts';
import { isMessage } from '../../../domain/plan.ts';
import type { ClinicTransaction } from '../../client.ts';
import { messageAttempts, messages, notifications } from '../../schema/index.ts';
import { dedupeKeyOf } from '../notifications/step-facts.ts';
import type { AppointmentRow } from './change.ts';

/**
 * The start that the patient was last told: not that of a move whose notice waits for the morning, or was turned away by the
 * carrier so far, and which another change now replaces. A try of which nothing is known may have told them.
 */
export async function startLastTold(tx: ClinicTransaction, visit: AppointmentRow, now: Instant): Promise<Instant> {
  const { id, plan, startsAt, version } = visit;
  const notice = plan.filter(isMessage).find((step) => step.previousStartsAt !== undefined);
  if (notice?.previousStartsAt === undefined || !notice.key.endsWith(`:v${version}`)) return startsAt;
  const isUntold = notice.at > now || (await isTurnedAway(tx, dedupeKeyOf(id, notice.key)));
  return isUntold ? notice.previousStartsAt : startsAt;
}

async function isTurnedAway(tx: ClinicTransaction, dedupeKey: string): Promise<boolean> {
  const tries = await tx
    .select({ outcome: messageAttempts.outcome })
    .from(notifications)
    .innerJoin(messages, eq(messages.notificationId, notifications.id))
    .innerJoin(messageAttempts, eq(messageAttempts.messageId, messages.id))
    .where(eq(notifications.dedupeKey, dedupeKey));
  return tries.length > 0 && tries.every(({ outcome }) => outcome === 'busy');
}
