import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkConfirmBy, confirmByFor, holdConfirmBy, nudgesFor } from './confirmation.ts';
import { ELAPSED_DAY, HOUR, MINUTE } from './interval.ts';
import { resolvePolicy } from './policy.ts';

const helsinki = 'Europe/Helsinki';
const berlin = 'Europe/Berlin';
const policy = resolvePolicy({});
const at = (text: string) => Date.parse(text);
const refusedWith = (code: string) => expect.objectContaining({ name: 'Refusal', code });

describe('the answer to a pre-reservation is due', () => {
  it.each([
    ['14 days before a visit far ahead', '2026-11-22T10:00:00Z', '2027-01-04T07:00:00Z', '2026-12-21T07:00:00Z'],
    [
      '72 hours after the asking where that is later',
      '2026-11-22T10:00:00Z',
      '2026-12-03T07:00:00Z',
      '2026-11-25T10:00:00Z',
    ],
    ['no later than 24 hours before the start', '2026-11-22T10:00:00Z', '2026-11-25T07:00:00Z', '2026-11-24T07:00:00Z'],
    [
      'at the same wall-clock time across the spring change',
      '2027-01-10T10:00:00Z',
      '2027-04-05T06:00:00Z',
      '2027-03-22T07:00:00Z',
    ],
    [
      'at the same wall-clock time across the autumn change',
      '2026-09-01T10:00:00Z',
      '2026-11-02T07:00:00Z',
      '2026-10-19T06:00:00Z',
    ],
    [
      '72 elapsed hours after, across the spring change',
      '2027-03-26T07:00:00Z',
      '2027-04-05T06:00:00Z',
      '2027-03-29T07:00:00Z',
    ],
    [
      '24 elapsed hours before, across the spring change',
      '2027-03-27T07:00:00Z',
      '2027-03-29T06:00:00Z',
      '2027-03-28T06:00:00Z',
    ],
    [
      '72 elapsed hours after, across the autumn change',
      '2027-10-29T06:00:00Z',
      '2027-11-08T07:00:00Z',
      '2027-11-01T06:00:00Z',
    ],
    [
      '24 elapsed hours before, across the autumn change',
      '2026-10-24T06:00:00Z',
      '2026-10-26T07:00:00Z',
      '2026-10-25T07:00:00Z',
    ],
  ])('%s', (_, madeAt, startsAt, confirmBy) => {
    expect(confirmByFor(at(madeAt), at(startsAt), helsinki, policy)).toBe(at(confirmBy));
  });

  it('in Berlin by the clock of Berlin', () => {
    const made = at('2027-01-10T10:00:00Z');
    expect(confirmByFor(made, at('2027-04-05T07:00:00Z'), berlin, policy)).toBe(at('2027-03-22T08:00:00Z'));
  });

  it('where the 14th day before has no such time, at the instant at which the clock jumps', () => {
    const nightVisit = at('2027-04-11T00:30:00Z');
    expect(confirmByFor(at('2027-01-10T10:00:00Z'), nightVisit, helsinki, policy)).toBe(at('2027-03-28T01:00:00Z'));
  });

  it('never with less than two hours to answer: exactly two are enough', () => {
    const startsAt = at('2026-11-25T07:00:00Z');
    const lastMade = startsAt - 26 * HOUR;
    expect(confirmByFor(lastMade, startsAt, helsinki, policy)).toBe(startsAt - 24 * HOUR);
    expect(() => confirmByFor(lastMade + 1, startsAt, helsinki, policy)).toThrow(
      refusedWith('CONFIRMATION_TIME_TOO_SHORT'),
    );
    expect(() => confirmByFor(startsAt + 1, startsAt, helsinki, policy)).toThrow(
      refusedWith('CONFIRMATION_TIME_TOO_SHORT'),
    );
  });

  it("by the clinic's own numbers", () => {
    const own = resolvePolicy({ confirmation: { daysBefore: 3, hoursToAnswer: 10, closesHoursBefore: 48 } });
    const made = at('2026-11-22T10:00:00Z');
    expect(confirmByFor(made, at('2026-12-20T07:00:00Z'), helsinki, own)).toBe(at('2026-12-17T07:00:00Z'));
    expect(confirmByFor(made, at('2026-11-25T07:00:00Z'), helsinki, own)).toBe(at('2026-11-22T20:00:00Z'));
  });

  it('always leaves the promised room, wherever in two years it is made', () => {
    const made = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2028-01-01T00:00:00Z') });
    const ahead = fc.integer({ min: 26 * HOUR, max: 200 * ELAPSED_DAY });
    fc.assert(
      fc.property(made, ahead, fc.constantFrom(helsinki, berlin), (madeAt, distance, zone) => {
        const startsAt = madeAt + distance;
        const confirmBy = confirmByFor(madeAt, startsAt, zone, policy);
        expect(confirmBy).toBeLessThanOrEqual(startsAt - 24 * HOUR);
        expect(confirmBy - madeAt).toBeGreaterThanOrEqual(Math.min(72 * HOUR, distance - 24 * HOUR));
        expect(startsAt - confirmBy).toBeLessThanOrEqual(Math.max(14 * ELAPSED_DAY + HOUR, 24 * HOUR));
      }),
    );
  });
});

