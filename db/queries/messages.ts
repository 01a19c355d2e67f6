import { type SQL, and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { AppointmentId, PatientId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import type { ClinicTransaction } from '../client.ts';
import {
  appointments,
  inboundMessages,
  messages,
  notifications,
  notificationSubjects,
  patients,
} from '../schema/index.ts';

export interface MessageFilter {
  appointmentId?: AppointmentId | undefined;
  patientId?: PatientId | undefined;
  /** The last one of the page before. */
  after?: { at: Instant; id: string } | undefined;
  limit: number;
}

/** What was said to patients, newest first. */
export async function listSent(tx: ClinicTransaction, { appointmentId, patientId, after, limit }: MessageFilter) {
  const {
    id,
    channel,
    status,
    errorCode,
    sender,
    recipient,
    language,
    subject,
    body,
    segments,
    createdAt: at,
    statusAt,
  } = messages;
  const about = tx
    .select({ id: notificationSubjects.notificationId })
    .from(notificationSubjects)
    .where(appointmentId && eq(notificationSubjects.appointmentId, appointmentId));
  return tx
    .select({
      id,
      channel,
      status,
      errorCode,
      sender,
      recipient,
      language,
      subject,
      body,
      segments,
      at,
      statusAt,
      kind: notifications.kind,
      patientId: messages.patientId,
      appointmentIds: sql<AppointmentId[]>`array_to_json(array(
        select ${notificationSubjects.appointmentId} from ${notificationSubjects}
        where ${notificationSubjects.notificationId} = ${notifications.id} order by 1))`,
    })
    .from(messages)
    .innerJoin(notifications, eq(notifications.id, messages.notificationId))
    .where(
      and(
        patientId && eq(messages.patientId, patientId),
        appointmentId && inArray(messages.notificationId, about),
        isBefore(at, id, after),
      ),
    )
    .orderBy(desc(at), desc(id))
    .limit(limit);
}

/**
 * What came in, newest first: from the patient's number, or, about an appointment, from its patient's number since it was
 * made. A text does not say which visit it is about.
 */
export async function listReceived(tx: ClinicTransaction, { appointmentId, patientId, after, limit }: MessageFilter) {
  const { id, sender, recipient, body, understoodAs, understoodWhy, receivedAt: at } = inboundMessages;
  const numbersOf = (condition: SQL) => tx.select({ mobile: patients.mobile }).from(patients).where(condition);
  const sinceMade = tx
    .select({ one: sql`1` })
    .from(appointments)
    .innerJoin(patients, eq(patients.id, appointments.patientId))
    .where(
      and(
        appointmentId && eq(appointments.id, appointmentId),
        eq(patients.mobile, sender),
        sql`${appointments.createdAt} <= ${at}`,
      ),
    );
  return tx
    .select({
      id,
      sender,
      recipient,
      body,
      understoodAs,
      understoodWhy,
      at,
      patientIds: sql<
        PatientId[]
      >`array_to_json(array(select ${patients.id} from ${patients} where ${patients.mobile} = ${sender} order by 1))`,
    })
    .from(inboundMessages)
    .where(
      and(
        patientId && inArray(sender, numbersOf(eq(patients.id, patientId))),
        appointmentId && sql`exists ${sinceMade}`,
        isBefore(at, id, after),
      ),
    )
    .orderBy(desc(at), desc(id))
    .limit(limit);
}

function isBefore(at: AnyPgColumn, id: AnyPgColumn, after: MessageFilter['after']): SQL | undefined {
  return after && sql`(${at}, ${id}) < (${sql.param(after.at, at)}, ${after.id}::uuid)`;
}
