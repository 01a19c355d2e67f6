import {
  bigint,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { actors, type Appointment, type AuditActor } from '../../domain/appointment.ts';
import type { AppointmentId, RequestId } from '../../domain/ids.ts';
import { appointments } from './appointments.ts';
import { clinics } from './clinics.ts';
import { clinicId, instant, known } from './columns.ts';

/** Who asked for a change and why. Free text stays here: only the id travels through workflows. */
export const requests = pgTable(
  'requests',
  {
    clinicId: clinicId(),
    id: uuid('id').$type<RequestId>().notNull(),
    action: text('action').notNull(),
    actor: text('actor', { enum: actors }).notNull(),
    /** The caller's opaque name for the person. */
    actorRef: text('actor_ref'),
    reason: text('reason'),
    /** Who holds the time, for a hold: only they may give it back. */
    holder: text('holder'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    known('requests', 'actor', actors),
    foreignKey({ columns: [t.clinicId], foreignColumns: [clinics.clinicId] }),
  ],
);

/** The caller's promise that a repeat is a repeat. `request_id` follows from (clinic, key, attempt); its answer is in the audit. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    clinicId: clinicId(),
    key: text('key').notNull(),
    /** SHA-256 of method, path and body. */
    fingerprint: text('fingerprint').notNull(),
    /** Rises when an attempt was refused, so that the same key may be tried again, and where a purged key finds its attempts recorded. */
    attempt: integer('attempt').notNull(),
    /** The standing hold that its holder asked for again under this key: what was reserved then is the answer. */
    joinedId: uuid('joined_id').$type<AppointmentId>(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.key] }),
    index().on(t.createdAt),
    foreignKey({ columns: [t.clinicId], foreignColumns: [clinics.clinicId] }),
  ],
);

/**
 * What happened to an appointment, written in the transaction of each change and never altered: the app role may only
 * add and read. One row a request: found again, it proves that the request is done and holds its answer.
 */
export const auditEntries = pgTable(
  'audit_entries',
  {
    clinicId: clinicId(),
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    appointmentId: uuid('appointment_id').$type<AppointmentId>().notNull(),
    requestId: uuid('request_id').$type<RequestId>().notNull(),
    action: text('action').notNull(),
    actor: text('actor').$type<AuditActor>().notNull(),
    /** The rule that staff or office overrode, if any: an error code. */
    overrode: text('overrode'),
    at: instant('at').notNull(),
    /** The appointment as the change left it. */
    after: jsonb('after').$type<Appointment>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    unique().on(t.clinicId, t.requestId),
    index().on(t.clinicId, t.appointmentId, t.id),
    foreignKey({ columns: [t.clinicId, t.appointmentId], foreignColumns: [appointments.clinicId, appointments.id] }),
  ],
);
