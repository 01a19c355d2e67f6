import type { Appointment } from './appointment.ts';
import type { DirectKind } from './direct-message.ts';
import type { AppointmentId, ClinicId, MessageId, NotificationId } from './ids.ts';
import { HOUR, type Instant } from './interval.ts';
import type { MessageStatus, NotificationKind } from './message.ts';
import { type OfferStatus, type OpeningStatus, liveOfferStatuses } from './opening.ts';
import type { Channel, MessageKind, PlannedMessage } from './plan.ts';
import type { ProposalStatus } from './proposal.ts';

/** One step of an appointment's plan that is due: say this, about the visit at this version of its time. */
export interface HandOver {
  clinicId: ClinicId;
  appointmentId: AppointmentId;
  version: number;
  step: PlannedMessage;
}

/** What is no step of a visit's plan and was planned by itself: say that. */
export interface DirectHandOver {
  clinicId: ClinicId;
  notificationId: NotificationId;
}

/**
 * What became of a hand-over: dealt with for good, or to be tried again then. `superseded`: dealt with, since the visit is
 * no longer as the message has it. `isUnsaid`: it did not leave and will not.
 */
export type HandOverResult =
  | { result: 'done'; isUnsaid?: true }
  | { result: 'superseded' }
  | { result: 'later'; at: Instant };

/** A message of which we do not know whether it left, with all that is needed to say it once more. */
export type UncertainMessage = (HandOver | DirectHandOver) & { messageId: MessageId };

type Truth = (visit: Pick<Appointment, 'status' | 'confirmBy'>, now: Instant) => boolean;

const isBooked: Truth = ({ status }) => status === 'booked';
const isAsked: Truth = ({ status, confirmBy }, now) => status === 'pending' && confirmBy !== null && now <= confirmBy;

const truths: Record<MessageKind, Truth> = {
  booked: isBooked,
  confirmed: isBooked,
  moved: isBooked,
  offerWon: isBooked,
  reminder: isBooked,
  ask: isAsked,
  nudge: isAsked,
  cancelled: ({ status }) => status === 'cancelled',
  expired: ({ status }) => status === 'expired',
};

/** Whether a message about the visit at `version` still says what is so. */
export function isStillTrue(
  kind: MessageKind,
  version: number,
  visit: Pick<Appointment, 'status' | 'confirmBy' | 'version'>,
  now: Instant,
): boolean {
  return visit.version === version && truths[kind](visit, now);
}

/** How that stands of which a direct message speaks, where it can change. */
export type DirectStanding =
  | { kind: 'offer'; status: OfferStatus; opening: OpeningStatus; offerUntil: Instant; hasConsent: boolean }
  /** `isOfVisit`: the visit that would move, if any, is still as it was when the times were proposed. */
  | { kind: 'proposal'; status: ProposalStatus; isOfVisit: boolean }
  | { kind: Exclude<DirectKind, 'offer' | 'proposal'> };

/** Why a direct message must not be said, or null. `isBegun`: an earlier try of this very message has begun to ask. */
export function directObstacle(
  standing: DirectStanding,
  isBegun: boolean,
  now: Instant,
): 'superseded' | 'noConsent' | null {
  // One that has expired unsaid was missed, and staff are told.
  if (standing.kind === 'proposal') {
    return standing.status === 'answered' || !standing.isOfVisit ? 'superseded' : null;
  }
  if (standing.kind !== 'offer') return null;
  const { status, opening, offerUntil, hasConsent } = standing;
  const isLive = isBegun ? isOneOf(liveOfferStatuses, status) : status === 'planned';
  if (!isLive || opening !== 'offering' || now >= offerUntil) return 'superseded';
  return hasConsent ? null : 'noConsent';
}

function isOneOf(statuses: readonly OfferStatus[], status: OfferStatus): boolean {
  return statuses.includes(status);
}

interface Care {
  /** Whether it goes once more where nobody can tell whether it left. */
  repeats: boolean;
  /** Whether staff are asked to look after one that did not arrive. Of an offer the next patient is asked instead. */
  isForStaff: boolean;
}

const mustArrive: Care = { repeats: true, isForStaff: true };
const onceAtMost: Care = { repeats: false, isForStaff: true };

const cares: Record<NotificationKind, Care> = {
  booked: mustArrive,
  confirmed: mustArrive,
  moved: mustArrive,
  cancelled: mustArrive,
  expired: mustArrive,
  ask: mustArrive,
  nudge: mustArrive,
  reminder: onceAtMost,
  offerWon: mustArrive,
  offer: { repeats: false, isForStaff: false },
  offerGone: { repeats: true, isForStaff: false },
  reply: mustArrive,
  proposal: onceAtMost,
  freeText: onceAtMost,
};

/** Whether a message of this kind goes once more after an outcome that nobody can find out. */
export function repeatsAfterUnknown(kind: NotificationKind): boolean {
  return cares[kind].repeats;
}

/** Whether staff are told of a message of this kind that did not arrive, or may not have. */
export function isForStaff(kind: NotificationKind): boolean {
  return cares[kind].isForStaff;
}

/** So long a carrier takes at most to tell what became of a text. */
const RECEIPT_OVERDUE = 3 * HOUR;

const awaitsReceipt: readonly MessageStatus[] = ['accepted', 'queued', 'sent'];

/** A message's status as people see it: of a text that left hours ago and was never heard of again, that there is no receipt. */
export function shownStatus(
  { channel, status, statusAt }: { channel: Channel; status: MessageStatus; statusAt: Instant },
  now: Instant,
): MessageStatus | 'noReceipt' {
  const isOverdue = channel === 'sms' && awaitsReceipt.includes(status) && now - statusAt >= RECEIPT_OVERDUE;
  return isOverdue ? 'noReceipt' : status;
}

/** The key of the same step in the plan of another visit, whose time has a version of its own. */
export function stepKeyAt(stepKey: string, version: number): string {
  return stepKey.replace(/:v\d+$/, `:v${version}`);
}
