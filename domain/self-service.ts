import type { Actor, Appointment } from './appointment.ts';
import { Refusal } from './errors.ts';
import type { ErrorCode } from './errors.ts';
import { MINUTE } from './interval.ts';
import type { Instant } from './interval.ts';
import type { ClinicPolicy } from './policy.ts';

type Limits = Pick<ClinicPolicy, 'cutoffs' | 'selfService'>;

/** The last instant at which the patient may cancel a visit that starts then; null where only staff may. */
export function cancelUntil(startsAt: Instant, policy: Limits): Instant | null {
  return policy.selfService.cancel === 'allowed' ? startsAt - policy.cutoffs.cancelMinutes * MINUTE : null;
}

/** The last instant at which the patient may move a visit that starts then; null where only staff may. */
export function moveUntil(startsAt: Instant, policy: Limits): Instant | null {
  return policy.selfService.move === 'allowed' ? startsAt - policy.cutoffs.moveMinutes * MINUTE : null;
}

export interface SelfServiceRequest {
  action: 'cancel' | 'move';
  actor: Actor;
  now: Instant;
  /** As it is before the change: a move is judged by the old start. */
  appointment: Pick<Appointment, 'endsAt' | 'cancelUntil' | 'moveUntil'>;
  hasReason: boolean;
}

/** A patient's rule that staff or the office set aside, for the audit. */
export type OverriddenRule = Extract<ErrorCode, 'TOO_LATE_TO_CANCEL' | 'TOO_LATE_TO_MOVE' | 'STAFF_ONLY'>;

/**
 * Decides whether this person may cancel or move now: the one place for the API, the link and the text message.
 * Answers the rule that staff or the office override by it, which needs their reason, or null where none stands against it.
 */
export function checkSelfService(request: SelfServiceRequest): OverriddenRule | null {
  const { action, actor, now, appointment, hasReason } = request;
  const tooLate = action === 'cancel' ? 'TOO_LATE_TO_CANCEL' : 'TOO_LATE_TO_MOVE';
  if (now > appointment.endsAt) throw new Refusal(tooLate, `The visit is over; nobody can ${action} it any more.`);

  const until = action === 'cancel' ? appointment.cancelUntil : appointment.moveUntil;
  const broken = until === null ? 'STAFF_ONLY' : now > until ? tooLate : null;
  if (broken === null) return null;
  if (actor === 'patient' || actor === 'guardian') throw new Refusal(broken, adviceTo(action, broken));
  if (!hasReason) {
    throw new Refusal('REASON_REQUIRED', `A patient could no longer ${action} this visit; give a reason.`, [
      {
        pointer: '/reason',
        detail: `says why the visit is ${action === 'cancel' ? 'cancelled' : 'moved'} all the same`,
      },
    ]);
  }
  return broken;
}

function adviceTo(action: 'cancel' | 'move', broken: OverriddenRule): string {
  if (broken === 'STAFF_ONLY') return `Only the clinic can ${action} this kind of visit; please phone the clinic.`;
  return `It is too late to ${action} this visit here; please phone the clinic.`;
}
