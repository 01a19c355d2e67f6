import { and, asc, eq, gt, gte, lt, or, sql } from 'drizzle-orm';
import { addDays, atLocal, localDate } from '../../../domain/clinic-time.ts';
import { type HandOver, stepKeyAt } from '../../../domain/delivery.ts';
import type { NotificationId, PatientId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { MessageKind } from '../../../domain/plan.ts';
import type { QuestionKind } from '../../../domain/question.ts';
import type { ClinicTransaction } from '../../client.ts';
import {
  appointments,
  clinics,
  messageAttempts,
  messages,
  notificationSubjects,
  notifications,
  patients,
} from '../../schema/index.ts';
import { type AskedBefore, type QuestionSubject, loadAsked } from '../questions/ask.ts';
import type { Clinic, EarlierHandOver, StepFacts, Visit } from './facts.ts';
import { type Recipient, answerable, loadRecipient, oneSenderAtATime } from './recipient.ts';

/** What each of these asks, where it goes to a phone that can answer. */
const questionOf: Partial<Record<MessageKind, QuestionKind>> = { ask: 'confirm', nudge: 'confirm', reminder: 'attend' };

/** Locks whom and what the step is about and reads what decides about it; null where there is nobody to tell. */
export async function loadStepFacts(
  tx: ClinicTransaction,
  handOver: HandOver,
  now: Instant,
): Promise<StepFacts | null> {
  const [target] = await tx
    .select({ patientId: patients.id, startsAt: appointments.startsAt, clinic: clinics, ...oneSenderAtATime })
    .from(appointments)
    .innerJoin(clinics, eq(clinics.clinicId, appointments.clinicId))
    .innerJoin(patients, eq(patients.id, appointments.patientId))
    .where(eq(appointments.id, handOver.appointmentId));
  if (!target) return null;
  const { clinic, patientId } = target;
  const locked = await lockVisits(tx, handOver, target, now);
  const said = await loadSaid(tx, handOver, locked);
  const own = said.filter((row) => row.appointmentId === handOver.appointmentId);
  const visits = visitsToName(handOver, locked, said, own[0]?.notificationId);
  const recipient = { ...(await loadRecipient(tx, { patientId }, now)), id: patientId };
  const facts = { source: 'plan', handOver, message: handOver.step, clinic, recipient, visits } as const;
  return { ...facts, earlier: earlierFrom(handOver, own), before: await loadBefore(tx, handOver, facts, now) };
}

async function loadBefore(
  tx: ClinicTransaction,
  { step }: HandOver,
  facts: { recipient: Recipient & { id: PatientId }; visits: readonly Visit[] },
  now: Instant,
): Promise<AskedBefore | null> {
  const phone = step.channels.includes('sms') ? answerable(facts.recipient) : null;
  const subjects = stepQuestions(step.kind, facts);
  return phone && subjects.length > 0 ? loadAsked(tx, phone, subjects, now) : null;
}

/** What a message of this kind asks about each of the visits, in their order. */
export function stepQuestions(
  kind: MessageKind,
  { recipient, visits }: { recipient: { id: PatientId }; visits: readonly Visit[] },
): QuestionSubject[] {
  const question = questionOf[kind];
  if (!question) return [];
  return visits.map(({ id, version }) => ({
    kind: question,
    patientId: recipient.id,
    appointmentId: id,
    version,
  }));
}

/** A reminder also names the patient's other booked visits of that day that are still to come. In the order of their ids: no two senders block each other. */
async function lockVisits(
  tx: ClinicTransaction,
  { appointmentId, step }: HandOver,
  { patientId, startsAt, clinic }: { patientId: PatientId; startsAt: Instant; clinic: Clinic },
  now: Instant,
): Promise<Visit[]> {
  const { id, status, confirmBy, version, revision, endsAt } = appointments;
  const day = localDate(startsAt, clinic.timeZone);
  const [from, to] = [day, addDays(day, 1)].map((date) => atLocal(date, '00:00', clinic.timeZone).instant);
  const sameDay = and(
    eq(appointments.patientId, patientId),
    eq(status, 'booked'),
    gt(appointments.startsAt, now),
    gte(appointments.startsAt, from ?? startsAt),
    lt(appointments.startsAt, to ?? startsAt),
  );
  return tx
    .select({
      id,
      status,
      startsAt: appointments.startsAt,
      endsAt,
      confirmBy,
      version,
      revision,
      patientId: appointments.patientId,
    })
    .from(appointments)
    .where(step.kind === 'reminder' ? or(eq(id, appointmentId), sameDay) : eq(id, appointmentId))
    .orderBy(asc(id))
    .for('no key update');
}

/** What has been said, or is being said, of this step about each of the visits. */
async function loadSaid(tx: ClinicTransaction, handOver: HandOver, visits: readonly Visit[]) {
  const steps = visits.map((visit) => sql`(${visit.id}::uuid, ${stepKeyFor(handOver, visit)})`);
  return tx
    .select({
      appointmentId: notificationSubjects.appointmentId,
      notificationId: notifications.id,
      status: notifications.status,
      dedupeKey: notifications.dedupeKey,
      messageId: messages.id,
      attempt: {
        number: messageAttempts.number,
        outcome: messageAttempts.outcome,
        startedAt: messageAttempts.startedAt,
      },
    })
    .from(notificationSubjects)
    .innerJoin(notifications, eq(notifications.id, notificationSubjects.notificationId))
    .leftJoin(messages, eq(messages.notificationId, notifications.id))
    .leftJoin(messageAttempts, eq(messageAttempts.messageId, messages.id))
    .where(
      sql`(${notificationSubjects.appointmentId}, ${notificationSubjects.stepKey}) in (${sql.join(steps, sql`, `)})`,
    )
    .orderBy(asc(messageAttempts.number));
}

type Said = Awaited<ReturnType<typeof loadSaid>>[number];

/** The own visit, with those that no other message names. */
function visitsToName(
  { appointmentId }: HandOver,
  locked: readonly Visit[],
  said: readonly Said[],
  ownNotification: NotificationId | undefined,
): Visit[] {
  const namedBy = new Map(said.map((row) => [row.appointmentId, row.notificationId]));
  return locked
    .filter((visit) => visit.id === appointmentId || namedBy.get(visit.id) === ownNotification)
    .toSorted((a, b) => Number(b.id === appointmentId) - Number(a.id === appointmentId));
}

function earlierFrom({ appointmentId, step }: HandOver, own: readonly Said[]): EarlierHandOver | null {
  const [first] = own;
  if (!first) return null;
  return {
    notificationId: first.notificationId,
    status: first.status,
    isOwn: first.dedupeKey === dedupeKeyOf(appointmentId, step.key),
    messageId: first.messageId,
    attempts: own.flatMap(({ attempt }) => (attempt ? [attempt] : [])),
  };
}

/** The key of this step in the plan of that visit. */
export function stepKeyFor({ appointmentId, step }: HandOver, visit: Pick<Visit, 'id' | 'version'>): string {
  return visit.id === appointmentId ? step.key : stepKeyAt(step.key, visit.version);
}

export function dedupeKeyOf(appointmentId: string, stepKey: string): string {
  return `${appointmentId}:${stepKey}`;
}
