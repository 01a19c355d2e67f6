import { type Recipient, answerable } from '../../db/commands/notifications/recipient.ts';
import type { DueMessage, HandOverFacts } from '../../db/commands/notifications/facts.ts';
import type { Closing } from '../../db/commands/notifications/hand-over.ts';
import { isForStaff } from '../../domain/delivery.ts';
import type { NotificationKind } from '../../domain/message.ts';
import type { Channel } from '../../domain/plan.ts';
import type { Transports } from './transports/transport.ts';

type Obstacle = 'notOffered' | 'noAddress' | 'optedOut';

/** Useless to whoever cannot reply: there is no other way to answer them. */
const answeredByText: readonly NotificationKind[] = ['offer', 'proposal'];

function obstacle(
  channel: Channel,
  { kind }: Pick<DueMessage, 'kind'>,
  recipient: Recipient,
  transports: Transports,
): Obstacle | null {
  if (!transports[channel] || recipient.senders[channel] === null) return 'notOffered';
  if (recipient.addresses[channel] === null) return 'noAddress';
  if (answeredByText.includes(kind) && !answerable(recipient)) return 'notOffered';
  return channel === 'sms' && recipient.hasOptedOut ? 'optedOut' : null;
}

/** The first of the message's channels on which the clinic can reach the recipient. */
export function firstUsable(
  message: Pick<DueMessage, 'kind' | 'channels'>,
  recipient: Recipient,
  transports: Transports,
): Channel | undefined {
  return message.channels.find((channel) => obstacle(channel, message, recipient, transports) === null);
}

/** One task a visit and reason. E-mail alone comes on top of the texts: that somebody has none is nothing to look after. */
export function unreachable(facts: HandOverFacts, transports: Transports): Closing {
  const { message, recipient } = facts;
  const obstacles = message.channels.map((channel) => obstacle(channel, message, recipient, transports));
  const reason = obstacles.includes('optedOut') ? 'optedOut' : 'noChannel';
  const about = facts.source === 'plan' ? facts.handOver.appointmentId : facts.notificationId;
  const isMissed = facts.source === 'direct' || message.channels.includes('sms');
  const task = { kind: 'undeliverable', dedupeKey: `undeliverable:${about}:${reason}` } as const;
  return { status: 'suppressed', reason, task: isMissed && isForStaff(message.kind) ? task : null };
}
