import { type Slot, occupiedRange, patientWindow } from './availability.ts';
import type { VisitLength, VisitType } from './catalogue.ts';
import { type LocalDate, addDays, atLocal, localDate, localTime } from './clinic-time.ts';
import type { ProviderId } from './ids.ts';
import { ELAPSED_DAY, HOUR, type Instant, type Interval } from './interval.ts';
import type { ClinicPolicy } from './policy.ts';
import { proposalMoments } from './proposal.ts';

/** The visit in whose place the patient may choose another. */
interface GivenUp {
  providerId: ProviderId;
  startsAt: Instant;
  endsAt: Instant;
}

interface ProposingRules {
  timeZone: string;
  visitType: Pick<VisitType, 'minimumNoticeMinutes' | 'horizonDays'>;
  policy: Pick<ClinicPolicy, 'quietHours' | 'proposals'>;
}

/** Beyond it a patient who wants to come is better served by a person. */
const LOOKS_AHEAD = 62 * ELAPSED_DAY;

/**
 * When a time may start that the clinic proposes by itself: after the visit that was given up, within the horizon, and so
 * late that even an answer at the last instant keeps the minimum notice.
 */
export function proposableRange(
  { endsAt }: Pick<GivenUp, 'endsAt'>,
  { timeZone, visitType, policy }: ProposingRules,
  now: Instant,
): Interval {
  const { expiresAt } = proposalMoments({ starts: [Infinity], sendNow: false, now }, policy, timeZone);
  const start = Math.max(endsAt, patientWindow(expiresAt, visitType, timeZone).start);
  return { start, end: Math.min(start + LOOKS_AHEAD, patientWindow(now, visitType, timeZone).end) };
}

export interface TimesToChoose {
  /** Free times, by start. */
  slots: readonly Slot[];
  count: number;
  insteadOf: GivenUp;
  visitType: VisitLength;
  zone: string;
}

/** Starts of one day that are nearer to each other are hardly a choice. */
const APART = 2 * HOUR;

interface Place {
  startsAt: Instant;
  date: LocalDate;
}

/**
 * Some of these times that make a choice, by start: the soonest days, each with its time nearest to the hour that the visit
 * had; with its provider before others, on different days before several times of one, its own day last.
 */
export function chooseTimes({ slots, count, insteadOf, visitType, zone }: TimesToChoose): Slot[] {
  const { start, end } = occupiedRange(0, visitType);
  const apart = Math.max(APART, end - start);
  const { startsAt, providerId } = insteadOf;
  const given: Place = { startsAt, date: localDate(startsAt, zone) };
  const candidates = nearestOfEachDay(slots, insteadOf, zone);
  const chosen: typeof candidates = [];
  type Fits = (candidate: Slot & Place) => boolean;
  const isOwn: Fits = (slot) => slot.providerId === providerId;
  const isNewDay: Fits = ({ date }) => [given, ...chosen].every((other) => other.date !== date);
  const isApart: Fits = (slot) =>
    [given, ...chosen].every((other) => Math.abs(other.startsAt - slot.startsAt) >= apart);
  for (const wanted of [[isOwn, isNewDay], [isNewDay], [isOwn], []]) {
    for (const candidate of candidates) {
      if (chosen.length < count && [isApart, ...wanted].every((fits) => fits(candidate))) chosen.push(candidate);
    }
  }
  return chosen.toSorted((a, b) => a.startsAt - b.startsAt);
}

/** The times day by day, of each day of the clinic the one nearest to the visit's hour first. */
function nearestOfEachDay(slots: readonly Slot[], { startsAt }: GivenUp, zone: string): (Slot & Place)[] {
  const hour = localTime(startsAt, zone);
  const days: { date: LocalDate; end: Instant; slots: Slot[] }[] = [];
  for (const slot of slots) {
    const last = days.at(-1);
    if (last && slot.startsAt < last.end) {
      last.slots.push(slot);
      continue;
    }
    const date = localDate(slot.startsAt, zone);
    days.push({ date, end: atLocal(addDays(date, 1), '00:00', zone).instant, slots: [slot] });
  }
  return days.flatMap(({ date, slots: times }) => {
    const around = atLocal(date, hour, zone).instant;
    const distance = (slot: Slot) => Math.abs(slot.startsAt - around);
    return times.toSorted((a, b) => distance(a) - distance(b)).map((slot) => ({ ...slot, date }));
  });
}
