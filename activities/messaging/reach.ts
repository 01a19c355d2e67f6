import type { Recipient } from '../../db/commands/notifications/facts.ts';
import type { Closing } from '../../db/commands/notifications/hand-over.ts';
import type { HandOver } from '../../domain/delivery.ts';
import type { Channel } from '../../domain/plan.ts';
import type { Transports } from './transports/transport.ts';

type Obstacle = 'notOffered' | 'noAddress' | 'optedOut';

function obstacle(channel: Channel, recipient: Recipient, transports: Transports): Obstacle | null {
  if (!transports[channel] || recipient.senders[channel] === null) return 'notOffered';
  if (recipient.addresses[channel] === null) return 'noAddress';
  return channel === 'sms' && recipient.hasOptedOut ? 'optedOut' : null;
}

/** The first of the channels on which the clinic can reach the patient. */
export function firstUsable(
  channels: readonly Channel[],
  recipient: Recipient,
  transports: Transports,
): Channel | undefined {
  return channels.find((channel) => obstacle(channel, recipient, transports) === null);
}

/** One task a visit and reason. E-mail alone comes on top of the texts: that somebody has none is nothing to look after. */
export function unreachable({ appointmentId, step }: HandOver, recipient: Recipient, transports: Transports): Closing {
  const obstacles = step.channels.map((channel) => obstacle(channel, recipient, transports));
  const reason = obstacles.includes('optedOut') ? 'optedOut' : 'noChannel';
  const dedupeKey = `undeliverable:${appointmentId}:${reason}`;
  const task = step.channels.includes('sms') ? ({ kind: 'undeliverable', dedupeKey } as const) : null;
  return { status: 'suppressed', reason, task };
}
