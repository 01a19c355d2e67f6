import { directKinds } from './direct-message.ts';
import { type Channel, messageKinds } from './plan.ts';

export const notificationKinds = [...messageKinds, ...directKinds] as const;
/** Everything that a notification can say. */
export type NotificationKind = (typeof notificationKinds)[number];

/** A notification: decided but not begun, being handed over, handed over, or not said at all (with a reason). */
export const notificationStatuses = ['planned', 'sending', 'handedOver', 'missed', 'suppressed'] as const;
export type NotificationStatus = (typeof notificationStatuses)[number];

/**
 * A message's delivery, lowest first. It only ever rises: a late or repeated receipt changes nothing, and `delivered`
 * after `undelivered` is a correction, of a mail the other way round. `unknown`: we cannot tell whether the transport took it.
 */
export const messageStatuses = [
  'sending',
  'unknown',
  'accepted',
  'queued',
  'sent',
  'rejected',
  'failed',
  'undelivered',
  'delivered',
] as const;
export type MessageStatus = (typeof messageStatuses)[number];

/** Whether a report of `next` changes a message that is at `current`. */
export function rises(channel: Channel, current: MessageStatus, next: MessageStatus): boolean {
  return rank(channel, next) > rank(channel, current);
}

/** A mail is `delivered` when a first server has taken it; one behind it may send it back, and that is the last word. */
function rank(channel: Channel, status: MessageStatus): number {
  const isLastWord = channel === 'email' && status === 'undelivered';
  return isLastWord ? messageStatuses.length : messageStatuses.indexOf(status);
}

/**
 * What became of one try: `busy` was never processed and is safe to repeat, `unknown` may have left,
 * `notFound` was unknown and the transport says that it never arrived there.
 */
export const attemptOutcomes = ['accepted', 'rejected', 'busy', 'unknown', 'notFound'] as const;
export type AttemptOutcome = (typeof attemptOutcomes)[number];
