import { calendarDaysBefore } from './clinic-time.ts';
import { Refusal } from './errors.ts';
import { HOUR, MINUTE } from './interval.ts';
import type { Instant } from './interval.ts';
import type { ClinicPolicy } from './policy.ts';

type ConfirmationPolicy = Pick<ClinicPolicy, 'confirmation'>;

/**
 * The last instant at which a pre-reservation made then can be confirmed.
 * Refuses with CONFIRMATION_TIME_TOO_SHORT where too little would be left to answer.
 */
export function confirmByFor(madeAt: Instant, startsAt: Instant, zone: string, policy: ConfirmationPolicy): Instant {
  const { daysBefore, hoursToAnswer, closesHoursBefore, minimumHoursToAnswer } = policy.confirmation;
  const wished = Math.max(calendarDaysBefore(startsAt, daysBefore, zone), madeAt + hoursToAnswer * HOUR);
  const confirmBy = Math.min(wished, startsAt - closesHoursBefore * HOUR);
  if (confirmBy - madeAt < minimumHoursToAnswer * HOUR) {
    throw new Refusal(
      'CONFIRMATION_TIME_TOO_SHORT',
      'The visit is too near for the patient to be asked first; book it instead.',
    );
  }
  return confirmBy;
}

/** The last instant at which a hold made then can be confirmed. */
export function holdConfirmBy(madeAt: Instant, policy: Pick<ClinicPolicy, 'holdMinutes'>): Instant {
  return madeAt + policy.holdMinutes * MINUTE;
}

/** Refuses a `confirmBy` chosen by staff that does not lie after now and before the start. */
export function checkConfirmBy(confirmBy: Instant, now: Instant, startsAt: Instant): void {
  if (confirmBy > now && confirmBy < startsAt) return;
  throw new Refusal('VALIDATION_FAILED', 'The answer must be due after now and before the visit starts.', [
    { pointer: '/confirmBy', detail: 'must lie after now and before the start of the visit' },
  ]);
}

/** The first instant at which an unanswered reservation is expired. */
export function expiresAt(confirmBy: Instant): Instant {
  return confirmBy + 1;
}

export interface Nudge {
  daysBefore: number;
  at: Instant;
}

/** When the question is repeated before the answer is due: never within a calendar day of the asking. Earliest first. */
export function nudgesFor(askedAt: Instant, confirmBy: Instant, zone: string, policy: ConfirmationPolicy): Nudge[] {
  const earliest = calendarDaysBefore(askedAt, -1, zone);
  return policy.confirmation.nudgeDaysBefore
    .map((daysBefore) => ({ daysBefore, at: calendarDaysBefore(confirmBy, daysBefore, zone) }))
    .filter((nudge) => nudge.at >= earliest)
    .sort((a, b) => a.at - b.at);
}
