import { carrierErrorClass } from '../../../domain/carrier.ts';
import { isForStaff } from '../../../domain/delivery.ts';
import type { ClinicId, MessageId, OpeningId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { AttemptOutcome, MessageStatus } from '../../../domain/message.ts';
import { type ClinicTransaction, type Database, inClinic } from '../../client.ts';
import { markUnasked, markUndeliverable } from '../offers/record-delivery.ts';
import { markUnheard } from '../questions/known.ts';
import { recordOptOut } from '../opt-outs/record.ts';
import {
  type LockedMessage,
  addMessageTask,
  closeNotification,
  lockMessage,
  outcomeOfAttempt,
  raiseStatus,
  writeOutcome,
} from './delivery-state.ts';

export type Outcome =
  | { outcome: 'accepted'; providerMessageId: string; status: MessageStatus }
  | { outcome: Exclude<AttemptOutcome, 'accepted'>; errorCode: string };

export interface OutcomeOfAttempt {
  clinicId: ClinicId;
  messageId: MessageId;
  attempt: number;
  outcome: Outcome;
  now: Instant;
}

/** Records what became of one try. A second time it changes nothing, and it never undoes what a receipt has proven. */
export async function recordOutcome(db: Database, record: OutcomeOfAttempt): Promise<void> {
  await inClinic(db, record.clinicId, (tx) => settleAttempt(tx, record));
}

/** The same within a transaction. */
export async function settleAttempt(tx: ClinicTransaction, record: OutcomeOfAttempt): Promise<void> {
  const { messageId, attempt, outcome, now } = record;
  const message = await lockMessage(tx, messageId);
  const known = await outcomeOfAttempt(tx, messageId, attempt);
  if (!message || known === undefined || !mayFollow(known, outcome.outcome)) return;
  const { outcome: word, ...rest } = outcome;
  const { providerMessageId, errorCode } = rest as { providerMessageId?: string; errorCode?: string };
  await writeOutcome(tx, messageId, attempt, {
    outcome: word,
    finishedAt: now,
    ...(providerMessageId === undefined ? {} : { providerMessageId }),
    ...(errorCode === undefined ? {} : { errorCode }),
  });
  await follow(tx, message, record);
}

function mayFollow(known: AttemptOutcome | null, next: AttemptOutcome): boolean {
  if (known === null) return true;
  if (next === 'accepted') return known === 'unknown' || known === 'notFound';
  return next === 'notFound' && known === 'unknown';
}

async function follow(tx: ClinicTransaction, message: LockedMessage, record: OutcomeOfAttempt): Promise<void> {
  const { outcome, now } = record;
  if (outcome.outcome === 'accepted') {
    await raiseStatus(tx, message, { status: outcome.status, errorCode: null, now });
    await closeNotification(tx, message, 'handedOver', null);
  } else if (outcome.outcome === 'rejected') {
    await refuse(tx, message, record, outcome.errorCode);
  } else if (outcome.outcome === 'unknown') {
    await raiseStatus(tx, message, { status: 'unknown', errorCode: outcome.errorCode, now });
  } else if (outcome.outcome === 'busy') {
    // Above `sending`, an earlier try may have left.
    if (message.status === 'sending') await takeBack(tx, message);
    if (carrierErrorClass(outcome.errorCode) === 'account') await tellOfAccount(tx, message, record, outcome.errorCode);
  }
}

/** What this try asked has not been heard. */
async function takeBack(tx: ClinicTransaction, { offerId, content }: LockedMessage): Promise<void> {
  if (offerId) await markUnasked(tx, offerId);
  await markUnheard(tx, content);
}

/** The provider knows us no more: one task a day for the sender, whatever waits behind it. */
async function tellOfAccount(
  tx: ClinicTransaction,
  message: LockedMessage,
  { clinicId, now }: OutcomeOfAttempt,
  errorCode: string,
): Promise<void> {
  const day = new Date(now).toISOString().slice(0, 10);
  const task = { kind: 'undeliverable', dedupeKey: `account:${message.sender}:${day}` } as const;
  await addMessageTask(tx, clinicId, message, { ...task, detail: { errorCode, why: 'account' } }, now);
}

async function refuse(
  tx: ClinicTransaction,
  message: LockedMessage,
  { clinicId, now }: OutcomeOfAttempt,
  errorCode: string,
): Promise<void> {
  const why = carrierErrorClass(errorCode);
  await raiseStatus(tx, message, { status: 'rejected', errorCode, now });
  await closeNotification(tx, message, 'suppressed', why === 'optedOut' ? 'optedOut' : 'rejected');
  await tellOfFailure(tx, clinicId, message, errorCode, now);
}

/**
 * What follows from a message that certainly did not reach its phone or mailbox: of an offer somebody else is asked, and its
 * opening is answered that is to be told; of anything else staff are asked to look. An opt-out ends all offers from there.
 */
export async function tellOfFailure(
  tx: ClinicTransaction,
  clinicId: ClinicId,
  message: LockedMessage,
  errorCode: string,
  now: Instant,
): Promise<OpeningId | null> {
  const why = carrierErrorClass(errorCode);
  const { channel, sender, recipient: phone } = message;
  const hasOptedOut = why === 'optedOut' && channel === 'sms';
  const left = hasOptedOut ? await recordOptOut(tx, clinicId, { sender, phone, source: 'carrier', now }) : [];
  const task = { kind: 'undeliverable', dedupeKey: failureKey(message.id), detail: { errorCode, why } } as const;
  if (isForStaff(message.kind)) await addMessageTask(tx, clinicId, message, task, now);
  await markUnheard(tx, message.content);
  return (message.offerId && (await markUndeliverable(tx, message.offerId))) ?? left[0] ?? null;
}

export function failureKey(messageId: MessageId): string {
  return `undeliverable:${messageId}`;
}