describe('a deadline that staff choose', () => {
  const [now, startsAt] = [1_000, 9_000];
  it.each([1_001, 8_999])('may be any instant after now and before the start: %i', (confirmBy) => {
    expect(() => checkConfirmBy(confirmBy, now, startsAt)).not.toThrow();
  });
  it.each([0, 1_000, 9_000, 9_001])('may not be %i', (confirmBy) => {
    expect(() => checkConfirmBy(confirmBy, now, startsAt)).toThrow(refusedWith('VALIDATION_FAILED'));
  });
});

describe('a hold', () => {
  it('can be confirmed for ten minutes, or what the clinic says', () => {
    expect(holdConfirmBy(5, policy)).toBe(5 + 10 * MINUTE);
    expect(holdConfirmBy(5, resolvePolicy({ holdMinutes: 30 }))).toBe(5 + 30 * MINUTE);
  });
});

describe('the question is repeated', () => {
  const confirmBy = at('2026-12-21T07:00:00Z');
  const nudges = (askedAt: string) => nudgesFor(at(askedAt), confirmBy, helsinki, policy).map((n) => n.daysBefore);

  it('7 and 2 calendar days before the answer is due, earliest first', () => {
    expect(nudgesFor(at('2026-11-22T10:00:00Z'), confirmBy, helsinki, policy)).toEqual([
      { daysBefore: 7, at: at('2026-12-14T07:00:00Z') },
      { daysBefore: 2, at: at('2026-12-19T07:00:00Z') },
    ]);
  });

  it('only where that is at least a day after the asking, exactly a day included', () => {
    expect(nudges('2026-12-13T07:00:00Z')).toEqual([7, 2]);
    expect(nudges('2026-12-13T07:00:00.001Z')).toEqual([2]);
    expect(nudges('2026-12-18T07:00:00Z')).toEqual([2]);
    expect(nudges('2026-12-18T07:00:00.001Z')).toEqual([]);
  });

  it('at the same wall-clock time across a clock change, on days that are calendar days', () => {
    const afterSpring = at('2027-03-29T06:00:00Z');
    expect(nudgesFor(at('2027-03-26T07:00:00Z'), afterSpring, helsinki, policy)).toEqual([
      { daysBefore: 2, at: at('2027-03-27T07:00:00Z') },
    ]);
    expect(nudgesFor(at('2027-03-26T07:00:00.001Z'), afterSpring, helsinki, policy)).toEqual([]);
  });

  it("as often as the clinic's policy says, or never", () => {
    const daily = resolvePolicy({ confirmation: { nudgeDaysBefore: [1, 3, 2] } });
    expect(nudgesFor(0, confirmBy, helsinki, daily).map((n) => n.daysBefore)).toEqual([3, 2, 1]);
    const never = resolvePolicy({ confirmation: { nudgeDaysBefore: [] } });
    expect(nudgesFor(0, confirmBy, helsinki, never)).toEqual([]);
  });
});
