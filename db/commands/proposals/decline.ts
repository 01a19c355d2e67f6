import { eq } from 'drizzle-orm';
import type { ClinicId, ProposalId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import { type Database, inClinic } from '../../client.ts';
import { proposals } from '../../schema/index.ts';
import { freeTimes } from './free.ts';

export interface DeclineProposal {
  clinicId: ClinicId;
  proposalId: ProposalId;
  now: Instant;
}

/**
 * Gives the times back to a patient's no. `taken`: one of them is theirs already; `over`: they were free before. A second run
 * finds them declined.
 */
export async function declineProposal(
  db: Database,
  { clinicId, proposalId, now }: DeclineProposal,
): Promise<'declined' | 'taken' | 'over'> {
  return inClinic(db, clinicId, async (tx) => {
    const { id, status, takenAppointmentId, createdAt } = proposals;
    const [proposal] = await tx
      .select({ id, status, takenAppointmentId, createdAt })
      .from(proposals)
      .where(eq(id, proposalId))
      .for('no key update');
    if (proposal?.status === 'answered') return proposal.takenAppointmentId === null ? 'declined' : 'taken';
    if (proposal?.status !== 'waiting') return 'over';
    await tx.update(proposals).set({ status: 'answered', answeredAt: now }).where(eq(id, proposalId));
    await freeTimes(tx, proposal, now);
    return 'declined';
  });
}
