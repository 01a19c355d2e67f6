import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import type {
  AppointmentId,
  OfferId,
  OpeningId,
  PatientId,
  ProviderId,
  VisitTypeId,
  WaitingListEntryId,
} from '../../domain/ids.ts';
import { type OfferReasons, offerStatuses, openingCauses, openingStatuses } from '../../domain/opening.ts';
import { appointments } from './appointments.ts';
import { providers, visitTypes } from './catalogue.ts';
import { clinicId, instant, known, period } from './columns.ts';
import { patients } from './patients.ts';

/** A patient who would like a time, or an earlier one than they have. Null = whatever it is. */
export const waitingList = pgTable(
  'waiting_list',
  {
    clinicId: clinicId(),
    id: uuid('id').$type<WaitingListEntryId>().notNull(),
    patientId: uuid('patient_id').$type<PatientId>().notNull(),
    visitTypeId: uuid('visit_type_id').$type<VisitTypeId>().notNull(),
    providerIds: uuid('provider_ids').$type<ProviderId>().array(),
    /** The clinic's dates, both included. */
    earliestOn: date('earliest_on', { mode: 'string' }),
    latestOn: date('latest_on', { mode: 'string' }),
    /** 1 = Monday. */
    weekdays: smallint('weekdays').array(),
    /** The clinic's wall clock: the whole visit lies between the two. */
    betweenFrom: text('between_from'),
    betweenTo: text('between_to'),
    /** The visit that would move; without one a new visit is made. */
    insteadOf: uuid('instead_of').$type<AppointmentId>(),
    createdAt: instant('created_at').notNull(),
    endedAt: instant('ended_at'),
    endedAs: text('ended_as', { enum: ['removed', 'fulfilled'] }),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    index('waiting_list_open')
      .on(t.clinicId, t.visitTypeId, t.createdAt)
      .where(sql`ended_at is null`),
    index().on(t.clinicId, t.patientId),
    check('waiting_list_between_both', sql`(${t.betweenFrom} is null) = (${t.betweenTo} is null)`),
    check('waiting_list_ended_as', sql`(${t.endedAt} is null) = (${t.endedAs} is null)`),
    foreignKey({ columns: [t.clinicId, t.patientId], foreignColumns: [patients.clinicId, patients.id] }),
    foreignKey({ columns: [t.clinicId, t.visitTypeId], foreignColumns: [visitTypes.clinicId, visitTypes.id] }),
    foreignKey({ columns: [t.clinicId, t.insteadOf], foreignColumns: [appointments.clinicId, appointments.id] }),
  ],
);

/**
 * A freed time that is being offered; while it is, it occupies its time under its own id. Whoever changes it raises
 * `revision`; its workflow writes down the one that it has seen, and the sweep finds where that lags.
 */
