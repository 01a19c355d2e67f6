import { foreignKey, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { FreeTextId, PatientId, RequestId } from '../../domain/ids.ts';
import { channels } from '../../domain/plan.ts';
import { clinics } from './clinics.ts';
import { clinicId, instant, known } from './columns.ts';
import { patients } from './patients.ts';

/** A text that staff wrote themselves, to a patient or to any number or address; only its id travels. */
export const freeTexts = pgTable(
  'free_texts',
  {
    clinicId: clinicId(),
    id: uuid('id').$type<FreeTextId>().notNull(),
    requestId: uuid('request_id').$type<RequestId>().notNull(),
    patientId: uuid('patient_id').$type<PatientId>(),
    channel: text('channel', { enum: channels }).notNull(),
    /** Null: where the patient is reached. */
    address: text('address'),
    body: text('body').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    known('free_texts', 'channel', channels),
    foreignKey({ columns: [t.clinicId], foreignColumns: [clinics.clinicId] }),
    foreignKey({ columns: [t.clinicId, t.patientId], foreignColumns: [patients.clinicId, patients.id] }),
  ],
);
