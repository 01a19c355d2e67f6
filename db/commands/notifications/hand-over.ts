import { and, eq, inArray } from 'drizzle-orm';
import type { DirectHandOver, HandOver } from '../../../domain/delivery.ts';
import type { AppointmentId, ClinicId, MessageId, NotificationId, OfferId, PatientId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { NotificationStatus } from '../../../domain/message.ts';
import type { Channel } from '../../../domain/plan.ts';
import type { TaskKind } from '../../../domain/task.ts';
import { type ClinicTransaction, type Database, inClinic } from '../../client.ts';
import { messageAttempts, messages, notificationSubjects, notifications, pageTokens } from '../../schema/index.ts';
import { settleAttempt } from '../messages/record-outcome.ts';
import { markAsked, markUndeliverable } from '../offers/record-delivery.ts';
import { giveBack } from '../proposals/expire.ts';
import { type PrintedQuestion, writeQuestions } from '../questions/ask.ts';
import { markListed, markUnheard } from '../questions/known.ts';
import { addTask } from '../tasks/add.ts';
import { loadDirectFacts } from './direct-facts.ts';
import type { HandOverFacts, StepFacts, Visit } from './facts.ts';
import { dedupeKeyOf, loadStepFacts, stepKeyFor } from './step-facts.ts';

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
  tokens: readonly { digest: Buffer; patientId: PatientId; appointmentId: AppointmentId }[];
  /** What the text asks. */
  questions: readonly PrintedQuestion[];
}

interface Cause {
  kind: TaskKind;
  dedupeKey: string;
}

