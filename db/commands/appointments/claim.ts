import { eq } from 'drizzle-orm';
import type { Claim, ClaimedVisit } from '../../../domain/claim.ts';
import type { AppointmentId, OpeningId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { occupancies } from '../../schema/index.ts';
import { type Occupation, occupy } from '../occupancies/occupy.ts';
import { claimOffer, hasWon, settleOffer } from '../openings/claim.ts';
import type { OpeningRow } from '../openings/lock.ts';
import { reopenUnused } from '../openings/reopen.ts';
import { claimProposal, settleProposal, wasTaken } from '../proposals/claim.ts';

/** What is taken; locked until the end of the transaction. */
export interface Claimed {
  claim: Claim;
  /** What occupies the time so far. */
  keptBy: string;
  /** None for a proposal. */
  opening: OpeningRow | undefined;
  /** Of a proposal: since when. */
  keptSince?: Instant;
}

/** Locks what keeps the time for the patient; refuses where it is kept no more. Before anything else is locked. */
export async function takeClaim(tx: ClinicTransaction, claim: Claim, visit: ClaimedVisit): Promise<Claimed> {
  if (claim.kind === 'offer') {
    return { claim, keptBy: claim.openingId, opening: await claimOffer(tx, claim, visit) };
  }
  const keptSince = await claimProposal(tx, claim, visit);
  return { claim, keptBy: claim.proposalId, opening: undefined, keptSince };
}

/** Takes the time from what kept it. What else that kept is free; answers the openings that this makes. */
export async function takeKept(
  tx: ClinicTransaction,
  { keptBy, keptSince }: Claimed,
  taking: Occupation,
): Promise<OpeningId[]> {
  const { ownerId, providerId, during } = occupancies;
  const times = await tx.delete(occupancies).where(eq(ownerId, keptBy)).returning({ providerId, during });
  await occupy(tx, taking);
  return keptSince === undefined ? [] : reopenUnused(tx, { takenAt: keptSince, times, now: taking.now });
}

/** Ends what was claimed, once the visit is stored. Answers the openings whose workflows are to be told. */
export async function settleClaim(
  tx: ClinicTransaction,
  { claim }: Claimed,
  id: AppointmentId,
  now: Instant,
): Promise<OpeningId[]> {
  if (claim.kind === 'offer') return settleOffer(tx, claim, id, now);
  await settleProposal(tx, claim, id, now);
  return [];
}

/** Whether an earlier run of the same claim has made this visit; waits for one that is about to. */
export function wasClaimedBy(tx: ClinicTransaction, claim: Claim, id: AppointmentId): Promise<boolean> {
  return claim.kind === 'offer' ? hasWon(tx, claim, id) : wasTaken(tx, claim, id);
}
