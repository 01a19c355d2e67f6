import fc from 'fast-check';
import { type Actor, type ReservationMode, actors } from '../../../domain/appointment.ts';
import { type TimeWish, freeTime, timeWish } from './times.ts';
import { DAY_MINUTES, type WorldWish, worldWish } from './world.ts';

/** All of a life that chance decides. Times are wishes: what they come to depends on when it is lived. */
export interface Life {
  world: WorldWish;
  reservation: ReservationWish;
  acts: Act[];
  /** Whether it is lived to its end. */
  toTheEnd: boolean;
}

export interface ReservationWish {
  mode: ReservationMode;
  actor: Actor;
  withPatient: boolean;
  time: TimeWish;
  notify: boolean;
  allowPatientOverlap: boolean;
  /** From staff, for a pre-reservation: so many minutes from now. */
  confirmWithin: number | null;
}

interface Wish {
  actor: Actor;
  reason: boolean;
  notify: boolean;
  remind: boolean;
  allowPatientOverlap: boolean;
}

export type RequestWish = Wish &
  (
    | { action: 'confirm'; patient: 'none' | 'own' | 'other' }
    | { action: 'cancel' | 'complete' | 'noShow' }
    | { action: 'move'; provider: 'same' | 'other' | 'elsewhere'; time: TimeWish }
    | { action: 'extend'; within: number }
    | { action: 'release'; isHolder: boolean }
  );

export const moments = ['next', 'confirmBy', 'cancelUntil', 'moveUntil', 'start', 'end'] as const;
export type Moment = (typeof moments)[number];

export type Act =
  /** Two at most, at the same time. `hurried`: what follows does not wait for the messages. */
  | { act: 'ask'; requests: RequestWish[]; hurried: boolean }
  /** An earlier request once more, by its number; with another body it must be refused. */
  | { act: 'repeat'; which: number; otherBody: boolean }
  | { act: 'wait'; minutes: number }
  /** Until so many milliseconds before or after it. */
  | { act: 'waitFor'; moment: Moment; offset: number }
  | { act: 'newRules'; rules: number; cutoffMinutes: number }
  /** After so many steps of the worker's work for this visit, so many fail: in the database or at the transport. */
  | { act: 'fault'; after: number; times: number };

const minutes = fc.oneof(
  { arbitrary: fc.integer({ min: 1, max: 120 }), weight: 3 },
  { arbitrary: fc.integer({ min: 60, max: 3 * DAY_MINUTES }), weight: 2 },
  { arbitrary: fc.integer({ min: DAY_MINUTES, max: 30 * DAY_MINUTES }), weight: 1 },
);
const mostly = (value: boolean) =>
  fc.oneof({ arbitrary: fc.constant(value), weight: 4 }, { arbitrary: fc.constant(!value), weight: 1 });

const actor = fc.oneof(
  { arbitrary: fc.constantFrom<Actor>('patient', 'staff'), weight: 3 },
  { arbitrary: fc.constantFrom<Actor>(...actors), weight: 1 },
);

const staff = fc.oneof(
  { arbitrary: fc.constant<Actor>('staff'), weight: 5 },
  { arbitrary: fc.constantFrom<Actor>(...actors), weight: 1 },
);

const reservation: fc.Arbitrary<ReservationWish> = fc.record({
  mode: fc.constantFrom<ReservationMode>('book', 'book', 'hold', 'preReserve', 'preReserve'),
  actor: staff,
  withPatient: mostly(true),
  time: fc.oneof({ arbitrary: freeTime, weight: 8 }, { arbitrary: timeWish, weight: 1 }),
  notify: mostly(true),
  allowPatientOverlap: mostly(false),
  confirmWithin: fc.option(minutes, { freq: 3 }),
});

const wish = {
  actor,
  reason: mostly(true),
  notify: mostly(true),
  remind: mostly(true),
  allowPatientOverlap: mostly(false),
};

const confirm = fc.record({
  action: fc.constant('confirm' as const),
  patient: fc.constantFrom(...(['none', 'own', 'own', 'own', 'own', 'other'] as const)),
  ...wish,
});
const cancel = fc.record({ action: fc.constant('cancel' as const), ...wish });
const move = fc.record({
  action: fc.constant('move' as const),
  provider: fc.constantFrom(...(['same', 'same', 'same', 'same', 'other', 'other', 'elsewhere'] as const)),
  time: timeWish,
  ...wish,
});
const extend = fc.record({ action: fc.constant('extend' as const), within: minutes, ...wish, actor: staff });
const release = fc.record({ action: fc.constant('release' as const), isHolder: mostly(true), ...wish });
const end = fc.record({ action: fc.constantFrom('complete' as const, 'noShow' as const), ...wish, actor: staff });

const request: fc.Arbitrary<RequestWish> = fc.oneof(
  { arbitrary: move, weight: 10 },
  { arbitrary: confirm, weight: 7 },
  { arbitrary: cancel, weight: 3 },
  { arbitrary: extend, weight: 4 },
  { arbitrary: release, weight: 1 },
  { arbitrary: end, weight: 2 },
);

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    arbitrary: fc.record({
      act: fc.constant('ask' as const),
      requests: fc.oneof(
        { arbitrary: fc.array(request, { minLength: 1, maxLength: 1 }), weight: 4 },
        { arbitrary: fc.array(request, { minLength: 2, maxLength: 2 }), weight: 1 },
      ),
      hurried: mostly(false),
    }),
    weight: 9,
  },
  {
    arbitrary: fc.record({
      act: fc.constant('waitFor' as const),
      moment: fc.oneof(
        { arbitrary: fc.constant<Moment>('next'), weight: 2 },
        { arbitrary: fc.constantFrom(...moments), weight: 4 },
      ),
      offset: fc.oneof(fc.integer({ min: -400, max: 1 }), fc.constantFrom(0, 1, 60_000)),
    }),
    weight: 5,
  },
  { arbitrary: fc.record({ act: fc.constant('wait' as const), minutes }), weight: 2 },
  {
    arbitrary: fc.record({ act: fc.constant('repeat' as const), which: fc.nat({ max: 9 }), otherBody: mostly(false) }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      act: fc.constant('newRules' as const),
      rules: fc.nat({ max: 4 }),
      cutoffMinutes: fc.constantFrom(0, 120, DAY_MINUTES, 2 * DAY_MINUTES),
    }),
    weight: 3,
  },
  {
    arbitrary: fc.record({
      act: fc.constant('fault' as const),
      after: fc.nat({ max: 25 }),
      times: fc.integer({ min: 1, max: 3 }),
    }),
    weight: 2,
  },
);

export const life: fc.Arbitrary<Life> = fc.record({
  world: worldWish,
  reservation,
  acts: fc.array(act, { minLength: 1, maxLength: 8, size: 'max' }),
  toTheEnd: fc.boolean(),
});
