import type { AppointmentStatus } from './appointment.ts';
import type { Instant } from './interval.ts';
import type { OfferStatus, OpeningStatus } from './opening.ts';
import type { ProposalStatus } from './proposal.ts';
import type { Question, QuestionAnswer, QuestionKind } from './question.ts';

/** What a question is about, as it is now. */
export interface QuestionFacts {
  kind: QuestionKind;
  answeredAs: QuestionAnswer | null;
  /** Whether its text has left, and is not known to be lost. */
  isKnown: boolean;
  /** The version of the time that was asked about. */
  version: number | null;
  visit: { status: AppointmentStatus; version: number; startsAt: Instant } | null;
  offerStatus: OfferStatus | null;
  /** Of the opening that was offered. */
  openingStatus: OpeningStatus | null;
  proposal: { status: ProposalStatus; expiresAt: Instant } | null;
}

type Standing = Pick<Question, 'state' | 'answeredAs'>;

/**
 * Whether an answer can still act. It follows from what the question is about and is stored nowhere; deadlines to the
 * millisecond are for the workflow that acts.
 */
export function standingOf(facts: QuestionFacts, now: Instant): Standing {
  const { kind, answeredAs, visit, offerStatus, openingStatus, proposal } = facts;
  const standing = (state: Question['state']): Standing => ({ state, answeredAs });
  const open = standing(facts.isKnown ? 'open' : 'unheard');
  const answered = (as: QuestionAnswer): Standing => ({ state: 'answered', answeredAs: as });
  if (kind === 'offer') {
    if (offerStatus === 'won') return answered('take');
    if (offerStatus === 'gone') return standing('taken');
    if (offerStatus === 'undeliverable') return standing(stateOfUnheard(openingStatus));
    if (offerStatus !== 'planned' && offerStatus !== 'asked') return standing('over');
    return answeredAs === null ? open : answered(answeredAs);
  }
  if (kind === 'proposal') {
    if (answeredAs !== null) return answered(answeredAs);
    return proposal?.status === 'waiting' && now <= proposal.expiresAt ? open : standing('over');
  }
  if (visit === null) return standing('over');
  const isActive = visit.status === 'pending' || visit.status === 'booked';
  if (visit.version !== facts.version) return standing(isActive ? 'superseded' : 'over');
  if (answeredAs !== null) return answered(answeredAs);
  // Confirmed on the page, or by the desk.
  if (kind === 'confirm' && visit.status === 'booked') return answered('confirm');
  return isActive && now < visit.startsAt ? open : standing('over');
}

/** An offer of which its patient may not know ends with its opening, and nobody tells them. */
function stateOfUnheard(openingStatus: OpeningStatus | null): Question['state'] {
  if (openingStatus === 'offering') return 'unheard';
  return openingStatus === 'filled' || openingStatus === 'withdrawn' ? 'taken' : 'over';
}
