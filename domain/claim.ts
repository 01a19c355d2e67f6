import type { AppointmentId, OfferId, OpeningId, PatientId, ProposalId, ProviderId, VisitTypeId } from './ids.ts';
import type { Instant } from './interval.ts';

/**
 * The right to a time that is kept for somebody: with it a reservation or a move takes the place of the opening or the
 * proposal, in the same transaction that closes it.
 */
export type Claim =
  | { kind: 'offer'; openingId: OpeningId; offerId: OfferId }
  | { kind: 'proposal'; proposalId: ProposalId };

/** What is to stand at the time that was kept. */
export interface ClaimedVisit {
  appointmentId: AppointmentId;
  patientId: PatientId | null;
  visitTypeId: VisitTypeId;
  providerId: ProviderId;
  startsAt: Instant;
  /** The start of the visit that moves; null for a new one. */
  movesFrom: Instant | null;
  now: Instant;
}