export const openings = pgTable(
  'openings',
  {
    clinicId: clinicId(),
    id: uuid('id').$type<OpeningId>().notNull(),
    providerId: uuid('provider_id').$type<ProviderId>().notNull(),
    visitTypeId: uuid('visit_type_id').$type<VisitTypeId>().notNull(),
    startsAt: instant('starts_at').notNull(),
    endsAt: instant('ends_at').notNull(),
    /** Buffers included. */
    during: period('during').notNull(),
    status: text('status', { enum: openingStatuses }).notNull(),
    /** Why it ended without a winner: `staff`, `takenByStaff`, `takenOnline`, `nobodyLeft`, `noticeLimit`. */
    statusReason: text('status_reason'),
    cause: text('cause', { enum: openingCauses }).notNull(),
    /** The visit that gave up the time, and its patient, who is not asked. */
    appointmentId: uuid('appointment_id').$type<AppointmentId>(),
    patientId: uuid('patient_id').$type<PatientId>(),
    /** 0 for a first one; the time that a winner gives up is one deeper. */
    depth: smallint('depth').notNull(),
    /** The opening whose winner, or taker, gave the time back: who won or declined there is not asked again. */
    reopensId: uuid('reopens_id').$type<OpeningId>(),
    /** The notice limit: nobody is asked, and nobody may take it, after it. */
    offerUntil: instant('offer_until').notNull(),
    wave: integer('wave').notNull(),
    /** Patients may book the time online as well. */
    isReleased: boolean('is_released').notNull(),
    winnerOfferId: uuid('winner_offer_id').$type<OfferId>(),
    revision: integer('revision').notNull(),
    seenRevision: integer('seen_revision').notNull(),
    createdAt: instant('created_at').notNull(),
    closedAt: instant('closed_at'),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    index().on(t.clinicId, t.status, t.startsAt),
    index().on(t.clinicId, t.appointmentId),
    index('openings_unseen')
      .on(t.createdAt)
      .where(sql`seen_revision < revision`),
    known('openings', 'status', openingStatuses),
    known('openings', 'cause', openingCauses),
    check('openings_closed_at', sql`(${t.closedAt} is null) = (${t.status} = 'offering')`),
    check('openings_winner', sql`(${t.winnerOfferId} is null) = (${t.status} <> 'filled')`),
    foreignKey({ columns: [t.clinicId, t.providerId], foreignColumns: [providers.clinicId, providers.id] }),
    foreignKey({ columns: [t.clinicId, t.visitTypeId], foreignColumns: [visitTypes.clinicId, visitTypes.id] }),
    foreignKey({ columns: [t.clinicId, t.patientId], foreignColumns: [patients.clinicId, patients.id] }),
    foreignKey({ columns: [t.clinicId, t.appointmentId], foreignColumns: [appointments.clinicId, appointments.id] }),
  ],
);

/** One patient's chance at an opening; nobody has two at the same. */
export const offers = pgTable(
  'offers',
  {
    clinicId: clinicId(),
    id: uuid('id').$type<OfferId>().notNull(),
    openingId: uuid('opening_id').$type<OpeningId>().notNull(),
    patientId: uuid('patient_id').$type<PatientId>().notNull(),
    waitingListEntryId: uuid('waiting_list_entry_id').$type<WaitingListEntryId>().notNull(),
    /** Their later visit, which moves if they take it. */
    appointmentId: uuid('appointment_id').$type<AppointmentId>(),
    wave: integer('wave').notNull(),
    /** The place in the order in which the opening asks, from 1. */
    position: integer('position').notNull(),
    status: text('status', { enum: offerStatuses }).notNull(),
    reasons: jsonb('reasons').$type<OfferReasons>().notNull(),
    createdAt: instant('created_at').notNull(),
    askedAt: instant('asked_at'),
    answeredAt: instant('answered_at'),
    /** What the winner got. */
    wonAppointmentId: uuid('won_appointment_id').$type<AppointmentId>(),
  },
  (t) => [
    primaryKey({ columns: [t.clinicId, t.id] }),
    unique().on(t.clinicId, t.openingId, t.patientId),
    index().on(t.clinicId, t.patientId, t.createdAt),
    index().on(t.clinicId, t.wonAppointmentId),
    known('offers', 'status', offerStatuses),
    foreignKey({ columns: [t.clinicId, t.openingId], foreignColumns: [openings.clinicId, openings.id] }),
    foreignKey({ columns: [t.clinicId, t.patientId], foreignColumns: [patients.clinicId, patients.id] }),
    foreignKey({
      columns: [t.clinicId, t.waitingListEntryId],
      foreignColumns: [waitingList.clinicId, waitingList.id],
    }),
    foreignKey({ columns: [t.clinicId, t.appointmentId], foreignColumns: [appointments.clinicId, appointments.id] }),
    foreignKey({ columns: [t.clinicId, t.wonAppointmentId], foreignColumns: [appointments.clinicId, appointments.id] }),
  ],
);
