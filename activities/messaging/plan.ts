import { randomUUID } from 'node:crypto';
import type { EarlierHandOver, HandOverFacts } from '../../db/commands/notifications/facts.ts';
import type { Closing, Verdict } from '../../db/commands/notifications/hand-over.ts';
import { capDecision } from '../../domain/caps.ts';
import { directObstacle, isForStaff, isStillTrue, repeatsAfterUnknown } from '../../domain/delivery.ts';
import { type NotificationId, asId } from '../../domain/ids.ts';
import { type Instant, MINUTE } from '../../domain/interval.ts';
import { type Channel, channels } from '../../domain/plan.ts';
import { resolvePolicy } from '../../domain/policy.ts';
import { handOverDecision } from '../../domain/quiet-hours.ts';
import { compose } from './compose.ts';
import type { Composition, PlannedAttempt } from './composition.ts';
import { firstUsable, unreachable } from './reach.ts';
import { sha256 } from './secrets.ts';
import type { Transports } from './transports/transport.ts';

export interface Means {
  transports: Transports;
  /** Where patients' links lead, without a slash at the end. */
  publicUrl: string;
}

/** `delivery` speaks for the workflow that finds out about uncertain tries, and alone may say a message once more. */
export interface Moment {
  now: Instant;
  by: 'planner' | 'delivery';
}

/** What to do about a message that is due: pure, from facts that are locked meanwhile. */
export function judge(facts: HandOverFacts, moment: Moment, means: Means): Verdict<PlannedAttempt> {
  const { earlier } = facts;
  const { now } = moment;
  const before = earlier && judgeEarlier(earlier, moment);
  if (before) return before;

  const notificationId = notificationOf(facts);
  const close = (closing: Closing) => ({ verdict: 'close', notificationId, closing }) as const;
  const sayable = stillSayable(facts, now);
  if (typeof sayable === 'string') return close({ status: 'suppressed', reason: sayable, task: null });
  if (moment.by === 'delivery' && !mayRepeat(facts)) return close(givenUp(facts, notificationId));

  return judgeSending({ facts: sayable, notificationId, now, means });
}

function notificationOf(facts: HandOverFacts): NotificationId {
  if (facts.source === 'direct') return facts.notificationId;
  return facts.earlier?.notificationId ?? asId<NotificationId>(randomUUID());
}

/** The facts, with the visits alone of which it is still true; else why it must not be said. */
function stillSayable(facts: HandOverFacts, now: Instant): HandOverFacts | string {
  if (facts.source === 'direct') return directObstacle(facts.subject.standing, facts.earlier !== null, now) ?? facts;
  const { earlier, visits } = facts;
  const { step, version } = facts.handOver;
  const [own] = visits;
  const current = visits.filter((visit) => isStillTrue(step.kind, visit === own ? version : visit.version, visit, now));
  if (current.length === 0 || (!earlier && own !== current[0])) return 'superseded';
  return { ...facts, visits: current };
}

interface Sayable {
  facts: HandOverFacts;
  notificationId: NotificationId;
  now: Instant;
  means: Means;
}

/** What is true may be said: at this hour, on a channel that reaches the patient, and not as one of too many. */
function judgeSending(sayable: Sayable): Verdict<PlannedAttempt> {
  const { facts, notificationId, now, means } = sayable;
  const { recipient, earlier, clinic, message } = facts;
  const { quietHours, caps } = resolvePolicy(clinic.policy);
  const zone = clinic.timeZone;
  const close = (closing: Closing) => ({ verdict: 'close', notificationId, closing }) as const;
  const decision = handOverDecision(message, now, { zone, quietHours, starts: startsIn(facts) });
  if (decision === 'missed') return close(missed(facts, notificationId));
  if (decision !== 'send') return { verdict: 'later', at: decision.later };

  const channel = firstUsable(message, recipient, means.transports);
  if (!channel) return close(unreachable(facts, means.transports));
  const { [channel]: toRecipient, byClinic } = recipient.lately;
  // Another try at a message that counts already is not held back.
  const passage = earlier ? 'send' : capDecision({ toRecipient, byClinic }, caps, now);
  if (passage === 'heldBack') return close(heldBack(recipient.addresses[channel] ?? '', now));
  if (passage !== 'send') return afterTheFlood(passage.later, now);
  return { verdict: 'attempt', attempt: compose(compositionOf(sayable, channel)) };
}

/** What it is about may be soon, and a move of a visit that was. */
function startsIn(facts: HandOverFacts): Instant[] {
  if (facts.source === 'direct') return [];
  const { previousStartsAt } = facts.handOver.step;
  return [
    ...facts.visits.map((visit) => visit.startsAt),
    ...(previousStartsAt === undefined ? [] : [previousStartsAt]),
  ];
}

function compositionOf({ means, ...sayable }: Sayable, channel: Channel): Composition {
  const { transports, publicUrl } = means;
  const transport = transports[channel]?.name ?? '';
  // Where a change would be told.
  const isKeptByEmail = firstUsable({ kind: 'moved', channels }, sayable.facts.recipient, transports) === 'email';
  return { ...sayable, channel, transport, isKeptByEmail, publicUrl };
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
  return isForDelivery && by === 'planner' ? uncertain : null;
}

/** Once more, and only where saying it twice is better than not at all. */
function mayRepeat({ message, earlier }: HandOverFacts): boolean {
  const lost = earlier?.attempts.filter((attempt) => attempt.outcome === 'notFound') ?? [];
  return repeatsAfterUnknown(message.kind) && lost.length < 2;
}

function givenUp({ message }: HandOverFacts, notificationId: NotificationId): Closing {
  const task = { kind: 'unknownOutcome', dedupeKey: `unknownOutcome:${notificationId}` } as const;
  return { status: 'handedOver', reason: 'unknownOutcome', task: isForStaff(message.kind) ? task : null };
}

function missed({ message }: HandOverFacts, notificationId: NotificationId): Closing {
  const task = { kind: 'missedMessage', dedupeKey: `missed:${notificationId}` } as const;
  return { status: 'missed', reason: 'tooLate', task: isForStaff(message.kind) ? task : null };
}

/** One task for an address and hour, whoever is reached there. */
function heldBack(address: string, now: Instant): Closing {
  const dedupeKey = `heldBack:${sha256(address).toString('hex')}:${hourOf(now)}`;
  return { status: 'suppressed', reason: 'heldBack', task: { kind: 'heldBack', dedupeKey } };
}

/** One task for an hour: the messages wait, but somebody should know why there are so many. */
function afterTheFlood(at: Instant, now: Instant): Verdict<PlannedAttempt> {
  return { verdict: 'later', at, task: { kind: 'heldBack', dedupeKey: `heldBack:${hourOf(now)}` } };
}

function hourOf(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 'yyyy-mm-ddThh'.length);
}
