import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, localDate, localTime } from './clinic-time.ts';
import { ELAPSED_DAY, HOUR, MINUTE } from './interval.ts';
import { messageKinds } from './plan.ts';
import type { MessageKind } from './plan.ts';
import { handOverDecision, isQuiet, nextAllowed, quietPeriod, sendingTime } from './quiet-hours.ts';

/** Many runs on a busy machine take seconds; that is no failure. */
const PATIENCE = 30_000;

const helsinki = 'Europe/Helsinki';
const berlin = 'Europe/Berlin';
const quiet = { from: '21:00', to: '08:00' };
const at = (text: string) => Date.parse(text);
const local = (date: string, clock: string) => at(`${date}T${clock}:00+02:00`);

const changeKinds: MessageKind[] = ['booked', 'confirmed', 'moved', 'cancelled', 'expired'];
const farStart = local('2027-01-20', '09:00');
const far = { zone: helsinki, quietHours: quiet, starts: [farStart] };
const useful = (kind: MessageKind) => ({ kind, usefulUntil: farStart });

describe('quiet hours', () => {
  it.each([
    ['20:59', false],
    ['21:00', true],
    ['23:59', true],
    ['00:00', true],
    ['07:59', true],
    ['08:00', false],
    ['13:00', false],
  ])('at %s: %s', (clock, expected) => expect(isQuiet(local('2027-01-04', clock), quiet, helsinki)).toBe(expected));

  it('end at 08:00 of the same or of the next day', () => {
    expect(nextAllowed(local('2027-01-04', '21:00'), quiet, helsinki)).toBe(local('2027-01-05', '08:00'));
    expect(nextAllowed(local('2027-01-05', '03:00'), quiet, helsinki)).toBe(local('2027-01-05', '08:00'));
    expect(nextAllowed(local('2027-01-05', '12:34'), quiet, helsinki)).toBe(local('2027-01-05', '12:34'));
  });

  it.each([
    ['spring', helsinki, '2027-03-28T01:30:00Z', '2027-03-27T19:00:00Z', '2027-03-28T05:00:00Z'],
    ['spring', berlin, '2027-03-28T01:30:00Z', '2027-03-27T20:00:00Z', '2027-03-28T06:00:00Z'],
    ['autumn', helsinki, '2026-10-25T00:30:00Z', '2026-10-24T18:00:00Z', '2026-10-25T06:00:00Z'],
    ['autumn', helsinki, '2026-10-25T01:30:00Z', '2026-10-24T18:00:00Z', '2026-10-25T06:00:00Z'],
    ['autumn', berlin, '2027-10-31T01:30:00Z', '2027-10-30T19:00:00Z', '2027-10-31T07:00:00Z'],
  ])('keep their wall-clock limits through the night of the %s change in %s', (_, zone, instant, start, end) => {
    expect(quietPeriod(at(instant), quiet, zone)).toEqual({ start: at(start), end: at(end) });
  });

  it('may lie within a day', () => {
    const lunch = { from: '12:00', to: '13:00' };
    expect(isQuiet(local('2027-01-04', '12:30'), lunch, helsinki)).toBe(true);
    expect(isQuiet(local('2027-01-04', '13:00'), lunch, helsinki)).toBe(false);
    expect(isQuiet(local('2027-01-04', '11:59'), lunch, helsinki)).toBe(false);
  });

  it('end even where their end comes twice or not at all', () => {
    const untilHalfPastThree = { from: '21:00', to: '03:30' };
    expect(nextAllowed(at('2026-10-25T00:10:00Z'), untilHalfPastThree, helsinki)).toBe(at('2026-10-25T00:30:00Z'));
    expect(isQuiet(at('2026-10-25T01:10:00Z'), untilHalfPastThree, helsinki)).toBe(false);
    expect(nextAllowed(at('2027-03-28T00:30:00Z'), untilHalfPastThree, helsinki)).toBe(at('2027-03-28T01:00:00Z'));
  });

  it('do not exist where the clinic has none', () => {
    expect(isQuiet(local('2027-01-04', '03:00'), null, helsinki)).toBe(false);
    expect(nextAllowed(local('2027-01-04', '03:00'), null, helsinki)).toBe(local('2027-01-04', '03:00'));
  });

  const instants = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') });
  const zones = fc.constantFrom(helsinki, berlin, 'America/Santiago');
  const clocks = fc.integer({ min: 0, max: 95 }).map((n) => {
    return `${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`;
  });
  const anyQuiet = fc.record({ from: clocks, to: clocks }).filter(({ from, to }) => from !== to);

  it(
    'are always followed by a moment that is allowed, not earlier and less than a day and an hour away',
    () => {
      fc.assert(
        fc.property(instants, anyQuiet, zones, (instant, hours, zone) => {
          const next = nextAllowed(instant, hours, zone);
          expect(isQuiet(next, hours, zone)).toBe(false);
          expect(next).toBeGreaterThanOrEqual(instant);
          expect(next - instant).toBeLessThan(ELAPSED_DAY + HOUR);
          expect(isQuiet(instant, hours, zone)).toBe(next > instant);
        }),
        { numRuns: 1000 },
      );
    },
    PATIENCE,
  );

  it('of the default are exactly what the wall clock shows from 21:00 to 08:00', () => {
    fc.assert(
      fc.property(instants, fc.constantFrom(helsinki, berlin), (instant, zone) => {
        const clock = localTime(instant, zone);
        expect(isQuiet(instant, quiet, zone)).toBe(clock >= '21:00' || clock < '08:00');
      }),
    );
  });
});

