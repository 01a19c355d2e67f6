import {
  boolean,
  date,
  foreignKey,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import type { ProviderId, VisitTypeId } from '../../domain/ids.ts';
import { clinics } from './clinics.ts';
import { clinicId } from './columns.ts';

/** Who or what has the calendar: a dentist, a chair, a room. */
export const providers = pgTable(
  'providers',
  {
    clinicId: clinicId(),
    id: uuid('id').$type<ProviderId>().notNull(),
    name: text('name').notNull(),
    isActive: boolean('is_active').notNull().default(true),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    foreignKey({ columns: [t.clinicId], foreignColumns: [clinics.clinicId] }),
  ],
);

/** Weekly hours in the clinic's wall-clock time; several rows a weekday make a break. Weekday 1 = Monday. */
export const providerHours = pgTable(
  'provider_hours',
  {
    clinicId: clinicId(),
    providerId: uuid('provider_id').$type<ProviderId>().notNull(),
    weekday: smallint('weekday').notNull(),
    opensAt: text('opens_at').notNull(),
    closesAt: text('closes_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.providerId, t.weekday, t.opensAt] }),
    foreignKey({ columns: [t.clinicId, t.providerId], foreignColumns: [providers.clinicId, providers.id] }),
  ],
);

/** One date that differs from the week: closed hours, or extra ones. */
export const providerExceptions = pgTable(
  'provider_exceptions',
  {
    clinicId: clinicId(),
    id: uuid('id').notNull(),
    providerId: uuid('provider_id').$type<ProviderId>().notNull(),
    heldOn: date('held_on', { mode: 'string' }).notNull(),
    kind: text('kind', { enum: ['closed', 'extra'] }).notNull(),
    opensAt: text('opens_at').notNull().default('00:00'),
    closesAt: text('closes_at').notNull().default('24:00'),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    foreignKey({ columns: [t.clinicId, t.providerId], foreignColumns: [providers.clinicId, providers.id] }),
  ],
);

/** A bookable service. Null columns mean the clinic's own policy. */
export const visitTypes = pgTable(
  'visit_types',
  {
    clinicId: clinicId(),
    id: uuid('id').$type<VisitTypeId>().notNull(),
    names: jsonb('names').$type<Record<string, string>>().notNull(),
    durationMinutes: integer('duration_minutes').notNull(),
    bufferBeforeMinutes: integer('buffer_before_minutes').notNull().default(0),
    bufferAfterMinutes: integer('buffer_after_minutes').notNull().default(0),
    gridMinutes: integer('grid_minutes').notNull().default(15),
    minimumNoticeMinutes: integer('minimum_notice_minutes').notNull().default(120),
    horizonDays: integer('horizon_days').notNull().default(180),
    selfServiceCancel: text('self_service_cancel', { enum: ['allowed', 'staffOnly'] })
      .notNull()
      .default('allowed'),
    selfServiceMove: text('self_service_move', { enum: ['allowed', 'staffOnly'] })
      .notNull()
      .default('allowed'),
    cancelCutoffMinutes: integer('cancel_cutoff_minutes'),
    moveCutoffMinutes: integer('move_cutoff_minutes'),
    mayBackfill: boolean('may_backfill').notNull().default(true),
    reminderRules: jsonb('reminder_rules').$type<readonly unknown[]>(),
    isActive: boolean('is_active').notNull().default(true),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    foreignKey({ columns: [t.clinicId], foreignColumns: [clinics.clinicId] }),
  ],
);

/** Which provider offers which visit type. */
export const providerVisitTypes = pgTable(
  'provider_visit_types',
  {
    clinicId: clinicId(),
    providerId: uuid('provider_id').$type<ProviderId>().notNull(),
    visitTypeId: uuid('visit_type_id').$type<VisitTypeId>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.providerId, t.visitTypeId] }),
    foreignKey({ columns: [t.clinicId, t.providerId], foreignColumns: [providers.clinicId, providers.id] }),
    foreignKey({ columns: [t.clinicId, t.visitTypeId], foreignColumns: [visitTypes.clinicId, visitTypes.id] }),
  ],
);
