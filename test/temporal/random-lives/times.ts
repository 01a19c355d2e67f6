import fc from 'fast-check';
import { addDays, atLocal, localDate } from '../../../domain/clinic-time.ts';
import { type Instant, MINUTE } from '../../../domain/interval.ts';
import { DAY_MINUTES, type World } from './world.ts';

/** A time that somebody wants, told so that it makes sense whenever it is wanted. */
export type TimeWish =
  /** One of the times that patients may choose, at least three hours ahead. */
  | { at: 'free'; days: number; slot: number }
  /** Any instant so far ahead: off the grid, at night, too soon for patients, past. */
  | { at: 'any'; minutes: number; milliseconds: number }
  | { at: 'taken' | 'busy' | 'own'; shift: number };

export const freeTime: fc.Arbitrary<TimeWish> = fc.record({
  at: fc.constant('free' as const),
  days: fc.oneof(fc.nat({ max: 4 }), fc.nat({ max: 60 })),
  slot: fc.nat({ max: 44 }),
});

const shift = fc.constantFrom(0, 15, -15, 30, 45, -30);

export const timeWish: fc.Arbitrary<TimeWish> = fc.oneof(
  { arbitrary: freeTime, weight: 8 },
  {
    arbitrary: fc.record({
      at: fc.constant('any' as const),
      minutes: fc.oneof(fc.integer({ min: -60, max: 300 }), fc.integer({ min: 180, max: 60 * DAY_MINUTES })),
      milliseconds: fc.constantFrom(0, 0, 1, 59_999),
    }),
    weight: 3,
  },
  { arbitrary: fc.record({ at: fc.constantFrom('taken' as const, 'busy' as const), shift }), weight: 2 },
  { arbitrary: fc.record({ at: fc.constant('own' as const), shift }), weight: 2 },
);

/** What the wish comes to at that moment, for a visit that now starts at `own`. */
export function instantOf(wish: TimeWish, now: Instant, world: World, own: Instant): Instant {
  if (wish.at === 'any') return now + wish.minutes * MINUTE + wish.milliseconds;
  if (wish.at === 'free') return freeTimeIn(now, wish, world.zone);
  const around = { taken: world.taken.start, busy: world.busy.start, own }[wish.at];
  return around + wish.shift * MINUTE;
}

function freeTimeIn(now: Instant, { days, slot }: { days: number; slot: number }, zone: string): Instant {
  const minute = 8 * 60 + slot * 15;
  const clock = [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
  const [chosen, dayAfter] = [days, days + 1].map(
    (ahead) => atLocal(addDays(localDate(now, zone), ahead), clock, zone).instant,
  ) as [Instant, Instant];
  return chosen > now + 180 * MINUTE ? chosen : dayAfter;
}
