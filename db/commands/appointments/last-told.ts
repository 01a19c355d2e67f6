import { and, desc, eq, inArray, isNull, or } from 'drizzle-orm';
import type { Instant } from '../../../domain/interval.ts';
import { isMessage } from '../../../domain/plan.ts';
import type { ClinicTransaction } from '../../client.ts';
import { auditEntries, messageAttempts, messages, notifications } from '../../schema/index.ts';
import { dedupeKeyOf } from '../notifications/step-facts.ts';
import type { AppointmentRow } from './change.ts';

/**
 * The start that the patient knows: not that of a move whose notice has certainly not left, as it waits for the morning or
 * the carrier, and which another change now replaces. Who moved the visit themselves knows where to.
 */
export async function startLastTold(tx: ClinicTransaction, visit: AppointmentRow): Promise<Instant> {
  const { id, plan, startsAt, version } = visit;
  const notice = plan.filter(isMessage).find((step) => step.previousStartsAt !== undefined);
  if (notice?.previousStartsAt === undefined || !notice.key.endsWith(`:v${version}`)) return startsAt;
  const isKnown = (await wasTheirOwnMove(tx, visit)) || (await mayHaveLeft(tx, dedupeKeyOf(id, notice.key)));
  return isKnown ? startsAt : notice.previousStartsAt;
}

async function wasTheirOwnMove(tx: ClinicTransaction, { id }: AppointmentRow): Promise<boolean> {
  const [move] = await tx
    .select({ actor: auditEntries.actor })
    .from(auditEntries)
    .where(and(eq(auditEntries.appointmentId, id), eq(auditEntries.action, 'moved')))
    .orderBy(desc(auditEntries.id))
    .limit(1);
  return move?.actor === 'patient' || move?.actor === 'guardian';
}

/** A try is written down before it is made: without one, nothing left. One of which nothing is known may have. */
async function mayHaveLeft(tx: ClinicTransaction, dedupeKey: string): Promise<boolean> {
  const { messageId, outcome } = messageAttempts;
  const [attempt] = await tx
    .select({ messageId })
    .from(notifications)
    .innerJoin(messages, eq(messages.notificationId, notifications.id))
    .innerJoin(messageAttempts, eq(messageId, messages.id))
    .where(and(eq(notifications.dedupeKey, dedupeKey), or(isNull(outcome), inArray(outcome, ['accepted', 'unknown']))))
    .limit(1);
  return attempt !== undefined;
}
