import type { VisitPage } from '../../../db/queries/visit-page.ts';
import { type ErrorCode, Refusal } from '../../../domain/errors.ts';
import type { Instant } from '../../../domain/interval.ts';
import { checkSelfService } from '../../../domain/self-service.ts';
import type { Bar, Done, Situation } from './texts/texts.ts';

/** Whether the patient can do it here: until when, or why not. */
export type Choice = { until: Instant } | { bar: Bar };
export type Change = 'move' | 'cancel';
export type Choices = Record<Change, Choice>;

/** What the patient needs to know of the visit now. */
export function situationOf({ status, startsAt, confirmBy }: VisitPage, now: Instant): Situation {
  if (status === 'cancelled' || status === 'expired') return status;
  if (status === 'pending' || status === 'held') return confirmBy !== null && now <= confirmBy ? 'waiting' : 'expired';
  return status === 'booked' && now < startsAt ? 'booked' : 'over';
}

/** What the patient may change of a visit to come; undefined where there is nothing to change. */
export function choicesOf(visit: VisitPage, now: Instant): Choices | undefined {
  const situation = situationOf(visit, now);
  if (visit.status === 'held' || (situation !== 'waiting' && situation !== 'booked')) return undefined;
  return { move: choiceOf(visit, 'move', now), cancel: choiceOf(visit, 'cancel', now) };
}

function choiceOf(visit: VisitPage, action: Change, now: Instant): Choice {
  try {
    checkSelfService({ action, actor: 'patient', now, appointment: visit, hasReason: false });
  } catch (error) {
    const bar = error instanceof Refusal ? barOf(error.code) : undefined;
    if (!bar) throw error;
    return { bar };
  }
  const until = (action === 'move' ? visit.moveUntil : visit.cancelUntil) ?? visit.startsAt;
  return { until: Math.min(until, visit.confirmBy ?? until) };
}

/** The refusals that lead to the telephone. */
export function barOf(code: ErrorCode): Bar | undefined {
  if (code === 'STAFF_ONLY') return 'staffOnly';
  return code === 'TOO_LATE_TO_CANCEL' || code === 'TOO_LATE_TO_MOVE' ? 'tooLate' : undefined;
}

/** The address may say that something was done; it is believed where the visit agrees. */
export function doneOf(visit: VisitPage, now: Instant, claimed: string | undefined): Done | undefined {
  const situation = situationOf(visit, now);
  if (claimed === 'cancelled') return situation === 'cancelled' ? claimed : undefined;
  if (situation !== 'booked') return undefined;
  if (claimed === 'moved') return visit.version > 1 ? claimed : undefined;
  return claimed === 'confirmed' ? claimed : undefined;
}
