import { and, eq } from 'drizzle-orm';
import type { DirectContent } from '../../../domain/direct-message.ts';
import type { ClinicId, MessageId, NotificationId, OfferId, PatientId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import { rises } from '../../../domain/message.ts';
import type { AttemptOutcome, MessageStatus, NotificationKind, NotificationStatus } from '../../../domain/message.ts';
import type { Channel } from '../../../domain/plan.ts';
import type { ClinicTransaction } from '../../client.ts';
import { messageAttempts, messages, notificationSubjects, notifications } from '../../schema/index.ts';
import { addTask } from '../tasks/add.ts';
import type { TaskKind } from '../../../domain/task.ts';

export interface LockedMessage {
  id: MessageId;
  notificationId: NotificationId;
  kind: NotificationKind;
  /** Of what is no step of a visit's plan. */
  content: DirectContent | null;
  /** That the message makes, if it is one. */
  offerId: OfferId | null;
  patientId: PatientId | null;
  channel: Channel;
  sender: string;
  recipient: string;
  status: MessageStatus;
}

/**
 * The message's row, locked first by everyone who records what became of it, after its notification's as by those who hand
 * it over: they wait for, and never deadlock, each other.
 */
export async function lockMessage(tx: ClinicTransaction, messageId: MessageId): Promise<LockedMessage | undefined> {
  const { id, notificationId, patientId, channel, sender, recipient, status } = messages;
  const notificationOf = tx.select({ id: notificationId }).from(messages).where(eq(id, messageId));
  const [said] = await tx
    .select({ kind: notifications.kind, content: notifications.content })
    .from(notifications)
    .where(eq(notifications.id, notificationOf))
    .for('no key update');
  const [row] = await tx
    .select({ id, notificationId, patientId, channel, sender, recipient, status })
    .from(messages)
    .where(eq(id, messageId))
    .for('no key update');
  if (!said || !row) return undefined;
  return { ...row, ...said, offerId: said.content?.kind === 'offer' ? said.content.offerId : null };
}

/** Moves the message's status upwards; answers whether it rose. */
export async function raiseStatus(
  tx: ClinicTransaction,
  message: LockedMessage,
  { status, errorCode, now }: { status: MessageStatus; errorCode: string | null; now: Instant },
): Promise<boolean> {
  if (!rises(message.channel, message.status, status)) return false;
  await tx.update(messages).set({ status, errorCode, statusAt: now }).where(eq(messages.id, message.id));
  return true;
}

export interface AttemptRecord {
  outcome: AttemptOutcome;
  providerMessageId?: string;
  errorCode?: string;
  finishedAt: Instant;
}

export async function outcomeOfAttempt(
  tx: ClinicTransaction,
  messageId: MessageId,
  number: number,
): Promise<AttemptOutcome | null | undefined> {
  const [row] = await tx
    .select({ outcome: messageAttempts.outcome })
    .from(messageAttempts)
    .where(and(eq(messageAttempts.messageId, messageId), eq(messageAttempts.number, number)));
  return row?.outcome;
}

export async function writeOutcome(
  tx: ClinicTransaction,
  messageId: MessageId,
  number: number,
  record: AttemptRecord,
): Promise<void> {
  await tx
    .update(messageAttempts)
    .set(record)
    .where(and(eq(messageAttempts.messageId, messageId), eq(messageAttempts.number, number)));
}

export async function closeNotification(
  tx: ClinicTransaction,
  message: LockedMessage,
  status: NotificationStatus,
  statusReason: string | null,
): Promise<void> {
  await tx.update(notifications).set({ status, statusReason }).where(eq(notifications.id, message.notificationId));
}

/** Asks staff to look after a message that did not arrive, or may not have. */
export async function addMessageTask(
  tx: ClinicTransaction,
  clinicId: ClinicId,
  message: LockedMessage,
  task: { kind: TaskKind; dedupeKey: string; detail: Record<string, unknown> },
  now: Instant,
): Promise<void> {
  const [subject] = await tx
    .select({ appointmentId: notificationSubjects.appointmentId })
    .from(notificationSubjects)
    .where(eq(notificationSubjects.notificationId, message.notificationId))
    .limit(1);
  const detail = { messageId: message.id, ...task.detail };
  const about = { appointmentId: subject?.appointmentId ?? null, patientId: message.patientId };
  await addTask(tx, clinicId, { kind: task.kind, dedupeKey: task.dedupeKey, ...about, detail }, now);
}
