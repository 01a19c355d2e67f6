import { sql } from 'drizzle-orm';
import { foreignKey, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { AppointmentId, OfferId, PatientId, ProposalId, QuestionId } from '../../domain/ids.ts';
import { type Question, questionAnswers, questionKinds } from '../../domain/question.ts';
import { appointments } from './appointments.ts';
import { clinicId, instant, known } from './columns.ts';
import { offers } from './openings.ts';
import { patients } from './patients.ts';
import { proposals } from './proposals.ts';

/**
 * Something that a phone was asked from one of our numbers and may answer by text. What its codes mean holds for that
 * phone alone; whether they can still act is decided by what the question is about.
 */
export const questions = pgTable(
  'questions',
  {
    clinicId: clinicId(),
    id: uuid('id').$type<QuestionId>().notNull(),
    /** Our number. */
    sender: text('sender').notNull(),
    phone: text('phone').notNull(),
    kind: text('kind', { enum: questionKinds }).notNull(),
    patientId: uuid('patient_id').$type<PatientId>().notNull(),
    /** The visit at the version of its time that was named, or the offer, or the proposal. */
    appointmentId: uuid('appointment_id').$type<AppointmentId>(),
    version: integer('version'),
    offerId: uuid('offer_id').$type<OfferId>(),
    proposalId: uuid('proposal_id').$type<ProposalId>(),
    codes: jsonb('codes').$type<Question['codes']>().notNull(),
    /** The last time. */
    askedAt: instant('asked_at').notNull(),
    /** Since when the phone may know of it; null while its text has not left, and where that certainly did not arrive. */
    // The default is what an older release writes.
    knownSince: instant('known_since').default(sql`'epoch'`),
    answeredAt: instant('answered_at'),
    answeredAs: text('answered_as', { enum: questionAnswers }),
    clarifiedAt: instant('clarified_at'),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    index().on(t.clinicId, t.sender, t.phone, t.askedAt),
    index().on(t.clinicId, t.appointmentId),
    known('questions', 'kind', questionKinds),
    foreignKey({ columns: [t.clinicId, t.patientId], foreignColumns: [patients.clinicId, patients.id] }),
    foreignKey({ columns: [t.clinicId, t.appointmentId], foreignColumns: [appointments.clinicId, appointments.id] }),
    foreignKey({ columns: [t.clinicId, t.offerId], foreignColumns: [offers.clinicId, offers.id] }),
    foreignKey({ columns: [t.clinicId, t.proposalId], foreignColumns: [proposals.clinicId, proposals.id] }),
  ],
);
