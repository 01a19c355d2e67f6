import { and, asc, eq, isNull, ne, sql } from 'drizzle-orm';
import type { AppointmentId } from '../../domain/ids.ts';
import type { PlannedStep } from '../../domain/plan.ts';
import type { ClinicTransaction } from '../client.ts';
import {
  appointments,
  auditEntries,
  inboundMessages,
  messages,
  notifications,
  notificationSubjects,
  questions,
  requests,
  tasks,
} from '../schema/index.ts';

/** Everything that an appointment's timeline is drawn from; undefined where there is no such appointment. */
export async function loadTimeline(tx: ClinicTransaction, id: AppointmentId) {
  const [appointment] = await tx.select({ plan: appointments.plan }).from(appointments).where(eq(appointments.id, id));
  if (!appointment) return undefined;
  return {
    changes: await changesOf(tx, id),
    answers: await answersOf(tx, id),
    messages: await messagesOf(tx, id),
    unsaid: await unsaidOf(tx, id),
    tasks: await tx
      .select({ at: tasks.createdAt, kind: tasks.kind, status: tasks.status, id: tasks.id })
      .from(tasks)
      .where(eq(tasks.appointmentId, id)),
    planned: await stillToCome(tx, id, appointment.plan),
  };
}

export type Timeline = NonNullable<Awaited<ReturnType<typeof loadTimeline>>>;

async function changesOf(tx: ClinicTransaction, id: AppointmentId) {
  const { at, action, actor, overrode, after } = auditEntries;
  return tx
    .select({ at, action, actor, overrode, after, actorRef: requests.actorRef, reason: requests.reason })
    .from(auditEntries)
    .leftJoin(requests, eq(requests.id, auditEntries.requestId))
    .where(eq(auditEntries.appointmentId, id))
    .orderBy(asc(auditEntries.id));
}

/** What its questions were answered by text. */
async function answersOf(tx: ClinicTransaction, appointmentId: AppointmentId) {
  const { id, receivedAt: at, sender, recipient, outcomes } = inboundMessages;
  const names = sql`${outcomes} @> jsonb_build_array(jsonb_build_object('questionId', ${questions.id}))`;
  const rows = await tx
    .select({ id, at, outcomes, questionId: questions.id })
    .from(questions)
    .innerJoin(inboundMessages, and(eq(sender, questions.phone), eq(recipient, questions.sender), names))
    .where(eq(questions.appointmentId, appointmentId));
  return rows.flatMap(({ outcomes: all, questionId, ...text }) =>
    (all ?? []).filter((one) => one.questionId === questionId).map((outcome) => ({ ...text, ...outcome })),
  );
}

async function messagesOf(tx: ClinicTransaction, appointmentId: AppointmentId) {
  const { id, channel, status, errorCode, createdAt: at, statusAt } = messages;
  return tx
    .select({ id, at, kind: notifications.kind, said: notifications.status, channel, status, errorCode, statusAt })
    .from(notificationSubjects)
    .innerJoin(notifications, eq(notifications.id, notificationSubjects.notificationId))
    .innerJoin(messages, eq(messages.notificationId, notifications.id))
    .where(eq(notificationSubjects.appointmentId, appointmentId));
}

/** What was to be said and was not, with the reason. */
async function unsaidOf(tx: ClinicTransaction, appointmentId: AppointmentId) {
  const { kind, status, statusReason, createdAt: at } = notifications;
  return tx
    .select({ at, kind, status, statusReason })
    .from(notificationSubjects)
    .innerJoin(notifications, eq(notifications.id, notificationSubjects.notificationId))
    .leftJoin(messages, eq(messages.notificationId, notifications.id))
    .where(and(eq(notificationSubjects.appointmentId, appointmentId), isNull(messages.id), ne(status, 'planned')));
}

async function stillToCome(tx: ClinicTransaction, id: AppointmentId, plan: readonly PlannedStep[]) {
  const { stepKey } = notificationSubjects;
  const said = await tx
    .select({ stepKey })
    .from(notificationSubjects)
    .where(eq(notificationSubjects.appointmentId, id));
  const done = new Set(said.map((row) => row.stepKey));
  return plan.filter((step) => !done.has(step.key));
}