describe('the moment of a message', () => {
  const night = local('2027-01-10', '22:00');
  const morning = local('2027-01-11', '08:00');
  const noon = local('2027-01-10', '12:00');

  it.each(messageKinds)('of kind %s stays where it is by day', (kind) => {
    expect(sendingTime(useful(kind), noon, noon, far)).toBe(noon);
  });

  it.each([...changeKinds, 'ask', 'nudge'] as const)('of kind %s waits for the morning', (kind) => {
    expect(sendingTime(useful(kind), night, noon, far)).toBe(morning);
  });

  it.each(changeKinds)('of kind %s does not wait where the visit is today or tomorrow', (kind) => {
    const on = (date: string, clock: string) => ({ ...far, starts: [local(date, clock)] });
    const message = { kind, usefulUntil: local('2027-01-13', '00:00') };
    expect(sendingTime(message, night, night, on('2027-01-10', '23:30'))).toBe(night);
    expect(sendingTime(message, night, night, on('2027-01-11', '23:59'))).toBe(night);
    expect(sendingTime(message, night, night, on('2027-01-12', '00:00'))).toBe(morning);
    const afterMidnight = local('2027-01-11', '02:00');
    expect(sendingTime(message, afterMidnight, afterMidnight, on('2027-01-12', '23:00'))).toBe(afterMidnight);
  });

  it.each(['ask', 'nudge'] as const)('of kind %s waits even where the visit is tomorrow', (kind) => {
    const tomorrow = { ...far, starts: [local('2027-01-11', '15:00')] };
    expect(sendingTime({ kind, usefulUntil: local('2027-01-11', '12:00') }, night, night, tomorrow)).toBe(morning);
  });

  it('of a move does not wait where the old visit would have been tomorrow', () => {
    const rules = { ...far, starts: [farStart, local('2027-01-11', '10:00')] };
    expect(sendingTime(useful('moved'), night, night, rules)).toBe(night);
  });

  it('of a reminder comes forward to the last minute before', () => {
    expect(sendingTime(useful('reminder'), night, noon, far)).toBe(local('2027-01-10', '20:59'));
    const beforeSunrise = local('2027-01-11', '05:00');
    expect(sendingTime(useful('reminder'), beforeSunrise, noon, far)).toBe(local('2027-01-10', '20:59'));
  });

  it('of a reminder is held until the morning where the last minute before is past', () => {
    const late = local('2027-01-10', '21:30');
    expect(sendingTime(useful('reminder'), night, late, far)).toBe(morning);
    const justBefore = local('2027-01-10', '20:59') + 30_000;
    expect(sendingTime(useful('reminder'), night, justBefore, far)).toBe(justBefore);
    expect(sendingTime(useful('reminder'), night, local('2027-01-10', '21:00'), far)).toBe(morning);
  });

  it('of a reminder stays where it was when the morning would be too late, so that it is seen to be missed', () => {
    const early = { kind: 'reminder', usefulUntil: local('2027-01-11', '07:30') } as const;
    const wished = local('2027-01-11', '05:30');
    expect(sendingTime(early, wished, local('2027-01-10', '22:00'), far)).toBe(wished);
    expect(handOverDecision(early, wished, far)).toBe('missed');
  });
});

