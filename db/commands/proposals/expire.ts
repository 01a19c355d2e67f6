import { and, eq } from 'drizzle-orm';
import type { ClinicId, ProposalId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ProposalStatus } from '../../../domain/proposal.ts';
import { type ClinicTransaction, type Database, inClinic } from '../../client.ts';
import { proposals } from '../../schema/index.ts';
import { freeTimes } from './free.ts';

export interface ExpireProposal {
  clinicId: ClinicId;
  proposalId: ProposalId;
  now: Instant;
}

/**
 * Gives the times back where nobody has taken one in time; the last instant is still in time. Answers how the proposal
 * stands, which an answer of the same second may have decided: both lock its row.
 */
export async function expireProposal(
  db: Database,
  { clinicId, proposalId, now }: ExpireProposal,
): Promise<ProposalStatus> {
  return inClinic(db, clinicId, async (tx) => {
    const { status, expiresAt, id } = proposals;
    const [proposal] = await tx
      .select({ status, expiresAt })
      .from(proposals)
      .where(eq(id, proposalId))
      .for('no key update');
    if (!proposal) throw new Error('A proposal is gone that was to expire.');
    if (proposal.status !== 'waiting' || now <= proposal.expiresAt) return proposal.status;
    await giveBack(tx, proposalId, now);
    return 'expired';
  });
}

/** Frees the times that are still kept; one that was answered stays so. */
export async function giveBack(tx: ClinicTransaction, id: ProposalId, now: Instant): Promise<void> {
  const isWaiting = and(eq(proposals.id, id), eq(proposals.status, 'waiting'));
  const { createdAt } = proposals;
  const [ended] = await tx.update(proposals).set({ status: 'expired' }).where(isWaiting).returning({ createdAt });
  if (ended) await freeTimes(tx, { id, ...ended }, now);
}
