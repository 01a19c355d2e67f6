import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, expect } from 'vitest';
import type { MoveCommand } from '../../db/commands/appointments/move.ts';
import { moveAppointment } from '../../db/commands/appointments/move.ts';
import { type ReserveCommand, reserveAppointment } from '../../db/commands/appointments/reserve.ts';
import { planWave } from '../../db/commands/openings/next-wave.ts';
import {
  type AppointmentId,
  type OfferId,
  type OpeningId,
  type PatientId,
  type RequestId,
  asId,
} from '../../domain/ids.ts';
import { HOUR } from '../../domain/interval.ts';
import type { OfferReasons, OfferStatus, OpeningTurn } from '../../domain/opening.ts';
import { testApi } from '../support/api.ts';
import { type TestClinic, addClinic } from '../support/clinic.ts';
import { addCrowd } from '../support/crowd.ts';
import { testDatabase } from '../support/database.ts';

/** Noon of a Tuesday, by the clinic's clock. */
export const NOW = Date.parse('2027-01-12T12:00:00+02:00');
/** Ten o'clock two days later. */
export const THURSDAY = Date.parse('2027-01-14T10:00:00+02:00');

export const iso = (instant: number) => new Date(instant).toISOString();

export interface OfferRow {
  id: OfferId;
  patientId: PatientId;
  entryId: string;
  appointmentId: AppointmentId | null;
  status: OfferStatus;
  wave: number;
  reasons: OfferReasons;
}

export interface OpeningState {
  id: OpeningId;
  status: string;
  reason: string | null;
  cause: string;
  depth: number;
  reopensId: string | null;
  patientId: string | null;
  startsAt: number;
  revision: number;
  seen: number;
}

