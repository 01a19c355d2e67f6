import { bigint, foreignKey, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { consentCategories, consentSources, consentStates } from '../../domain/consent.ts';
import type { PatientId } from '../../domain/ids.ts';
import { channels } from '../../domain/plan.ts';
import { clinicId, instant, known } from './columns.ts';
import { patients } from './patients.ts';

/** What a patient agreed to, or took back, in which words and by which way; never altered. The last row holds. */
export const consents = pgTable(
  'consents',
  {
    clinicId: clinicId(),
    id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity().notNull(),
    patientId: uuid('patient_id').$type<PatientId>().notNull(),
    category: text('category', { enum: consentCategories }).notNull(),
    channel: text('channel', { enum: channels }).notNull(),
    state: text('state', { enum: consentStates }).notNull(),
    source: text('source', { enum: consentSources }).notNull(),
    wording: text('wording').notNull(),
    recordedAt: instant('recorded_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    index().on(t.clinicId, t.patientId, t.category, t.channel, t.id),
    known('consents', 'category', consentCategories),
    known('consents', 'channel', channels),
    known('consents', 'state', consentStates),
    known('consents', 'source', consentSources),
    foreignKey({ columns: [t.clinicId, t.patientId], foreignColumns: [patients.clinicId, patients.id] }),
  ],
);
