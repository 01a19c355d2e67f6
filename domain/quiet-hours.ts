import { addDays, atLocal, localDate } from './clinic-time.ts';
import { MINUTE } from './interval.ts';
import type { Instant, Interval } from './interval.ts';
import type { NotificationKind } from './message.ts';
import type { QuietHours } from './policy.ts';

/** The quiet hours that the instant falls into, or undefined where it falls into none. */
export function quietPeriod(instant: Instant, quiet: QuietHours | null, zone: string): Interval | undefined {
  if (quiet === null) return undefined;
  const today = localDate(instant, zone);
  const nights = quiet.from > quiet.to ? 1 : 0;
  return [addDays(today, -1), today]
    .map((date) => ({
      start: atLocal(date, quiet.from, zone).instant,
      end: atLocal(addDays(date, nights), quiet.to, zone).instant,
    }))
    .find((period) => period.start <= instant && instant < period.end);
}

export function isQuiet(instant: Instant, quiet: QuietHours | null, zone: string): boolean {
  return quietPeriod(instant, quiet, zone) !== undefined;
}

/** The first instant from this one on that is not quiet. */
export function nextAllowed(instant: Instant, quiet: QuietHours | null, zone: string): Instant {
  return quietPeriod(instant, quiet, zone)?.end ?? instant;
}

type QuietRule = 'waitUnlessSoon' | 'wait' | 'forwardElseWait' | 'atOnce';

/** What each kind does when its moment is quiet. */
const quietRules: Record<NotificationKind, QuietRule> = {
  booked: 'waitUnlessSoon',
  confirmed: 'waitUnlessSoon',
  moved: 'waitUnlessSoon',
  cancelled: 'waitUnlessSoon',
  expired: 'waitUnlessSoon',
  ask: 'wait',
  nudge: 'wait',
  reminder: 'forwardElseWait',
  offerWon: 'atOnce',
  offer: 'wait',
  offerGone: 'atOnce',
  reply: 'atOnce',
  proposal: 'wait',
  freeText: 'wait',
};

export interface SendingRules {
  zone: string;
  quietHours: QuietHours | null;
  /** The starts that the message is about; after a move the old one as well, since it may have been for tomorrow. */
  starts: readonly Instant[];
}

interface Message {
  kind: NotificationKind;
  usefulUntil: Instant;
  /** Staff say that it is not to wait for the morning. */
  sendNow?: boolean;
}

/**
 * When a message is to leave that is wished for `wished`: out of the quiet hours, and not before `now`.
 * Where it could not be of use any more after them it stays where it was, and is found missed when it is handed over.
 */
export function sendingTime(message: Message, wished: Instant, now: Instant, rules: SendingRules): Instant {
  const period = quietPeriodFor(message, wished, rules);
  if (!period) return wished;
  const mayComeForward = quietRules[message.kind] === 'forwardElseWait' && now < period.start;
  if (mayComeForward) return Math.max(now, period.start - MINUTE);
  return period.end <= message.usefulUntil ? period.end : wished;
}

export type HandOverDecision = 'send' | 'missed' | { later: Instant };

/** Decides again, at the moment of handing a message over, whether it goes now, later, or helps nobody any more. */
export function handOverDecision(message: Message, now: Instant, rules: SendingRules): HandOverDecision {
  if (now > message.usefulUntil) return 'missed';
  const period = quietPeriodFor(message, now, rules);
  if (!period) return 'send';
  return period.end <= message.usefulUntil ? { later: period.end } : 'missed';
}

function quietPeriodFor(
  { kind, sendNow = false }: Message,
  instant: Instant,
  rules: SendingRules,
): Interval | undefined {
  if (sendNow || quietRules[kind] === 'atOnce') return undefined;
  if (quietRules[kind] === 'waitUnlessSoon' && rules.starts.some((start) => isSoon(start, instant, rules.zone))) {
    return undefined;
  }
  return quietPeriod(instant, rules.quietHours, rules.zone);
}

/** Today or tomorrow by the clinic's calendar. */
function isSoon(start: Instant, now: Instant, zone: string): boolean {
  return localDate(start, zone) <= addDays(localDate(now, zone), 1);
}
