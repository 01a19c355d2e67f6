import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import * as time from './clinic-time.ts';
import { HOUR, MINUTE } from './interval.ts';

/** Many runs on a busy machine take seconds; that is no failure. */
const PATIENCE = 30_000;

const helsinki = 'Europe/Helsinki';
const berlin = 'Europe/Berlin';
const utc = (text: string) => Date.parse(text);

describe('the wall clock of a clinic', () => {
  it.each([
    ['2026-12-31T11:00:00Z', helsinki, '2026-12-31', '13:00'],
    ['2026-12-31T22:00:00Z', helsinki, '2027-01-01', '00:00'],
    ['2026-12-31T22:00:00Z', berlin, '2026-12-31', '23:00'],
    ['2027-03-28T00:59:59.999Z', helsinki, '2027-03-28', '02:59'],
    ['2027-03-28T01:00:00Z', helsinki, '2027-03-28', '04:00'],
    ['2027-03-28T00:59:59.999Z', berlin, '2027-03-28', '01:59'],
    ['2027-03-28T01:00:00Z', berlin, '2027-03-28', '03:00'],
    ['2026-10-25T00:30:00Z', helsinki, '2026-10-25', '03:30'],
    ['2026-10-25T01:30:00Z', helsinki, '2026-10-25', '03:30'],
    ['2027-10-31T00:30:00Z', berlin, '2027-10-31', '02:30'],
    ['2027-10-31T01:30:00Z', berlin, '2027-10-31', '02:30'],
  ])('shows %s in %s as %s %s', (instant, zone, date, clock) => {
    expect(time.localDate(utc(instant), zone)).toBe(date);
    expect(time.localTime(utc(instant), zone)).toBe(clock);
  });

  it('gives the parts of the wall clock for texts in any language', () => {
    expect(time.localParts(utc('2027-01-03T22:05:00Z'), helsinki)).toEqual({
      weekday: 1,
      day: 4,
      month: 1,
      year: 2027,
      hour: 0,
      minute: 5,
    });
    expect(time.localParts(utc('2027-01-03T20:05:00Z'), helsinki).weekday).toBe(7);
  });

  it('is written for operators in one fixed form', () => {
    expect(time.formatForOperators(utc('2026-12-31T11:00:00Z'), helsinki)).toBe('Thu 31 Dec 2026 13:00');
    expect(time.formatForOperators(utc('2027-03-28T01:00:00Z'), helsinki)).toBe('Sun 28 Mar 2027 04:00');
  });

  it('agrees with the time-zone library at every instant of every kind of zone', () => {
    const zones = [helsinki, berlin, 'UTC', 'Asia/Kolkata', 'Australia/Lord_Howe', 'America/St_Johns', 'Pacific/Apia'];
    const instants = fc.integer({ min: utc('2020-01-01T00:00:00Z'), max: utc('2040-01-01T00:00:00Z') });
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (instant, zone) => {
        const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone);
        expect(time.localDate(instant, zone)).toBe(zoned.toPlainDate().toString());
        expect(time.localTime(instant, zone)).toBe(zoned.toPlainTime().toString().slice(0, 5));
      }),
    );
  });

  it('does not depend on what was asked before: the very instant of a change first, then the one before it', () => {
    const change = utc('2027-03-28T01:00:00Z');
    const zone = 'Europe/Stockholm';
    expect([change, change - 1].map((instant) => time.localTime(instant, zone))).toEqual(['03:00', '01:59']);
  });

  it('is right to the millisecond on both sides of every clock change', () => {
    let change = Temporal.Instant.fromEpochMilliseconds(utc('2020-01-01T00:00:00Z')).toZonedDateTimeISO(helsinki);
    for (let i = 0; i < 40; i++) {
      change = change.getTimeZoneTransition('next') ?? change;
      for (const instant of [change.epochMilliseconds - 1, change.epochMilliseconds]) {
        const offset = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(helsinki).offset;
        expect(time.formatInstant(instant, helsinki).slice(-6)).toBe(offset);
      }
    }
  });
});