/** A clinic whose time stands still, with all that openings need. Call it at the top of a file. */
export async function openingDesk(policy: Record<string, unknown> = {}) {
  const { adminUrl, appUrl } = await testDatabase();
  const clinic = await addClinic(adminUrl, { policy });
  const sql = postgres(adminUrl, { max: 6, onnotice: () => {} });
  afterAll(() => sql.end());
  const api = testApi(appUrl);
  api.clock.at = NOW;
  const { db } = api;
  const { clinicId, visitTypeId, providerId } = clinic;

  async function book(startsAt: number, changes: Record<string, unknown> = {}, at: TestClinic = clinic) {
    const visit = { patientId: at.patientId, visitTypeId: at.visitTypeId, providerId: at.providerId };
    const body = { mode: 'book', actor: 'staff', ...visit, startsAt: iso(startsAt), ...changes };
    return api.call(at.staffKey, 'POST', '/v1/appointments', body, { 'idempotency-key': randomUUID() });
  }

  async function booked(startsAt: number, changes: Record<string, unknown> = {}): Promise<AppointmentId> {
    const { status, body } = await book(startsAt, changes);
    expect([status, body.code]).toEqual([201, undefined]);
    return body.id;
  }

  function act(id: string, action: string, changes: Record<string, unknown> = {}) {
    const body = { actor: 'staff', reason: 'because', ...changes };
    return api.call(clinic.staffKey, 'POST', `/v1/appointments/${id}/${action}`, body);
  }

  async function openings(): Promise<OpeningState[]> {
    const rows = await sql<(Omit<OpeningState, 'startsAt'> & { startsAt: Date })[]>`
      select id, status, status_reason as reason, cause, depth, reopens_id as "reopensId", patient_id as "patientId",
        starts_at as "startsAt", revision, seen_revision as seen
      from openings where clinic_id = ${clinicId} order by created_at, starts_at`;
    return rows.map((row) => ({ ...row, startsAt: row.startsAt.getTime() }));
  }

  async function opening(id: string): Promise<OpeningState> {
    return (await openings()).find((row) => row.id === id)!;
  }

  /** Makes an opening by a cancellation of the clinic's first patient. */
  async function freed(startsAt: number = THURSDAY, changes: Record<string, unknown> = {}): Promise<OpeningId> {
    const visit = await booked(startsAt, changes);
    expect((await act(visit, 'cancel')).status).toBe(200);
    const [made] = await sql<{ id: OpeningId }[]>`select id from openings where appointment_id = ${visit}`;
    return made!.id;
  }

  /** The owners of the occupied time at that start. */
  async function owners(startsAt: number): Promise<string[]> {
    const rows = await sql<{ owner: string }[]>`
      select owner_id as owner from occupancies where clinic_id = ${clinicId} and lower(during) = ${iso(startsAt)}`;
    return rows.map(({ owner }) => owner);
  }

  interface Waiting {
    patientId?: PatientId;
    insteadOf?: string;
    since?: number;
    consents?: boolean;
  }

  /** Somebody who waits, reachable and willing; one more patient unless one is named. */
  async function waiting({
    patientId,
    insteadOf,
    since = NOW - HOUR,
    consents = true,
  }: Waiting = {}): Promise<PatientId> {
    const id = patientId ?? (await addCrowd(sql, clinic, 1))[0]!.patientId;
    await sql`insert into waiting_list (clinic_id, id, patient_id, visit_type_id, instead_of, created_at)
      values (${clinicId}, ${randomUUID()}, ${id}, ${visitTypeId}, ${insteadOf ?? null}, ${iso(since)})`;
    if (consents) await consent(id, 'given');
    return id;
  }

  async function crowdWaiting(size: number): Promise<PatientId[]> {
    const crowd = (await addCrowd(sql, clinic, size)).map((member) => member.patientId);
    await sql`insert into waiting_list (clinic_id, id, patient_id, visit_type_id, created_at)
      select ${clinicId}::uuid, gen_random_uuid(), id, ${visitTypeId}::uuid, ${iso(NOW - 24 * HOUR)}::timestamptz + place * interval '1 second'
      from unnest(${crowd}::uuid[]) with ordinality as t (id, place)`;
    await sql`insert into consents (clinic_id, patient_id, category, channel, state, source, wording, recorded_at)
      select ${clinicId}::uuid, id, 'offers', 'sms', 'given', 'staff', 'yes', now() from unnest(${crowd}::uuid[]) as t (id)`;
    return crowd;
  }

  async function consent(patientId: string, state: 'given' | 'withdrawn', category = 'offers', channel = 'sms') {
    await sql`insert into consents (clinic_id, patient_id, category, channel, state, source, wording, recorded_at)
      values (${clinicId}, ${patientId}, ${category}, ${channel}, ${state}, 'staff', 'yes', now())`;
  }

  function offersOf(openingId: string): Promise<OfferRow[]> {
    return sql<OfferRow[]>`
      select id, patient_id as "patientId", waiting_list_entry_id as "entryId", appointment_id as "appointmentId", status, wave, reasons
      from offers where opening_id = ${openingId} order by position`;
  }

  function wave(openingId: OpeningId, now: number = NOW): Promise<OpeningTurn> {
    return planWave(db, { clinicId, openingId, now });
  }

  /** As if the texts of these offers had left. */
  async function markAsked(openingId: string, now: number = NOW): Promise<void> {
    await sql`update offers set status = 'asked', asked_at = ${iso(now)} where opening_id = ${openingId} and status = 'planned'`;
  }

  const by = (now: number) => ({ clinicId, requestId: asId<RequestId>(randomUUID()), actor: 'patient' as const, now });
  const claim = (openingId: OpeningId, offerId: OfferId) => ({ kind: 'offer' as const, openingId, offerId });
  const always = { notify: true, remind: true, allowPatientOverlap: false };

  /** What the award asks of the winner's appointment: a new one, or the move of the later one. */
  function take(openingId: OpeningId, offer: OfferRow, changes: Partial<ReserveCommand & MoveCommand> = {}) {
    const at = { providerId, startsAt: THURSDAY, claim: claim(openingId, offer.id) };
    if (offer.appointmentId) {
      const command = { ...by(NOW), appointmentId: offer.appointmentId, revision: 1, overrode: null, ...always, ...at };
      return moveAppointment(db, { ...command, ...changes });
    }
    const appointmentId = asId<AppointmentId>(randomUUID());
    const visit = { appointmentId, patientId: offer.patientId, visitTypeId, mode: 'book' as const, confirmBy: null };
    return reserveAppointment(db, { ...by(NOW), ...visit, ...always, ...at, ...changes });
  }

  /** The winner's visit, with a life that the API can reach. */
  async function winByApi(openingId: OpeningId, offer: OfferRow, startsAt: number): Promise<AppointmentId> {
    const appointmentId = asId<AppointmentId>(randomUUID());
    const visit = { appointmentId, patientId: offer.patientId, visitTypeId, providerId, startsAt };
    const terms = { ...always, mode: 'book', confirmBy: null, claim: claim(openingId, offer.id) } as const;
    const outcome = await api.temporal.reserve({ ...by(NOW), ...visit, ...terms }, 'won', 1_000);
    expect(outcome.outcome).toBe('done');
    return appointmentId;
  }

  const waits = { waiting, crowdWaiting, consent };
  const states = { openings, opening, owners, offersOf };
  return {
    adminUrl,
    clinic,
    sql,
    api,
    db,
    book,
    booked,
    act,
    freed,
    wave,
    markAsked,
    take,
    winByApi,
    ...waits,
    ...states,
  };
}
