import type { Appointment } from './appointment.ts';
import type { AppointmentId, ClinicId, MessageId } from './ids.ts';
import type { Instant } from './interval.ts';
import type { MessageKind, PlannedMessage } from './plan.ts';

/** One step of an appointment's plan that is due: say this, about the visit at this version of its time. */
export interface HandOver {
  clinicId: ClinicId;
  appointmentId: AppointmentId;
  version: number;
  step: PlannedMessage;
}

/**
 * What became of a hand-over: dealt with for good, or to be tried again then. `superseded`: dealt with, since the visit is
 * no longer as the message has it.
 */
export type HandOverResult = { result: 'done' | 'superseded' } | { result: 'later'; at: Instant };

/** A message of which we do not know whether it left, with all that is needed to say it once more. */
export interface UncertainMessage extends HandOver {
  messageId: MessageId;
}

interface Truth {
  holds: (visit: Pick<Appointment, 'status' | 'confirmBy'>, now: Instant) => boolean;
  /** Whether it goes once more where nobody can tell whether it left. */
  repeats: boolean;
}

const isBooked: Truth = { holds: ({ status }) => status === 'booked', repeats: true };
const isAsked: Truth = {
  holds: ({ status, confirmBy }, now) => status === 'pending' && confirmBy !== null && now <= confirmBy,
  repeats: true,
};

const truths: Record<MessageKind, Truth> = {
  booked: isBooked,
  confirmed: isBooked,
  moved: isBooked,
  offerWon: isBooked,
  reminder: { ...isBooked, repeats: false },
  ask: isAsked,
  nudge: isAsked,
  cancelled: { holds: ({ status }) => status === 'cancelled', repeats: true },
  expired: { holds: ({ status }) => status === 'expired', repeats: true },
};

/** Whether a message about the visit at `version` still says what is so. */
export function isStillTrue(
  kind: MessageKind,
  version: number,
  visit: Pick<Appointment, 'status' | 'confirmBy' | 'version'>,
  now: Instant,
): boolean {
  return visit.version === version && truths[kind].holds(visit, now);
}

/** Whether a message of this kind goes once more after an outcome that nobody can find out. */
export function repeatsAfterUnknown(kind: MessageKind): boolean {
  return truths[kind].repeats;
}

/** The key of the same step in the plan of another visit, whose time has a version of its own. */
export function stepKeyAt(stepKey: string, version: number): string {
  return stepKey.replace(/:v\d+$/, `:v${version}`);
}