describe('an instant from a wall-clock time', () => {
  it.each([
    ['2027-01-04', '09:00', helsinki, '2027-01-04T07:00:00Z'],
    ['2027-07-05', '09:00', helsinki, '2027-07-05T06:00:00Z'],
    ['2027-01-04', '24:00', helsinki, '2027-01-04T22:00:00Z'],
    ['2027-03-28', '00:00', helsinki, '2027-03-27T22:00:00Z'],
    ['2027-03-28', '02:59', helsinki, '2027-03-28T00:59:00Z'],
    ['2027-03-28', '04:00', helsinki, '2027-03-28T01:00:00Z'],
    ['2027-03-28', '24:00', helsinki, '2027-03-28T21:00:00Z'],
    ['2026-10-25', '02:59', helsinki, '2026-10-24T23:59:00Z'],
    ['2026-10-25', '04:00', helsinki, '2026-10-25T02:00:00Z'],
  ])('%s %s in %s is %s', (date, clock, zone, instant) => {
    expect(time.atLocal(date, clock, zone)).toEqual({ instant: utc(instant), exists: true });
  });

  it.each([
    ['2027-03-28', '03:00', helsinki],
    ['2027-03-28', '03:30', helsinki],
    ['2027-03-28', '03:59', helsinki],
    ['2027-03-28', '02:00', berlin],
    ['2027-03-28', '02:30', berlin],
  ])('%s %s does not exist in %s: the instant at which the clock jumps stands for it', (date, clock, zone) => {
    expect(time.atLocal(date, clock, zone)).toEqual({ instant: utc('2027-03-28T01:00:00Z'), exists: false });
  });

  it.each([
    ['2026-10-25', '03:00', helsinki, '2026-10-25T00:00:00Z'],
    ['2026-10-25', '03:59', helsinki, '2026-10-25T00:59:00Z'],
    ['2027-10-31', '03:30', helsinki, '2027-10-31T00:30:00Z'],
    ['2026-10-25', '02:30', berlin, '2026-10-25T00:30:00Z'],
    ['2027-10-31', '02:00', berlin, '2027-10-31T00:00:00Z'],
  ])('%s %s comes twice in %s: the earlier one is meant', (date, clock, zone, instant) => {
    expect(time.atLocal(date, clock, zone)).toEqual({ instant: utc(instant), exists: true });
  });

  it(
    'agrees with the time-zone library wherever the time exists',
    () => {
      const days = fc.integer({ min: 0, max: 365 * 15 }).map((n) => time.addDays('2025-01-01', n));
      const zones = fc.constantFrom(helsinki, berlin, 'America/Santiago', 'Australia/Lord_Howe', 'Asia/Tokyo');
      fc.assert(
        fc.property(days, fc.integer({ min: 0, max: 1439 }), zones, (date, minute, zone) => {
          const clock = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
          const { instant, exists } = time.atLocal(date, clock, zone);
          const zoned = Temporal.PlainDateTime.from(`${date}T${clock}`).toZonedDateTime(zone);
          expect(exists).toBe(zoned.toPlainTime().toString().slice(0, 5) === clock);
          expect(exists ? instant : zoned.epochMilliseconds).toBe(zoned.epochMilliseconds);
        }),
        { numRuns: 500 },
      );
    },
    PATIENCE,
  );

  it('never gives an earlier instant for a later wall-clock time, through a whole week of a clock change', () => {
    for (const [zone, first] of [
      [helsinki, '2027-03-25'],
      [berlin, '2026-10-22'],
      [helsinki, '2027-10-28'],
    ] as const) {
      let previous = -Infinity;
      for (let minute = 0; minute < 7 * 1440; minute += 5) {
        const clock = `${String(Math.floor((minute % 1440) / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
        const { instant } = time.atLocal(time.addDays(first, Math.floor(minute / 1440)), clock, zone);
        expect(instant).toBeGreaterThanOrEqual(previous);
        previous = instant;
      }
    }
  });
});

describe('calendar days', () => {
  it.each([
    ['across the spring change', '2027-03-29T06:00:00Z', 2, '2027-03-27T07:00:00Z'],
    ['across the autumn change', '2026-10-26T07:00:00Z', 2, '2026-10-24T06:00:00Z'],
    ['forward across the autumn change', '2027-10-30T06:00:00Z', -7, '2027-11-06T07:00:00Z'],
    ['to a time that is missing that day', '2027-03-29T00:30:00Z', 1, '2027-03-28T01:00:00Z'],
    ['to a time that comes twice that day', '2026-10-26T01:30:00Z', 1, '2026-10-25T00:30:00Z'],
    ['across a leap day', '2028-03-01T07:00:00Z', 1, '2028-02-29T07:00:00Z'],
  ])('keep the wall-clock time %s', (_, from, days, to) => {
    expect(time.calendarDaysBefore(utc(from), days, helsinki)).toBe(utc(to));
  });

  it('keep seconds and milliseconds', () => {
    const instant = utc('2027-03-29T06:00:12.345Z');
    expect(time.calendarDaysBefore(instant, 7, helsinki)).toBe(utc('2027-03-22T07:00:12.345Z'));
  });

  it('take another wall-clock time when one is given, on the local date', () => {
    const justAfterMidnight = utc('2027-01-04T22:30:00Z');
    expect(time.calendarDaysBefore(justAfterMidnight, 2, helsinki, '13:00')).toBe(utc('2027-01-03T11:00:00Z'));
    expect(time.calendarDaysBefore(justAfterMidnight, 0, helsinki, '13:00')).toBe(utc('2027-01-05T11:00:00Z'));
  });

  it('know their weekday, and follow on each other through months, years and leap days', () => {
    expect(time.weekday('2026-11-22')).toBe(7);
    expect(time.weekday('2026-11-23')).toBe(1);
    expect(time.addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(time.addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(time.addDays('2027-03-01', -1)).toBe('2027-02-28');
  });

  it.each([
    '2027-02-29',
    '2027-13-01',
    '2027-00-10',
    '2027-1-01',
    '2027-01-01T00:00',
    '',
    'tomorrow',
    '27-01-01',
    '0000-01-01',
    '0000-12-31',
  ])('are not %j', (text) => expect(time.isDate(text)).toBe(false));

  it.each(['2028-02-29', '0001-01-01', '9999-12-31'])('are %j', (text) => expect(time.isDate(text)).toBe(true));
});

describe('stretches of one offset', () => {
  it('split an interval at the clock change and nowhere else', () => {
    const night = { start: utc('2027-03-27T20:00:00Z'), end: utc('2027-03-28T10:00:00Z') };
    expect(time.offsetSpans(night, helsinki)).toEqual([
      { start: night.start, end: utc('2027-03-28T01:00:00Z'), offset: 2 * HOUR },
      { start: utc('2027-03-28T01:00:00Z'), end: night.end, offset: 3 * HOUR },
    ]);
    expect(time.offsetSpans({ start: 0, end: MINUTE }, 'UTC')).toEqual([{ start: 0, end: MINUTE, offset: 0 }]);
  });
});

describe('time zones', () => {
  it.each(['Europe/Helsinki', 'Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires'])('%s is one', (zone) =>
    expect(time.isZone(zone)).toBe(true),
  );
  it.each([
    'europe/helsinki',
    '+02:00',
    'Europe/Nowhere',
    '',
    'Z',
    'Europe/Helsinki ',
    '2026-01-01T00:00Z[Europe/Berlin]',
  ])('%j is none', (zone) => expect(time.isZone(zone)).toBe(false));
});

describe('instants as text', () => {
  it.each([
    ['2026-12-31T11:00:00Z', '2026-12-31T11:00:00Z'],
    ['2026-12-31T13:00:00+02:00', '2026-12-31T11:00:00Z'],
    ['2026-12-31T03:30:00-07:30', '2026-12-31T11:00:00Z'],
    ['2026-12-31t11:00:00.5z', '2026-12-31T11:00:00.500Z'],
    ['2026-12-31T11:00:00.123456789Z', '2026-12-31T11:00:00.123Z'],
    ['2026-12-31T11:00:00.9999Z', '2026-12-31T11:00:00.999Z'],
    ['2028-02-29T00:00:00-00:00', '2028-02-29T00:00:00Z'],
  ])('%s is %s', (text, canonical) => {
    expect(time.formatInstant(time.parseInstant(text)!)).toBe(canonical);
  });

  it.each([
    '2026-12-31T11:00:00',
    '2026-12-31',
    '2026-12-31T11:00Z',
    '2026-12-31 11:00:00Z',
    '2027-02-29T11:00:00Z',
    '2026-12-31T24:00:00Z',
    '2026-12-31T11:60:00Z',
    '2026-12-31T23:59:60Z',
    '2026-12-31T11:00:00+24:00',
    '2026-12-31T11:00:00+02',
    '2026-12-31T11:00:00+0200',
    '2026-12-31T11:00:00.Z',
    ' 2026-12-31T11:00:00Z',
    '2026-12-31T11:00:00Z\n',
    '1798714800000',
    '',
  ])('%j is refused', (text) => expect(time.parseInstant(text)).toBeUndefined());

  it('are written with the offset of a zone where one is given', () => {
    expect(time.formatInstant(utc('2026-12-31T11:00:00Z'), helsinki)).toBe('2026-12-31T13:00:00+02:00');
    expect(time.formatInstant(utc('2026-12-31T11:00:00Z'), 'America/St_Johns')).toBe('2026-12-31T07:30:00-03:30');
    expect(time.formatInstant(utc('2026-12-31T11:00:00.250Z'), 'UTC')).toBe('2026-12-31T11:00:00.250+00:00');
  });

  it('are read back as they were written, in any zone', () => {
    const instants = fc.integer({ min: 0, max: utc('2099-01-01T00:00:00Z') });
    fc.assert(
      fc.property(instants, fc.constantFrom(undefined, helsinki, 'America/St_Johns'), (instant, zone) => {
        expect(time.parseInstant(time.formatInstant(instant, zone))).toBe(instant);
      }),
    );
  });
});
