import { and, eq } from 'drizzle-orm';
import { carrierStatus } from '../../domain/carrier.ts';
import type { ClinicId, MessageId, OpeningId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import type { AttemptOutcome } from '../../domain/message.ts';
import { type ClinicTransaction, type Database, inClinic } from '../client.ts';
import {
  type LockedMessage,
  closeNotification,
  lockMessage,
  outcomeOfAttempt,
  raiseStatus,
  writeOutcome,
} from '../commands/messages/delivery-state.ts';
import { failureKey, tellOfFailure } from '../commands/messages/record-outcome.ts';
import { markArrived } from '../commands/offers/record-delivery.ts';
import { messageEvents, tasks } from '../schema/index.ts';

/** What the provider says of a try, by callback or when asked. */
export interface Receipt {
  clinicId: ClinicId;
  messageId: MessageId;
  attempt: number;
  providerMessageId: string;
  /** In the provider's own words. */
  status: string;
  errorCode: string;
  now: Instant;
}

/** Who is to be told of a receipt. */
export interface ReceiptNews {
  /** It settled a try of which nobody knew whether it had left. */
  settled: boolean;
  /** An offer did not arrive: somebody else is to be asked. */
  opening: { clinicId: ClinicId; openingId: OpeningId } | null;
}

/**
 * Stores the event once and lets the message's status rise by it, in one transaction. Repeated, late or in any order: the
 * same events leave the same status.
 */
export async function recordReceipt(db: Database, receipt: Receipt): Promise<ReceiptNews> {
  const nothing = { settled: false, opening: null };
  return inClinic(db, receipt.clinicId, async (tx) => {
    const message = await lockMessage(tx, receipt.messageId);
    if (!message) return nothing;
    const { now, ...event } = receipt;
    const stored = await tx
      .insert(messageEvents)
      .values({ ...event, receivedAt: now })
      .onConflictDoNothing()
      .returning({ id: messageEvents.id });
    if (stored.length === 0) return nothing;
    const settled = await proveAttempt(tx, message, receipt);
    const openingId = await raise(tx, message, receipt);
    return { settled, opening: openingId && { clinicId: receipt.clinicId, openingId } };
  });
}

const unproven: readonly (AttemptOutcome | null)[] = [null, 'unknown', 'notFound'];

/** Any word of the provider about a try proves that the try went through, and hands us its id there. */
async function proveAttempt(tx: ClinicTransaction, message: LockedMessage, receipt: Receipt): Promise<boolean> {
  const { attempt, providerMessageId, now } = receipt;
  const outcome = await outcomeOfAttempt(tx, message.id, attempt);
  if (outcome === undefined || !unproven.includes(outcome)) return false;
  await writeOutcome(tx, message.id, attempt, { outcome: 'accepted', providerMessageId, finishedAt: now });
  await closeNotification(tx, message, 'handedOver', null);
  return outcome !== null;
}

async function raise(tx: ClinicTransaction, message: LockedMessage, receipt: Receipt): Promise<OpeningId | null> {
  const { clinicId, now } = receipt;
  const status = carrierStatus(receipt.status);
  if (status === null) return null;
  const hasFailed = status === 'failed' || status === 'undelivered';
  const rose = await raiseStatus(tx, message, { status, errorCode: hasFailed ? receipt.errorCode : null, now });
  if (!rose) return null;
  if (status === 'delivered') await arrived(tx, message, now);
  return hasFailed ? tellOfFailure(tx, clinicId, message, receipt.errorCode, now) : null;
}

/** Perhaps after all: what staff were asked to look after is in order, and an offer stands that was thought to be lost. */
async function arrived(tx: ClinicTransaction, message: LockedMessage, now: Instant): Promise<void> {
  const wasFeared = message.status === 'failed' || message.status === 'undelivered';
  if (message.offerId && wasFeared) await markArrived(tx, message.offerId);
  await tx
    .update(tasks)
    .set({ status: 'resolved', resolvedAt: now })
    .where(and(eq(tasks.dedupeKey, failureKey(message.id)), eq(tasks.status, 'open')));
}