/** Nothing (more) is said of this, and why. */
export interface Closing {
  status: Exclude<NotificationStatus, 'planned' | 'sending'>;
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
 * Decides about a hand-over under the lock of what it is about and writes down what was decided, in one transaction: so a
 * message left before a change, or never leaves, and a try is on record before it is made.
 */
export async function planHandOver<Attempt extends NewAttempt>(
  db: Database,
  due: HandOver | DirectHandOver,
  now: Instant,
  decide: (facts: HandOverFacts) => Verdict<Attempt>,
): Promise<Verdict<Attempt>> {
  try {
    return await decideOnce(db, due, now, decide);
  } catch (error) {
    if (!(error instanceof Overtaken)) throw error;
    // What has ended stays so: it is not overtaken twice.
    return decideOnce(db, due, now, decide);
  }
}

function decideOnce<Attempt extends NewAttempt>(
  db: Database,
  due: HandOver | DirectHandOver,
  now: Instant,
  decide: (facts: HandOverFacts) => Verdict<Attempt>,
): Promise<Verdict<Attempt>> {
  const { clinicId } = due;
  return inClinic(db, clinicId, async (tx) => {
    const facts = 'step' in due ? await loadStepFacts(tx, due, now) : await loadDirectFacts(tx, due, now);
    if (!facts) return { verdict: 'done' };
    const decided = decide(facts);
    const writer = { tx, clinicId, facts, now };
    if (decided.verdict === 'attempt') await writeAttempt(writer, decided.attempt);
    if (decided.verdict === 'close') await writeClosing(writer, decided.notificationId, decided.closing);
    if (decided.verdict === 'later' && decided.task) {
      // About the clinic as a whole: whose message it was that had to wait is chance.
      const task = { ...decided.task, appointmentId: null, patientId: null, detail: {} };
      await addTask(tx, clinicId, task, now);
    }
    if (decided.verdict === 'uncertain') {
      // A try without an outcome was cut short by a crash: from here on it counts as one that may have left.
      const outcome = { outcome: 'unknown', errorCode: 'CRASH' } as const;
      await settleAttempt(tx, { ...decided, clinicId, outcome, now });
    }
    return decided;
  });
}

interface Writer<Facts extends HandOverFacts = HandOverFacts> {
  tx: ClinicTransaction;
  clinicId: ClinicId;
  facts: Facts;
  now: Instant;
}

async function writeAttempt(writer: Writer, attempt: NewAttempt): Promise<void> {
  const { tx, clinicId, facts, now } = writer;
  const { channel, transport, sender, recipient, language, subject, body, segments } = attempt;
  const saying = { channel, transport, sender, recipient, language, subject, body, segments };
  const { messageId, notificationId, number, bodyDigest, tokens } = attempt;
  if (facts.earlier) {
    await tx.update(messages).set(saying).where(eq(messages.id, messageId));
  } else {
    await beginNotification(writer, notificationId, attempt.visits, { status: 'sending', statusReason: null });
    const times = { createdAt: now, statusAt: now };
    const message = { clinicId, id: messageId, notificationId, patientId: facts.recipient.id, ...saying, ...times };
    await tx.insert(messages).values({ ...message, status: 'sending' });
  }
  if (tokens.length > 0) {
    await tx.insert(pageTokens).values(tokens.map((token) => ({ clinicId, language, createdAt: now, ...token })));
  }
  await tx.insert(messageAttempts).values({ clinicId, messageId, number, bodyDigest, startedAt: now });
  await writeQuestions(tx, clinicId, attempt.questions, now);
  if (facts.source === 'direct') await markListed(tx, facts.subject.content, now);
  const offerId = offerIn(facts);
  if (offerId && !(await markAsked(tx, offerId, now))) throw new Overtaken();
}

/** The opening ended while its offer was written: nothing of that stands, and it is decided anew. */
class Overtaken extends Error {}

async function writeClosing(writer: Writer, notificationId: NotificationId, closing: Closing): Promise<void> {
  const { tx, clinicId, facts, now } = writer;
  const { status, reason, task } = closing;
  const said = { status, statusReason: reason };
  if (facts.earlier) {
    await tx.update(notifications).set(said).where(eq(notifications.id, notificationId));
    if (status !== 'handedOver') await giveUpMessage(writer, reason);
  } else {
    const own = facts.source === 'plan' ? facts.visits.slice(0, 1) : [];
    await beginNotification(writer, notificationId, own, said);
  }
  if (status !== 'handedOver') await endUnsaid(writer, reason === 'superseded');
  if (!task) return;
  const appointmentId = facts.source === 'plan' ? facts.handOver.appointmentId : null;
  const detail = { notificationId, messageKind: facts.message.kind, reason };
  await addTask(tx, clinicId, { ...task, appointmentId, patientId: facts.recipient.id, detail }, now);
}

/** An offer that reaches nobody is for the next patient. Times of which nobody will be told are free at once. */
async function endUnsaid({ tx, facts, now }: Writer, isSuperseded: boolean): Promise<void> {
  if (facts.source === 'plan') return;
  const { content } = facts.subject;
  if (content.kind === 'offer' && !isSuperseded) await markUndeliverable(tx, content.offerId);
  if (content.kind === 'proposal' && isSuperseded) await giveBack(tx, content.proposalId, now);
  await markUnheard(tx, content);
}

function offerIn(facts: HandOverFacts): OfferId | null {
  if (facts.source === 'plan' || facts.subject.content.kind !== 'offer') return null;
  return facts.subject.content.offerId;
}

/** Of a message that was tried, and that nobody tries any more, nothing is on its way. */
async function giveUpMessage({ tx, facts, now }: Writer, errorCode: string): Promise<void> {
  const messageId = facts.earlier?.messageId;
  if (!messageId) return;
  const isWaiting = and(eq(messages.id, messageId), inArray(messages.status, ['sending', 'unknown']));
  await tx.update(messages).set({ status: 'failed', errorCode, statusAt: now }).where(isWaiting);
}

interface Said {
  status: NotificationStatus;
  statusReason: string | null;
}

/** A step has its notification from now on; a direct one has been there since it was planned. */
async function beginNotification(
  writer: Writer,
  id: NotificationId,
  visits: readonly Visit[],
  said: Said,
): Promise<void> {
  const { tx, facts } = writer;
  if (facts.source === 'plan') return addNotification({ ...writer, facts }, id, visits, said);
  await tx.update(notifications).set(said).where(eq(notifications.id, id));
}

async function addNotification(
  { tx, clinicId, facts, now }: Writer<StepFacts>,
  id: NotificationId,
  visits: readonly Visit[],
  said: Said,
): Promise<void> {
  const { handOver, recipient } = facts;
  const { appointmentId, step, version } = handOver;
  const dedupeKey = dedupeKeyOf(appointmentId, step.key);
  const what = { kind: step.kind, patientId: recipient.id, ...said };
  await tx.insert(notifications).values({ clinicId, id, dedupeKey, ...what, createdAt: now });
  await tx.insert(notificationSubjects).values(
    visits.map((visit) => ({
      clinicId,
      notificationId: id,
      appointmentId: visit.id,
      version: visit.id === appointmentId ? version : visit.version,
      stepKey: stepKeyFor(handOver, visit),
    })),
  );
}
