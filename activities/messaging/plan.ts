import { randomUUID } from 'node:crypto';
import type { EarlierHandOver, HandOverFacts, Recipient, Visit } from '../../db/commands/notifications/facts.ts';
import type { Closing, NewAttempt, Verdict } from '../../db/commands/notifications/hand-over.ts';
import { type HandOver, isStillTrue, repeatsAfterUnknown } from '../../domain/delivery.ts';
import { type MessageId, type NotificationId, asId } from '../../domain/ids.ts';
import { type Instant, MINUTE } from '../../domain/interval.ts';
import type { Channel } from '../../domain/plan.ts';
import { resolvePolicy } from '../../domain/policy.ts';
import { handOverDecision } from '../../domain/quiet-hours.ts';
import { chooseLanguage } from '../../domain/spoken-time.ts';
import { renderSms } from './render.ts';
import { newPageToken, sha256 } from './secrets.ts';
import type { Transports } from './transports/transport.ts';

/** A try that has been written down, with the text that is not. */
export interface PlannedAttempt extends NewAttempt {
  text: string;
}

export interface Means {
  transports: Transports;
  /** Where patients' links lead, without a slash at the end. */
  publicUrl: string;
}

/** `delivery` speaks for the workflow that finds out about uncertain tries, and alone may say a message once more. */
export interface Moment {
  now: Instant;
  by: 'appointment' | 'delivery';
}

/** What to do about a step that is due: pure, from facts that are locked meanwhile. */
export function judge(handOver: HandOver, facts: HandOverFacts, moment: Moment, means: Means): Verdict<PlannedAttempt> {
  const { earlier, clinic } = facts;
  const { step, version } = handOver;
  const { now } = moment;
  const before = earlier && judgeEarlier(earlier, moment);
  if (before) return before;

  const [own] = facts.visits;
  const current = facts.visits.filter((visit) =>
    isStillTrue(step.kind, visit === own ? version : visit.version, visit, now),
  );
  const notificationId = earlier?.notificationId ?? asId<NotificationId>(randomUUID());
  const close = (closing: Closing) => ({ verdict: 'close', notificationId, closing }) as const;
  if (current.length === 0 || (!earlier && own !== current[0])) {
    return close({ status: 'suppressed', reason: 'superseded', task: null });
  }
  if (moment.by === 'delivery' && !mayRepeat(handOver, earlier)) return close(givenUp(notificationId));

  const { quietHours } = resolvePolicy(clinic.policy);
  const starts = current.map((visit) => visit.startsAt);
  const decision = handOverDecision(step, now, { zone: clinic.timeZone, quietHours, starts });
  if (decision === 'missed') return close(missed(notificationId));
  if (decision !== 'send') return { verdict: 'later', at: decision.later };

  const channel = step.channels.find((each) => obstacle(each, facts.recipient, means.transports) === null);
  if (!channel) return close(unreachable(handOver, facts.recipient, means.transports));
  const attempt = compose({ handOver, facts: { ...facts, visits: current }, notificationId, channel, now, means });
  return { verdict: 'attempt', attempt };
}

function judgeEarlier(earlier: EarlierHandOver, { now, by }: Moment): Verdict<PlannedAttempt> | null {
  const { status, messageId, attempts, isOwn } = earlier;
  const last = attempts.at(-1);
  if (status !== 'sending' || messageId === null || !last) return { verdict: 'done' };
  // The message that another visit began and that names this one too is on its way at this very moment.
  const isUnderWay = last.outcome === null && !isOwn && now < last.startedAt + MINUTE;
  if (isUnderWay) return { verdict: 'later', at: last.startedAt + MINUTE };
  const uncertain = { verdict: 'uncertain', messageId, attempt: last.number } as const;
  if (last.outcome === null || last.outcome === 'unknown') return uncertain;
  if (last.outcome === 'accepted' || last.outcome === 'rejected') return { verdict: 'done' };
  const isForDelivery = attempts.some((attempt) => attempt.outcome === 'notFound');
  return isForDelivery && by === 'appointment' ? uncertain : null;
}

/** Once more, and only where saying it twice is better than not at all. */
function mayRepeat({ step }: HandOver, earlier: EarlierHandOver | null): boolean {
  const lost = earlier?.attempts.filter((attempt) => attempt.outcome === 'notFound') ?? [];
  return repeatsAfterUnknown(step.kind) && lost.length < 2;
}

function givenUp(notificationId: NotificationId): Closing {
  const task = { kind: 'unknownOutcome', dedupeKey: `unknownOutcome:${notificationId}` } as const;
  return { status: 'handedOver', reason: 'unknownOutcome', task };
}

function missed(notificationId: NotificationId): Closing {
  return {
    status: 'missed',
    reason: 'tooLate',
    task: { kind: 'missedMessage', dedupeKey: `missed:${notificationId}` },
  };
}

type Obstacle = 'notOffered' | 'noAddress' | 'optedOut';

function obstacle(channel: Channel, recipient: Recipient, transports: Transports): Obstacle | null {
  if (!transports[channel] || recipient.senders[channel] === null) return 'notOffered';
  if (recipient.addresses[channel] === null) return 'noAddress';
  return channel === 'sms' && recipient.hasOptedOut ? 'optedOut' : null;
}

/** One task a visit and reason. E-mail alone comes on top of the texts: that somebody has none is nothing to look after. */
function unreachable({ appointmentId, step }: HandOver, recipient: Recipient, transports: Transports): Closing {
  const obstacles = step.channels.map((channel) => obstacle(channel, recipient, transports));
  const reason = obstacles.includes('optedOut') ? 'optedOut' : 'noChannel';
  const dedupeKey = `undeliverable:${appointmentId}:${reason}`;
  const task = step.channels.includes('sms') ? ({ kind: 'undeliverable', dedupeKey } as const) : null;
  return { status: 'suppressed', reason, task };
}

interface Composition {
  handOver: HandOver;
  facts: HandOverFacts;
  notificationId: NotificationId;
  channel: Channel;
  now: Instant;
  means: Means;
}

function compose({ handOver, facts, notificationId, channel, now, means }: Composition): PlannedAttempt {
  const { clinic, recipient, earlier } = facts;
  const visits = facts.visits.toSorted((a, b) => a.startsAt - b.startsAt);
  const language = chooseLanguage([recipient.language, ...clinic.languages]);
  const pages = visits.map((visit) => ({ ...newPageToken(), appointmentId: visit.id }));
  const links = pages.map(({ token }) => `${means.publicUrl}/a/${token}`);
  const { text, body, segments } = renderSms(
    { kind: handOver.step.kind, language, clinic, now, ...about(visits) },
    links,
  );
  return {
    notificationId,
    messageId: earlier?.messageId ?? asId<MessageId>(randomUUID()),
    number: (earlier?.attempts.at(-1)?.number ?? 0) + 1,
    visits,
    channel,
    transport: means.transports[channel]?.name ?? '',
    sender: recipient.senders[channel] ?? '',
    recipient: recipient.addresses[channel] ?? '',
    language,
    text,
    body,
    segments,
    bodyDigest: sha256(text),
    tokens: pages.map(({ digest, appointmentId }) => ({ digest, appointmentId })),
  };
}

function about(visits: readonly Visit[]) {
  return { startsAt: visits.map((visit) => visit.startsAt), confirmBy: visits[0]?.confirmBy ?? null };
}
