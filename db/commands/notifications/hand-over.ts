import { and, eq, inArray } from 'drizzle-orm';
import type { HandOver } from '../../../domain/delivery.ts';
import type { AppointmentId, MessageId, NotificationId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { NotificationStatus } from '../../../domain/message.ts';
import type { Channel } from '../../../domain/plan.ts';
import type { TaskKind } from '../../../domain/task.ts';
import { type ClinicTransaction, type Database, inClinic } from '../../client.ts';
import { messageAttempts, messages, notificationSubjects, notifications, pageTokens } from '../../schema/index.ts';
import { settleAttempt } from '../messages/record-outcome.ts';
import { addTask } from '../tasks/add.ts';
import { type HandOverFacts, type Visit, dedupeKeyOf, loadFacts, stepKeyFor } from './facts.ts';

/** One try about to be made. */
export interface NewAttempt {
  notificationId: NotificationId;
  messageId: MessageId;
  number: number;
  visits: readonly Visit[];
  channel: Channel;
  transport: string;
  sender: string;
  recipient: string;
  language: string;
  /** Of an e-mail. */
  subject: string | null;
  body: string;
  segments: number;
  bodyDigest: Buffer;
  tokens: readonly { digest: Buffer; appointmentId: AppointmentId }[];
}

interface Cause {
  kind: TaskKind;
  dedupeKey: string;
}

/** Nothing (more) is said about this step, and why. */
export interface Closing {
  status: Exclude<NotificationStatus, 'sending'>;
  reason: string;
  task: Cause | null;
}

/** What is decided from the facts, before anything leaves. */
export type Verdict<Attempt extends NewAttempt = NewAttempt> =
  /** Dealt with before. */
  | { verdict: 'done' }
  | { verdict: 'later'; at: Instant; task?: Cause }
  /** An earlier try may have left: it must be found out, and nothing be sent meanwhile. */
  | { verdict: 'uncertain'; messageId: MessageId; attempt: number }
  | { verdict: 'close'; notificationId: NotificationId; closing: Closing }
  | { verdict: 'attempt'; attempt: Attempt };

/**
 * Decides about a hand-over under the lock of its visits and writes down what was decided, in one transaction: so a message
 * left before a change, or never leaves, and a try is on record before it is made.
 */
export async function planHandOver<Attempt extends NewAttempt>(
  db: Database,
  handOver: HandOver,
  now: Instant,
  decide: (facts: HandOverFacts) => Verdict<Attempt>,
): Promise<Verdict<Attempt>> {
  return inClinic(db, handOver.clinicId, async (tx) => {
    const facts = await loadFacts(tx, handOver, now);
    if (!facts) return { verdict: 'done' };
    const decided = decide(facts);
    const writer = { tx, handOver, facts, now };
    if (decided.verdict === 'attempt') await writeAttempt(writer, decided.attempt);
    if (decided.verdict === 'close') await writeClosing(writer, decided.notificationId, decided.closing);
    if (decided.verdict === 'later' && decided.task) {
      // About the clinic as a whole: whose message it was that had to wait is chance.
      const task = { ...decided.task, appointmentId: null, patientId: null, detail: {} };
      await addTask(tx, handOver.clinicId, task, now);
    }
    if (decided.verdict === 'uncertain') {
      // A try without an outcome was cut short by a crash: from here on it counts as one that may have left.
      const outcome = { outcome: 'unknown', errorCode: 'CRASH' } as const;
      await settleAttempt(tx, { ...decided, clinicId: handOver.clinicId, outcome, now });
    }
    return decided;
  });
}

interface Writer {
  tx: ClinicTransaction;
  handOver: HandOver;
  facts: HandOverFacts;
  now: Instant;
}

async function writeAttempt(writer: Writer, attempt: NewAttempt): Promise<void> {
  const { tx, handOver, facts, now } = writer;
  const { clinicId } = handOver;
  const { channel, transport, sender, recipient, language, subject, body, segments } = attempt;
  const saying = { channel, transport, sender, recipient, language, subject, body, segments };
  const { messageId, notificationId, number, bodyDigest } = attempt;
  const patientId = facts.recipient.id;
  if (facts.earlier) {
    await tx.update(messages).set(saying).where(eq(messages.id, messageId));
  } else {
    await writeNotification(writer, notificationId, attempt.visits, 'sending', null);
    const times = { createdAt: now, statusAt: now };
    const message = { clinicId, id: messageId, notificationId, patientId, ...saying, ...times };
    await tx.insert(messages).values({ ...message, status: 'sending' });
  }
  const tokens = attempt.tokens.map((token) => ({ clinicId, patientId, language, createdAt: now, ...token }));
  await tx.insert(pageTokens).values(tokens);
  await tx.insert(messageAttempts).values({ clinicId, messageId, number, bodyDigest, startedAt: now });
}

async function writeClosing(writer: Writer, notificationId: NotificationId, closing: Closing): Promise<void> {
  const { tx, handOver, facts, now } = writer;
  const { status, reason, task } = closing;
  if (facts.earlier) {
    await tx.update(notifications).set({ status, statusReason: reason }).where(eq(notifications.id, notificationId));
    if (status !== 'handedOver') await giveUpMessage(writer, reason);
  } else {
    await writeNotification(writer, notificationId, facts.visits.slice(0, 1), status, reason);
  }
  if (!task) return;
  const { appointmentId, clinicId, step } = handOver;
  const detail = { notificationId, messageKind: step.kind, reason };
  await addTask(tx, clinicId, { ...task, appointmentId, patientId: facts.recipient.id, detail }, now);
}

/** Of a message that was tried, and that nobody tries any more, nothing is on its way. */
async function giveUpMessage({ tx, facts, now }: Writer, errorCode: string): Promise<void> {
  const messageId = facts.earlier?.messageId;
  if (!messageId) return;
  const isWaiting = and(eq(messages.id, messageId), inArray(messages.status, ['sending', 'unknown']));
  await tx.update(messages).set({ status: 'failed', errorCode, statusAt: now }).where(isWaiting);
}

async function writeNotification(
  { tx, handOver, facts, now }: Writer,
  id: NotificationId,
  visits: readonly Visit[],
  status: NotificationStatus,
  statusReason: string | null,
): Promise<void> {
  const { clinicId, appointmentId, step } = handOver;
  const dedupeKey = dedupeKeyOf(appointmentId, step.key);
  const patientId = facts.recipient.id;
  await tx
    .insert(notifications)
    .values({ clinicId, id, dedupeKey, kind: step.kind, patientId, status, statusReason, createdAt: now });
  await tx.insert(notificationSubjects).values(
    visits.map((visit) => ({
      clinicId,
      notificationId: id,
      appointmentId: visit.id,
      version: visit.id === appointmentId ? handOver.version : visit.version,
      stepKey: stepKeyFor(handOver, visit),
    })),
  );
}
