import type { NotificationId, OpeningId } from './ids.ts';
import { HOUR, type Instant } from './interval.ts';
import type { ClinicPolicy } from './policy.ts';
import { nextAllowed } from './quiet-hours.ts';

/** Some times kept for one patient until they are `answered`, by taking one or by a no to all, or the time to answer is up. */
export const proposalStatuses = ['waiting', 'answered', 'expired'] as const;
export type ProposalStatus = (typeof proposalStatuses)[number];

export interface ProposalMoments {
  sendAt: Instant;
  /** The last instant at which one of the times may be taken. */
  expiresAt: Instant;
}

/** What the workflow of a proposal needs to know of it. */
export interface KeptProposal extends ProposalMoments {
  notificationId: NotificationId;
  /** Openings that are over because their time is kept now. */
  openingIds: readonly OpeningId[];
  /** The clinic's wall-clock time of `expiresAt`, for people who read the Temporal UI. */
  local: string;
}

/**
 * When the times are sent, and until when they are kept: for the clinic's hours from the sending on, and never beyond the
 * start of the last of them.
 */
export function proposalMoments(
  { starts, sendNow, now }: { starts: readonly Instant[]; sendNow: boolean; now: Instant },
  { quietHours, proposals }: Pick<ClinicPolicy, 'quietHours' | 'proposals'>,
  zone: string,
): ProposalMoments {
  const sendAt = sendNow ? now : nextAllowed(now, quietHours, zone);
  return { sendAt, expiresAt: Math.min(sendAt + proposals.holdHours * HOUR, Math.max(...starts)) };
}
