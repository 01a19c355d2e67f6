import type { OfferId, OpeningId, ProposalId } from './ids.ts';

/**
 * The right to a time that is kept for somebody: with it a reservation or a move takes the place of the opening or the
 * proposal, in the same transaction that closes it.
 */
export type Claim =
  | { kind: 'offer'; openingId: OpeningId; offerId: OfferId }
  | { kind: 'proposal'; proposalId: ProposalId };
