import { createHash } from 'node:crypto';
import { type Database, inClinic } from '../db/client.ts';
import type { OtherTimesDue } from '../db/commands/inbound/other-times.ts';
import { recordRequest } from '../db/commands/requests/record.ts';
import { findOtherTimes } from '../db/queries/other-times.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { type ClinicId, type ProposalId, type RequestId, asId, uuidOf } from '../domain/ids.ts';
import type { Instant } from '../domain/interval.ts';
import { attemptTime } from './attempt-time.ts';
import type { ProposalInput } from '../workflows/proposal/messages.ts';
import { askForProposal } from './ask-proposal.ts';
import { asActivityResult } from './refusal.ts';

export interface ProposeOtherTimes extends OtherTimesDue {
  clinicId: ClinicId;
}

/** `nothing`: no time is free that a patient may book, or only the clinic may. */
export type OtherTimesProposed =
  | { outcome: 'proposed'; proposalId: ProposalId }
  | { outcome: 'refused'; code: ErrorCode }
  | { outcome: 'nothing' };

/** Where somebody took one of the times first, so often in all. */
const TRIES = 3;

/**
 * Looks for times in place of a visit that was given up and proposes them, as the patient would choose. Each try has an id
 * of its own, and another one begins only where the one before kept nothing: so there is never more than one proposal.
 */
export async function proposeOtherTimes(db: Database, due: ProposeOtherTimes): Promise<OtherTimesProposed> {
  for (let attempt = 1; ; attempt += 1) {
    const wish = await asActivityResult(begin(db, due, attempt, attemptTime()));
    if (!wish) return { outcome: 'nothing' };
    const asked = await askForProposal(wish);
    if (asked.outcome === 'done') return { outcome: 'proposed', proposalId: wish.proposalId };
    if (asked.code !== 'SLOT_TAKEN' || attempt === TRIES) return asked;
  }
}

/** Writes down for whom times are asked, as the API does, in the transaction that finds them. */
function begin(
  db: Database,
  { clinicId, appointmentId, requestId: answer }: ProposeOtherTimes,
  attempt: number,
  now: Instant,
): Promise<ProposalInput | undefined> {
  const requestId = asId<RequestId>(idOf('request', answer, attempt));
  const proposalId = asId<ProposalId>(idOf('proposal', answer, attempt));
  // By the patient, whose word it follows: it takes no time that patients may not take.
  const actor = 'patient';
  return inClinic(db, clinicId, async (tx) => {
    const found = await findOtherTimes(tx, appointmentId, now);
    if (!found) return undefined;
    const record = { clinicId, id: requestId, action: 'propose', actor, actorRef: null, reason: null } as const;
    await recordRequest(tx, { ...record, createdAt: now });
    const { patientId, visitTypeId } = found;
    const times = found.times.map(({ providerId, startsAt }) => ({ providerId, startsAt }));
    const about = { patientId, visitTypeId, appointmentId: null, times };
    return { clinicId, proposalId, requestId, actor, ...about, sendNow: false };
  });
}

function idOf(what: string, answer: RequestId, attempt: number): string {
  return uuidOf(createHash('sha256').update(`${what} of other times ${answer} ${attempt}`).digest());
}
