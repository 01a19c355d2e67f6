import { sql } from 'drizzle-orm';
import {
  boolean,
  foreignKey,
  index,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import type { AppointmentId, InboundMessageId, PatientId, TaskId } from '../../domain/ids.ts';
import { type AnswerOutcome, understandings } from '../../domain/inbound-outcome.ts';
import { taskKinds, taskStatuses } from '../../domain/task.ts';
import { appointments } from './appointments.ts';
import { clinics } from './clinics.ts';
import { clinicId, instant, known } from './columns.ts';
import { patients } from './patients.ts';

/** A text that somebody sent us, stored once by the provider's id, with how it was understood and why. */
export const inboundMessages = pgTable(
  'inbound_messages',
  {
    clinicId: clinicId(),
    id: uuid('id').$type<InboundMessageId>().notNull(),
    transport: text('transport').notNull(),
    providerMessageId: text('provider_message_id').notNull(),
    /** The number it came from. */
    sender: text('sender').notNull(),
    /** Our number, which decided the clinic. */
    recipient: text('recipient').notNull(),
    /** Personal identity codes are masked before this is stored. */
    body: text('body').notNull(),
    /** The carrier has told the sender itself that its word was heard. */
    isCarriersWord: boolean('is_carriers_word').notNull().default(false),
    understoodAs: text('understood_as', { enum: understandings }),
    understoodWhy: text('understood_why'),
    /** What each answer in it led to. */
    outcomes: jsonb('outcomes').$type<AnswerOutcome[]>(),
    receivedAt: instant('received_at').notNull(),
    handledAt: instant('handled_at'),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    unique().on(t.transport, t.providerMessageId),
    index().on(t.clinicId, t.sender, t.receivedAt),
    index('inbound_messages_unhandled')
      .on(t.receivedAt)
      .where(sql`handled_at is null`),
    foreignKey({ columns: [t.clinicId], foreignColumns: [clinics.clinicId] }),
  ],
);

/** A phone that wants no more texts from one of our senders; everyone who shares the phone is bound by it. */
export const optOuts = pgTable(
  'opt_outs',
  {
    clinicId: clinicId(),
    id: uuid('id').notNull(),
    sender: text('sender').notNull(),
    phone: text('phone').notNull(),
    /** Where we learnt it: an inbound text, or the carrier's refusal. */
    source: text('source', { enum: ['text', 'carrier'] }).notNull(),
    since: instant('since').notNull(),
    liftedAt: instant('lifted_at'),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    uniqueIndex('opt_outs_standing')
      .on(t.clinicId, t.sender, t.phone)
      .where(sql`lifted_at is null`),
    foreignKey({ columns: [t.clinicId], foreignColumns: [clinics.clinicId] }),
  ],
);

/** A to-do for staff. The dedupe key keeps a repeated cause from making a second one. */
export const tasks = pgTable(
  'tasks',
  {
    clinicId: clinicId(),
    id: uuid('id').$type<TaskId>().notNull(),
    kind: text('kind', { enum: taskKinds }).notNull(),
    status: text('status', { enum: taskStatuses }).notNull(),
    dedupeKey: text('dedupe_key').notNull(),
    appointmentId: uuid('appointment_id').$type<AppointmentId>(),
    patientId: uuid('patient_id').$type<PatientId>(),
    detail: jsonb('detail').$type<Record<string, unknown>>().notNull(),
    createdAt: instant('created_at').notNull(),
    resolvedAt: instant('resolved_at'),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    unique().on(t.clinicId, t.dedupeKey),
    index().on(t.clinicId, t.status, t.createdAt, t.id),
    known('tasks', 'kind', taskKinds),
    known('tasks', 'status', taskStatuses),
    foreignKey({ columns: [t.clinicId, t.appointmentId], foreignColumns: [appointments.clinicId, appointments.id] }),
    foreignKey({ columns: [t.clinicId, t.patientId], foreignColumns: [patients.clinicId, patients.id] }),
  ],
);