describe('at the hand-over', () => {
  const night = local('2027-01-10', '22:00');
  const morning = local('2027-01-11', '08:00');

  it.each(messageKinds)('a message of kind %s goes by day, up to the last instant at which it helps', (kind) => {
    const noon = local('2027-01-10', '12:00');
    expect(handOverDecision({ kind, usefulUntil: noon }, noon, far)).toBe('send');
    expect(handOverDecision({ kind, usefulUntil: noon }, noon + 1, far)).toBe('missed');
  });

  it('whoever has won an opening hears it at once', () => {
    expect(handOverDecision({ kind: 'offerWon', usefulUntil: morning }, night, far)).toBe('send');
    expect(sendingTime(useful('offerWon'), night, night, far)).toBe(night);
  });

  const waiting = messageKinds.filter((kind) => kind !== 'offerWon');
  it.each(waiting)('a message of kind %s that has become late waits for the morning', (kind) => {
    expect(handOverDecision(useful(kind), night, far)).toEqual({ later: morning });
  });

  it.each(changeKinds)('a message of kind %s about tomorrow goes in the night', (kind) => {
    const tomorrow = { ...far, starts: [local('2027-01-11', '07:00')] };
    expect(handOverDecision({ kind, usefulUntil: local('2027-01-11', '07:00') }, night, tomorrow)).toBe('send');
  });

  it.each(['ask', 'nudge', 'reminder'] as const)(
    'a message of kind %s is missed where the morning is too late',
    (kind) => {
      expect(handOverDecision({ kind, usefulUntil: morning - 1 }, night, far)).toBe('missed');
      expect(handOverDecision({ kind, usefulUntil: morning }, night, far)).toEqual({ later: morning });
    },
  );

  it(
    'agrees with what was planned: a message handed over at its planned moment goes, or is missed',
    () => {
      const instants = fc.integer({ min: at('2026-10-01T00:00:00Z'), max: at('2027-12-01T00:00:00Z') });
      const hours = fc.integer({ min: 0, max: 40 });
      fc.assert(
        fc.property(instants, hours, hours, fc.constantFrom(...messageKinds), (now, ahead, rest, kind) => {
          const wished = now + ahead * HOUR;
          const message = { kind, usefulUntil: wished + rest * HOUR + MINUTE };
          const rules = { zone: helsinki, quietHours: quiet, starts: [message.usefulUntil] };
          const planned = sendingTime(message, wished, now, rules);
          expect(planned).toBeGreaterThanOrEqual(now);
          expect(planned).toBeLessThanOrEqual(message.usefulUntil);
          const decision = handOverDecision(message, planned, rules);
          expect(decision === 'send' || decision === 'missed').toBe(true);
          const isUrgent = localDate(message.usefulUntil, helsinki) <= addDays(localDate(planned, helsinki), 1);
          const mayBeQuiet = decision === 'missed' || kind === 'offerWon' || (changeKinds.includes(kind) && isUrgent);
          expect(isQuiet(planned, quiet, helsinki) && !mayBeQuiet).toBe(false);
        }),
        { numRuns: 1000 },
      );
    },
    PATIENCE,
  );
});
