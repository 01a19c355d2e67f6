import { inClinic } from '../db/client.ts';
import { type ListedProposal, findProposal } from '../db/queries/proposals.ts';
import type { ClinicId } from '../domain/ids.ts';
import type { ProposalInput } from '../workflows/proposal/messages.ts';
import { type Asking, beginAttempt, endRefused } from './attempt.ts';
import type { ApiDeps } from './deps.ts';
import { unavailable } from './temporal-outcomes.ts';
import { WAITING } from './time-limit.ts';

export interface ProposalWish extends Asking, Omit<ProposalInput, 'clinicId' | 'proposalId' | 'requestId' | 'actor'> {}

/** Has the times kept and sent once for each key, and answers with their codes. */
export async function propose(
  deps: Pick<ApiDeps, 'db' | 'temporal' | 'now'>,
  clinicId: ClinicId,
  wish: ProposalWish,
): Promise<ListedProposal> {
  const { db, temporal, now } = deps;
  const asking = { ...wish, clinicId, action: 'propose', now: now() };
  const attempt = await inClinic(db, clinicId, (tx) => beginAttempt(tx, asking));
  const { proposalId, requestId, isFirst } = attempt;
  const look = () => inClinic(db, clinicId, (tx) => findProposal(tx, proposalId));
  const known = isFirst ? undefined : await look();
  if (known) return known;
  const { actorRef: _, repeatable, ...wanted } = wish;
  const outcome = await temporal.propose({ clinicId, proposalId, requestId, ...wanted }, WAITING);
  if (outcome.outcome === 'refused') {
    await endRefused(deps, clinicId, repeatable, attempt);
    throw outcome.refusal;
  }
  const proposal = await look();
  if (proposal) return proposal;
  // Its workflow has ended without keeping anything, and what it was refused for is forgotten.
  await endRefused(deps, clinicId, repeatable, attempt);
  throw unavailable();
}
