import { createHash } from 'node:crypto';
import { type Database, inClinic } from '../../db/client.ts';
import { recordRequest } from '../../db/commands/requests/record.ts';
import { type OfferedVisit, findOfferedVisit } from '../../db/queries/offered-visit.ts';
import { activeStatuses } from '../../domain/appointment.ts';
import type { Claim } from '../../domain/claim.ts';
import { formatForOperators } from '../../domain/clinic-time.ts';
import type { ErrorCode } from '../../domain/errors.ts';
import {
  type AppointmentId,
  type ClinicId,
  type OfferId,
  type OpeningId,
  type RequestId,
  asId,
  uuidOf,
} from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import { moveUpdate } from '../../workflows/appointment/messages.ts';
import { type Asked, askAppointment, askForReservation } from '../ask-appointment.ts';
import { asActivityResult } from '../refusal.ts';

export interface Award {
  clinicId: ClinicId;
  openingId: OpeningId;
  offerId: OfferId;
  /** Of this try: another one is another request. */
  requestId: RequestId;
  now: Instant;
}

/** `busy`: staff are about to take the time, or not. `refused`: the opening has ended, or this patient cannot have it. */
export type Awarded =
  | { outcome: 'won'; appointmentId: AppointmentId }
  | { outcome: 'refused'; code: ErrorCode }
  | { outcome: 'busy' };

/**
 * Asks for the time in the name of the patient who took the offer: their later visit moves there, or a new one is made.
 * Whatever a run before this one has done, the tables know: the offer has won or has not.
 */
export async function awardOffer(db: Database, award: Award): Promise<Awarded> {
  const offered = await begin(db, award);
  if (!offered) return { outcome: 'refused', code: 'NOT_FOUND' };
  if (offered.wonAppointmentId) return { outcome: 'won', appointmentId: offered.wonAppointmentId };
  if (offered.openingStatus !== 'offering') return { outcome: 'refused', code: 'OPENING_CLOSED' };
  const asked = await ask(award, offered);
  const { wonAppointmentId: appointmentId, openingStatus } = (await look(db, award)) ?? offered;
  if (appointmentId) return { outcome: 'won', appointmentId };
  if (openingStatus !== 'offering') return { outcome: 'refused', code: 'OPENING_CLOSED' };
  if (asked.outcome !== 'refused') return { outcome: 'refused', code: 'APPOINTMENT_CLOSED' };
  return asked.code === 'SLOT_TAKEN' ? { outcome: 'busy' } : asked;
}

/** Writes down who asks, as the API does, in the transaction that finds out for what. */
function begin(db: Database, award: Award): Promise<OfferedVisit | undefined> {
  const { clinicId, requestId: id, offerId, now: createdAt } = award;
  const found = inClinic(db, clinicId, async (tx) => {
    const offered = await findOfferedVisit(tx, offerId);
    if (!offered) return undefined;
    const action = movesVisit(offered) ? 'move' : 'book';
    await recordRequest(tx, { clinicId, id, action, actor: 'patient', actorRef: null, reason: null, createdAt });
    return offered;
  });
  return asActivityResult(found);
}

function look(db: Database, { clinicId, offerId }: Award): Promise<OfferedVisit | undefined> {
  return asActivityResult(inClinic(db, clinicId, (tx) => findOfferedVisit(tx, offerId)));
}

/** A later visit that has ended meanwhile does not keep its patient from the time: a new one is made. */
async function ask(award: Award, offered: OfferedVisit): Promise<Asked> {
  if (!movesVisit(offered)) return reserve(award, offered);
  const moved = await move(award, offered);
  const isOver = moved.outcome === 'closed' || (moved.outcome === 'refused' && ended.includes(moved.code));
  return isOver ? reserve(award, offered) : moved;
}

const ended: readonly ErrorCode[] = ['APPOINTMENT_CLOSED', 'APPOINTMENT_EXPIRED'];

function movesVisit(offered: OfferedVisit): offered is OfferedVisit & { appointmentId: AppointmentId } {
  return (
    offered.appointmentStatus !== null && (activeStatuses as readonly string[]).includes(offered.appointmentStatus)
  );
}

const terms = { actor: 'patient', notify: true, remind: true, allowPatientOverlap: false } as const;

function move(award: Award, offered: OfferedVisit & { appointmentId: AppointmentId }): Promise<Asked> {
  const { clinicId, requestId } = award;
  const { appointmentId, startsAt, providerId } = offered;
  const wish = { requestId, hasReason: false, startsAt, providerId, claim: claimOf(award) };
  return askAppointment(moveUpdate, { clinicId, appointmentId }, { ...terms, ...wish });
}

function reserve(award: Award, offered: OfferedVisit): Promise<Asked> {
  const { clinicId, requestId } = award;
  const { patientId, visitTypeId, providerId, startsAt, timeZone } = offered;
  const appointmentId = asId<AppointmentId>(uuidOf(createHash('sha256').update(`appointment ${requestId}`).digest()));
  const visit = { clinicId, appointmentId, requestId, patientId, visitTypeId, providerId, startsAt };
  const summary = `Booked by patient, to whom it was offered, for ${formatForOperators(startsAt, timeZone)} clinic time`;
  return askForReservation({ mode: 'book', confirmBy: null, ...terms, ...visit, claim: claimOf(award) }, summary);
}

function claimOf({ openingId, offerId }: Award): Claim {
  return { kind: 'offer', openingId, offerId };
}
