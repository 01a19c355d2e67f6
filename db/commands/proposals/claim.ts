import { and, eq } from 'drizzle-orm';
import type { Claim, ClaimedVisit } from '../../../domain/claim.ts';
import { Refusal } from '../../../domain/errors.ts';
import type { AppointmentId, ProposalId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { proposalTimes, proposals } from '../../schema/index.ts';

type ProposalClaim = Extract<Claim, { kind: 'proposal' }>;
type ProposalRow = typeof proposals.$inferSelect;

/**
 * Locks the times that are kept for the patient, and answers since when they are. Refuses with APPOINTMENT_EXPIRED where they
 * are not any more, or this is none of them.
 */
export async function claimProposal(
  tx: ClinicTransaction,
  { proposalId }: ProposalClaim,
  visit: ClaimedVisit,
): Promise<Instant> {
  const [proposal] = await tx.select().from(proposals).where(eq(proposals.id, proposalId)).for('no key update');
  if (!proposal || !isOpen(proposal, visit) || !(await isProposed(tx, proposalId, visit))) {
    throw new Refusal('APPOINTMENT_EXPIRED', 'The time is not kept any more; ask for others.');
  }
  return proposal.createdAt;
}

function isOpen(proposal: ProposalRow, visit: ClaimedVisit): boolean {
  return (
    proposal.status === 'waiting' &&
    visit.now <= proposal.expiresAt &&
    proposal.patientId === visit.patientId &&
    proposal.visitTypeId === visit.visitTypeId &&
    proposal.appointmentId === (visit.movesFrom === null ? null : visit.appointmentId)
  );
}

async function isProposed(
  tx: ClinicTransaction,
  proposalId: ProposalId,
  { providerId, startsAt }: ClaimedVisit,
): Promise<boolean> {
  const times = await tx
    .select({ position: proposalTimes.position })
    .from(proposalTimes)
    .where(
      and(
        eq(proposalTimes.proposalId, proposalId),
        eq(proposalTimes.providerId, providerId),
        eq(proposalTimes.startsAt, startsAt),
      ),
    );
  return times.length > 0;
}

/** Writes down what the patient took. */
export async function settleProposal(
  tx: ClinicTransaction,
  { proposalId }: ProposalClaim,
  takenAppointmentId: AppointmentId,
  now: Instant,
): Promise<void> {
  await tx
    .update(proposals)
    .set({ status: 'answered', takenAppointmentId, answeredAt: now })
    .where(eq(proposals.id, proposalId));
}

/** Whether this very visit is what was taken of it: by a run that committed while another one waited. */
export async function wasTaken(
  tx: ClinicTransaction,
  { proposalId }: ProposalClaim,
  appointmentId: AppointmentId,
): Promise<boolean> {
  const [proposal] = await tx
    .select({ taken: proposals.takenAppointmentId })
    .from(proposals)
    .where(eq(proposals.id, proposalId))
    .for('no key update');
  return proposal?.taken === appointmentId;
}
