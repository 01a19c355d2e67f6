import { foreignKey, index, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core';
import type { AppointmentId, PatientId, ProposalId, ProviderId, RequestId, VisitTypeId } from '../../domain/ids.ts';
import { proposalStatuses } from '../../domain/proposal.ts';
import { appointments } from './appointments.ts';
import { providers, visitTypes } from './catalogue.ts';
import { clinicId, instant, known } from './columns.ts';
import { patients } from './patients.ts';

/** Some times kept for one patient; while it waits it occupies them all under its own id. */
export const proposals = pgTable(
  'proposals',
  {
    clinicId: clinicId(),
    id: uuid('id').$type<ProposalId>().notNull(),
    requestId: uuid('request_id').$type<RequestId>().notNull(),
    patientId: uuid('patient_id').$type<PatientId>().notNull(),
    visitTypeId: uuid('visit_type_id').$type<VisitTypeId>().notNull(),
    /** The visit that would move; without one a new visit is made. */
    appointmentId: uuid('appointment_id').$type<AppointmentId>(),
    status: text('status', { enum: proposalStatuses }).notNull(),
    createdAt: instant('created_at').notNull(),
    sendAt: instant('send_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    answeredAt: instant('answered_at'),
    /** What the patient got; of one that is answered without it they wanted none of the times. */
    takenAppointmentId: uuid('taken_appointment_id').$type<AppointmentId>(),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    index().on(t.clinicId, t.patientId, t.createdAt),
    known('proposals', 'status', proposalStatuses),
    foreignKey({ columns: [t.clinicId, t.patientId], foreignColumns: [patients.clinicId, patients.id] }),
    foreignKey({ columns: [t.clinicId, t.visitTypeId], foreignColumns: [visitTypes.clinicId, visitTypes.id] }),
    foreignKey({ columns: [t.clinicId, t.appointmentId], foreignColumns: [appointments.clinicId, appointments.id] }),
  ],
);

/** One of the times of a proposal, in the order in which the text names them. */
export const proposalTimes = pgTable(
  'proposal_times',
  {
    clinicId: clinicId(),
    proposalId: uuid('proposal_id').$type<ProposalId>().notNull(),
    /** From 1. */
    position: smallint('position').notNull(),
    code: text('code').notNull(),
    providerId: uuid('provider_id').$type<ProviderId>().notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.proposalId, t.position] }),
    foreignKey({ columns: [t.clinicId, t.proposalId], foreignColumns: [proposals.clinicId, proposals.id] }),
    foreignKey({ columns: [t.clinicId, t.providerId], foreignColumns: [providers.clinicId, providers.id] }),
  ],
);
