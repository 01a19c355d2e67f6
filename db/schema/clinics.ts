import { boolean, foreignKey, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { ClinicId } from '../../domain/ids.ts';
import { actors } from '../../domain/appointment.ts';
import { channels } from '../../domain/plan.ts';
import { clinicId, digest, instant } from './columns.ts';

/** The tenant: owns every other row. `policy` holds only what differs from the defaults in `domain/policy.ts`. */
export const clinics = pgTable('clinics', {
  clinicId: uuid('clinic_id').$type<ClinicId>().primaryKey(),
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  /** ISO 3166-1 alpha-2; phone numbers without a + are read by it. */
  country: text('country').notNull(),
  timeZone: text('time_zone').notNull(),
  /** First = default. */
  languages: text('languages').array().notNull(),
  phone: text('phone').notNull(),
  address: text('address').notNull(),
  policy: jsonb('policy').$type<Record<string, unknown>>().notNull().default({}),
});

/** A bearer key of the HTTP API, kept as a digest; `scopes` are the actors that it may speak for. */
export const apiKeys = pgTable(
  'api_keys',
  {
    clinicId: clinicId(),
    id: uuid('id').notNull(),
    name: text('name').notNull(),
    digest: digest('digest').notNull().unique(),
    scopes: text('scopes', { enum: actors }).array().notNull(),
    createdAt: instant('created_at').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    foreignKey({ columns: [t.clinicId], foreignColumns: [clinics.clinicId] }),
  ],
);

/** A number or address that messages leave from and that answers arrive at; it decides the clinic of an inbound text. */
export const senders = pgTable(
  'senders',
  {
    clinicId: clinicId(),
    id: uuid('id').notNull(),
    channel: text('channel', { enum: channels }).notNull(),
    address: text('address').notNull(),
    isActive: boolean('is_active').notNull().default(true),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    unique().on(t.channel, t.address),
    foreignKey({ columns: [t.clinicId], foreignColumns: [clinics.clinicId] }),
  ],
);
