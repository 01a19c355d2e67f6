import { openHours } from './availability.ts';
import type { Schedule, VisitType } from './catalogue.ts';
import { addDays, formatForOperators, localDate } from './clinic-time.ts';
import type { AuditActor } from './appointment.ts';
import { contains, ELAPSED_DAY, HOUR, type Instant, type Interval, MINUTE } from './interval.ts';
import type { NextTurn, OpeningCause } from './opening.ts';
import type { ClinicPolicy, OpeningRules } from './policy.ts';
import { nextAllowed, quietPeriod } from './quiet-hours.ts';

/** A time that a visit gave up, or that staff want filled. */
export interface FreedTime {
  startsAt: Instant;
  cause: OpeningCause;
  depth: number;
  now: Instant;
  /** Who won it gives it back: it has been offered before, for whatever reason. */
  isReopened?: boolean;
}

type AskingRules = { timeZone: string; policy: Pick<ClinicPolicy, 'openings' | 'quietHours'> };
type OfferingRules = AskingRules & {
  visitType: Pick<VisitType, 'backfill'>;
  policy: Pick<ClinicPolicy, 'selfService'>;
};

/** Whether only staff may cancel or move visits of this type. */
export function isLocked({ selfService }: Pick<ClinicPolicy, 'selfService'>): boolean {
  return selfService.cancel === 'staffOnly' || selfService.move === 'staffOnly';
}

/**
 * Whether a freed time is near enough, far enough and not too deep in a cascade to be offered, and its type is: those that only
 * staff may cancel or move never are. Hours and days are elapsed; an expired reservation, and what was offered before, are
 * offered at any distance. Whether it lies in the provider's hours is `isWithinHours`.
 */
export function isWorthOffering(time: FreedTime, rules: OfferingRules): boolean {
  return isOfferable(time, rules) && leavesTimeToAsk(time, rules);
}

/** Whether it would be offered by day: at night nobody can be asked before its notice limit. */
export function isLostToTheNight(time: FreedTime, rules: OfferingRules): boolean {
  const isFarEnough = time.now <= offerUntil(time.startsAt, rules.policy.openings);
  return isFarEnough && isOfferable(time, rules) && !leavesTimeToAsk(time, rules);
}

function isOfferable(
  { startsAt, cause, depth, now, isReopened = false }: FreedTime,
  { visitType, policy }: OfferingRules,
): boolean {
  const { daysAhead, cascadeDepth } = policy.openings;
  const isOfType = (isReopened || visitType.backfill) && !isLocked(policy);
  const isAtAnyDistance = isReopened || cause === 'expired' || cause === 'manual';
  const isNearEnough = isAtAnyDistance || startsAt <= now + daysAhead * ELAPSED_DAY;
  return isOfType && isNearEnough && depth <= cascadeDepth;
}

/** Whether somebody can still be asked: at an instant outside the quiet hours and not after the notice limit. */
export function leavesTimeToAsk(
  { startsAt, now }: Pick<FreedTime, 'startsAt' | 'now'>,
  { policy, timeZone }: AskingRules,
): boolean {
  return startsAt > now && nextAllowed(now, policy.quietHours, timeZone) <= offerUntil(startsAt, policy.openings);
}

/** Whether the whole visit lies inside the provider's hours; its buffers may lie outside. */
export function isWithinHours(visit: Interval, schedule: Schedule, zone: string): boolean {
  const [first, last] = [localDate(visit.start, zone), localDate(visit.end, zone)];
  return openHours(schedule, addDays(first, -1), last, zone).some((open) => contains(open, visit));
}

/** The notice limit: the last instant at which the time may still be taken. */
export function offerUntil(startsAt: Instant, { noticeHours }: Pick<OpeningRules, 'noticeHours'>): Instant {
  return startsAt - noticeHours * HOUR;
}

/** Whose openings this actor may book over: staff and office any, patients only those that are released, unless the clinic says so. */
export function takesOpenings(actor: AuditActor, { openings }: Pick<ClinicPolicy, 'openings'>): 'any' | 'released' {
  return isPatient(actor) && !openings.isBookableOnline ? 'released' : 'any';
}

export function isPatient(actor: AuditActor): boolean {
  return actor === 'patient' || actor === 'guardian';
}

export interface WaveState {
  now: Instant;
  zone: string;
  policy: Pick<ClinicPolicy, 'openings' | 'quietHours'>;
  offerUntil: Instant;
  /** When the running wave began; null before the first one. */
  waveBeganAt: Instant | null;
  /** Not before then, because the time is being booked at this moment. */
  notBefore?: Instant;
}

/** Whether the running wave has had its minutes, or there is none, so that the next may go. */
export function isWaveOver({ now, waveBeganAt, policy }: Pick<WaveState, 'now' | 'waveBeganAt' | 'policy'>): boolean {
  return waveBeganAt === null || now >= waveBeganAt + policy.openings.waveMinutes * MINUTE;
}

/** Of a wave: how many were asked, and how many of them were neither out of reach nor unwilling to get texts. */
export interface WaveReach {
  wave: number;
  asked: number;
  reached: number;
}

/** How many this wave still asks: as many as a wave has, and one for each of an earlier one who was lost since then. */
export function stillToAsk(waves: readonly WaveReach[], wave: number, waveSize: number): number {
  const reached = waves.find((one) => one.wave === wave)?.reached ?? 0;
  const earlier = waves.filter((one) => one.wave < wave);
  const lost = earlier.reduce((sum, one) => sum + Math.min(one.asked, waveSize) - one.reached, 0);
  return Math.max(0, waveSize + Math.max(0, lost) - reached);
}

/** What comes next: another wave, the morning in which it goes on, or the first instant after the notice limit. */
export function nextTurn(state: WaveState): NextTurn {
  const { now, zone, policy, waveBeganAt, notBefore = now } = state;
  const waveEnd = waveBeganAt === null ? now : waveBeganAt + policy.openings.waveMinutes * MINUTE;
  const wished = Math.max(waveEnd, notBefore);
  const quiet = quietPeriod(wished, policy.quietHours, zone);
  const turn = quiet ? ({ at: quiet.end, what: 'morning' } as const) : ({ at: wished, what: 'wave' } as const);
  const next = turn.at > state.offerUntil ? ({ at: state.offerUntil + 1, what: 'noticeLimit' } as const) : turn;
  return { ...next, local: formatForOperators(next.at, zone) };
}
