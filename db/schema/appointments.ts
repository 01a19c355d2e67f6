import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { appointmentStatuses } from '../../domain/appointment.ts';
import type { AppointmentId, PatientId, ProviderId, VisitTypeId } from '../../domain/ids.ts';
import type { Plan } from '../../domain/plan.ts';
import { providers, visitTypes } from './catalogue.ts';
import { clinicId, instant, known, period } from './columns.ts';
import { patients } from './patients.ts';

/** One visit, from reservation to close: the projection of its workflow, written only by that workflow's activities. */
export const appointments = pgTable(
  'appointments',
  {
    clinicId: clinicId(),
    id: uuid('id').$type<AppointmentId>().notNull(),
    status: text('status', { enum: appointmentStatuses }).notNull(),
    statusReason: text('status_reason'),
    patientId: uuid('patient_id').$type<PatientId>(),
    providerId: uuid('provider_id').$type<ProviderId>().notNull(),
    visitTypeId: uuid('visit_type_id').$type<VisitTypeId>().notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    confirmBy: instant('confirm_by'),
    cancelUntil: instant('cancel_until'),
    moveUntil: instant('move_until'),
    version: integer('version').notNull(),
    revision: integer('revision').notNull(),
    /** What the workflow waits for, as planned last. */
    plan: jsonb('plan').$type<Plan>().notNull(),
    /** When the visit became booked, was moved, or was asked about: a reminder whose moment lies before is not sent. */
    settledAt: instant('settled_at')
      .notNull()
      .default(sql`'epoch'`),
    /** False: no reminders, as for a copy. */
    isReminded: boolean('is_reminded').notNull().default(true),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    foreignKey({ columns: [t.clinicId, t.patientId], foreignColumns: [patients.clinicId, patients.id] }),
    foreignKey({ columns: [t.clinicId, t.providerId], foreignColumns: [providers.clinicId, providers.id] }),
    foreignKey({ columns: [t.clinicId, t.visitTypeId], foreignColumns: [visitTypes.clinicId, visitTypes.id] }),
    index().on(t.clinicId, t.startsAt, t.id),
    index().on(t.clinicId, t.providerId, t.startsAt),
    index().on(t.clinicId, t.patientId, t.startsAt),
    check('appointments_end_after_start', sql`${t.endsAt} > ${t.startsAt}`),
    known('appointments', 'status', appointmentStatuses),
    check(
      'appointments_patient_unless_held',
      sql`${t.patientId} is not null or ${t.status} in ('held', 'expired', 'cancelled')`,
    ),
    check(
      'appointments_confirm_by_while_waiting',
      sql`(${t.confirmBy} is not null) = (${t.status} in ('held', 'pending')) or ${t.status} in ('expired', 'cancelled')`,
    ),
  ],
);

/**
 * Taken time, buffers included. Two owners never overlap at one provider: an exclusion constraint holds that,
 * whatever the code does. With `leased_until` it is the API's short claim on a time whose workflow is about to
 * reserve it; without, it is permanent.
 */
export const occupancies = pgTable(
  'occupancies',
  {
    clinicId: clinicId(),
    providerId: uuid('provider_id').$type<ProviderId>().notNull(),
    /** The appointment (or the opening) that takes the time. */
    ownerId: uuid('owner_id').notNull(),
    during: period('during').notNull(),
    leasedUntil: instant('leased_until'),
    /** Who holds the time while a form is filled in: counted, and recognised when they ask again. */
    holder: text('holder'),
  },
  (t) => [
    primaryKey({ columns: [t.providerId, t.ownerId, t.during] }),
    foreignKey({ columns: [t.clinicId, t.providerId], foreignColumns: [providers.clinicId, providers.id] }),
    index().on(t.ownerId),
    index('occupancies_holder_index')
      .on(t.clinicId, t.holder)
      .where(sql`${t.holder} is not null`),
  ],
);
