import { boolean, date, foreignKey, index, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { PatientId } from '../../domain/ids.ts';
import { clinics } from './clinics.ts';
import { clinicId, instant } from './columns.ts';

/** A person who is treated here. The only table with names and birth dates; everything else carries the id. */
export const patients = pgTable(
  'patients',
  {
    clinicId: clinicId(),
    id: uuid('id').$type<PatientId>().notNull(),
    firstName: text('first_name').notNull(),
    lastName: text('last_name').notNull(),
    /** E.164. */
    mobile: text('mobile'),
    email: text('email'),
    birthOn: date('birth_on', { mode: 'string' }),
    /** BCP 47; null = the clinic's first language. */
    language: text('language'),
    externalId: text('external_id'),
    /** Staff say that the patient is in care here, whatever the visits say. */
    isInCare: boolean('is_in_care').notNull().default(false),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    unique().on(t.clinicId, t.externalId),
    index().on(t.clinicId, t.mobile),
    index().on(t.clinicId, t.lastName, t.firstName),
    foreignKey({ columns: [t.clinicId], foreignColumns: [clinics.clinicId] }),
  ],
);
