import { type SQL, and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { AppointmentId, InboundMessageId, MessageId, OpeningId, PatientId, ProposalId } from '../../domain/ids.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import type { AnswerOutcome } from '../../domain/inbound-outcome.ts';
import type { Instant } from '../../domain/interval.ts';
import type { QuestionKind } from '../../domain/question.ts';
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
  id?: (MessageId & InboundMessageId) | undefined;
  appointmentId?: AppointmentId | undefined;
  patientId?: PatientId | undefined;
  /** The last one of the page before. */
  after?: { at: Instant; id: string } | undefined;
  limit: number;
}

/** What was said to patients, newest first. */
export async function listSent(tx: ClinicTransaction, filter: MessageFilter) {
  const { appointmentId, patientId, after, limit } = filter;
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
        filter.id && eq(id, filter.id),
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
export async function listReceived(tx: ClinicTransaction, filter: MessageFilter) {
  const { appointmentId, patientId, after, limit } = filter;
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
      answers: answersIn,
      repliedAbout,
    })
    .from(inboundMessages)
    .where(
      and(
        filter.id && eq(id, filter.id),
        patientId && inArray(sender, numbersOf(eq(patients.id, patientId))),
        appointmentId && sql`exists ${sinceMade}`,
        isBefore(at, id, after),
      ),
    )
    .orderBy(desc(at), desc(id))
    .limit(limit);
}

/** One answer in a text, with whom it was asked of, what it is about and what it led to. */
export interface ReceivedAnswer extends Omit<AnswerOutcome, 'questionId' | 'code'> {
  question: QuestionKind;
  code: ErrorCode | null;
  patientId: PatientId;
  /** Of an offer or a proposal what was taken, else what would have moved. */
  appointmentId: AppointmentId | null;
  openingId: OpeningId | null;
  proposalId: ProposalId | null;
}

const answersIn = sql<ReceivedAnswer[]>`(
  select coalesce(json_agg(json_build_object(
      'question', questions.kind, 'answer', said.outcome ->> 'answer', 'outcome', said.outcome ->> 'outcome',
      'code', said.outcome ->> 'code', 'patientId', questions.patient_id,
      'appointmentId', coalesce(questions.appointment_id, offers.won_appointment_id, offers.appointment_id,
        proposals.taken_appointment_id, proposals.appointment_id),
      'openingId', offers.opening_id, 'proposalId', questions.proposal_id) order by said.place), '[]')
  from jsonb_array_elements(inbound_messages.outcomes) with ordinality as said (outcome, place)
    join questions on questions.id = (said.outcome ->> 'questionId')::uuid
    left join offers on offers.id = questions.offer_id
    left join proposals on proposals.id = questions.proposal_id)`;

/** The visits that the replies to a text speak of. */
const repliedAbout = sql<AppointmentId[]>`array_to_json(array(
  select appointment_id from notification_subjects join notifications on notifications.id = notification_id
  where notifications.patient_id in (select patients.id from patients where mobile = inbound_messages.sender)
    and notifications.created_at >= inbound_messages.received_at
    and dedupe_key like 'reply:' || inbound_messages.id || ':%'))`;

function isBefore(at: AnyPgColumn, id: AnyPgColumn, after: MessageFilter['after']): SQL | undefined {
  return after && sql`(${at}, ${id}) < (${sql.param(after.at, at)}, ${after.id}::uuid)`;
}
