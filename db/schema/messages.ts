import {
  bigint,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import type { AppointmentId, MessageId, NotificationId, PatientId } from '../../domain/ids.ts';
import type { DirectContent } from '../../domain/direct-message.ts';
import { channels } from '../../domain/plan.ts';
import { attemptOutcomes, messageStatuses, notificationKinds, notificationStatuses } from '../../domain/message.ts';
import { appointments } from './appointments.ts';
import { clinicId, digest, instant, known } from './columns.ts';
import { patients } from './patients.ts';

/** Something to be said, once: the dedupe key makes a second one impossible. */
export const notifications = pgTable(
  'notifications',
  {
    clinicId: clinicId(),
    id: uuid('id').$type<NotificationId>().notNull(),
    dedupeKey: text('dedupe_key').notNull(),
    kind: text('kind', { enum: notificationKinds }).notNull(),
    /** Null where a number is told that is no patient's. */
    patientId: uuid('patient_id').$type<PatientId>(),
    /** Of what is no step of a visit's plan: the facts that it says, and until when it helps. */
    content: jsonb('content').$type<DirectContent>(),
    usefulUntil: instant('useful_until'),
    /** The number or address to tell, where that is not the patient's own. */
    address: text('address'),
    status: text('status', { enum: notificationStatuses }).notNull(),
    /** Why nothing was said: `optedOut`, `noConsent`, `noChannel`, `tooLate`, `superseded`, `heldBack`, `rejected`. */
    statusReason: text('status_reason'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    unique().on(t.clinicId, t.dedupeKey),
    known('notifications', 'kind', notificationKinds),
    known('notifications', 'status', notificationStatuses),
    index().on(t.clinicId, t.patientId, t.createdAt),
    foreignKey({ columns: [t.clinicId, t.patientId], foreignColumns: [patients.clinicId, patients.id] }),
  ],
);

/** The visits that a notification is about, at the version of their time that it names. */
export const notificationSubjects = pgTable(
  'notification_subjects',
  {
    clinicId: clinicId(),
    notificationId: uuid('notification_id').$type<NotificationId>().notNull(),
    appointmentId: uuid('appointment_id').$type<AppointmentId>().notNull(),
    version: integer('version').notNull(),
    /** The step of the appointment's plan that this fulfils. */
    stepKey: text('step_key').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.notificationId, t.appointmentId] }),
    unique().on(t.clinicId, t.appointmentId, t.stepKey),
    foreignKey({ columns: [t.clinicId, t.notificationId], foreignColumns: [notifications.clinicId, notifications.id] }),
    foreignKey({ columns: [t.clinicId, t.appointmentId], foreignColumns: [appointments.clinicId, appointments.id] }),
  ],
);

/** One recipient on one channel; its status only moves upwards, in the order of `domain/message.ts`. */
export const messages = pgTable(
  'messages',
  {
    clinicId: clinicId(),
    id: uuid('id').$type<MessageId>().notNull(),
    notificationId: uuid('notification_id').$type<NotificationId>().notNull(),
    patientId: uuid('patient_id').$type<PatientId>(),
    channel: text('channel', { enum: channels }).notNull(),
    transport: text('transport').notNull(),
    sender: text('sender').notNull(),
    recipient: text('recipient').notNull(),
    language: text('language').notNull(),
    /** Of an e-mail; null for a text. */
    subject: text('subject'),
    /** As sent, but for the patient's link, which is kept as `{link}`: tokens are stored only as digests. */
    body: text('body').notNull(),
    /** Of a text; 0 for an e-mail. */
    segments: smallint('segments').notNull(),
    status: text('status', { enum: messageStatuses }).notNull(),
    /** The transport's own code of what went wrong. */
    errorCode: text('error_code'),
    createdAt: instant('created_at').notNull(),
    statusAt: instant('status_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    unique().on(t.clinicId, t.notificationId, t.recipient, t.channel),
    known('messages', 'channel', channels),
    known('messages', 'status', messageStatuses),
    index().on(t.clinicId, t.patientId, t.createdAt),
    // For the caps: how many began lately, and to whom.
    index().on(t.clinicId, t.createdAt, t.recipient),
    foreignKey({ columns: [t.clinicId, t.notificationId], foreignColumns: [notifications.clinicId, notifications.id] }),
    foreignKey({ columns: [t.clinicId, t.patientId], foreignColumns: [patients.clinicId, patients.id] }),
  ],
);

/** One try at the transport, committed before it is made: found without an outcome, it may or may not have left. */
export const messageAttempts = pgTable(
  'message_attempts',
  {
    clinicId: clinicId(),
    messageId: uuid('message_id').$type<MessageId>().notNull(),
    number: smallint('number').notNull(),
    /** Of the whole text with its link, to find it again at the transport. */
    bodyDigest: digest('body_digest').notNull(),
    outcome: text('outcome', { enum: attemptOutcomes }),
    providerMessageId: text('provider_message_id'),
    errorCode: text('error_code'),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at'),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.messageId, t.number] }),
    known('message_attempts', 'outcome', attemptOutcomes),
    foreignKey({ columns: [t.clinicId, t.messageId], foreignColumns: [messages.clinicId, messages.id] }),
  ],
);

/** What the transport reported, as it came: repeated, late or out of order. */
export const messageEvents = pgTable(
  'message_events',
  {
    clinicId: clinicId(),
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    messageId: uuid('message_id').$type<MessageId>().notNull(),
    attempt: smallint('attempt').notNull(),
    providerMessageId: text('provider_message_id').notNull(),
    status: text('status').notNull(),
    errorCode: text('error_code').notNull().default(''),
    receivedAt: instant('received_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    unique().on(t.clinicId, t.providerMessageId, t.status, t.errorCode),
    index().on(t.clinicId, t.messageId),
    foreignKey({ columns: [t.clinicId, t.messageId], foreignColumns: [messages.clinicId, messages.id] }),
  ],
);

/** The key to the patient's page of one appointment: a fresh one in each message, dead a week after the visit. */
export const pageTokens = pgTable(
  'page_tokens',
  {
    clinicId: clinicId(),
    digest: digest('digest').notNull(),
    appointmentId: uuid('appointment_id').$type<AppointmentId>().notNull(),
    patientId: uuid('patient_id').$type<PatientId>().notNull(),
    language: text('language').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.digest] }),
    index().on(t.clinicId, t.appointmentId),
    foreignKey({ columns: [t.clinicId, t.appointmentId], foreignColumns: [appointments.clinicId, appointments.id] }),
    foreignKey({ columns: [t.clinicId, t.patientId], foreignColumns: [patients.clinicId, patients.id] }),
  ],
);
