import { describe, expect, it } from 'vitest';
import { dayName, readDays, readException, readHours, readWeek, writeExceptions, writeHours } from './written-hours.ts';

const open = (opensAt: string, closesAt: string) => ({ opensAt, closesAt });

describe('hours as they are written', () => {
  it.each([
    ['08:00-16:00', [open('08:00', '16:00')]],
    ['12:30 - 16:00, 8:00–12:00', [open('08:00', '12:00'), open('12:30', '16:00')]],
    ['00:00-12:00,12:00-24:00', [open('00:00', '12:00'), open('12:00', '24:00')]],
  ])('%s are read, in order', (text, value) => {
    expect(readHours(text)).toEqual({ value });
  });

  it.each([
    ['', 'cannot be read: "" is not written as 08:00-16:00'],
    ['8-16', 'cannot be read: "8-16" is not written as 08:00-16:00'],
    ['08:00-16:00,', 'cannot be read: "" is not written as 08:00-16:00'],
    ['08:60-16:00', 'cannot be read: "08:60-16:00" is not written as 08:00-16:00'],
    ['24:00-24:00', 'cannot be read: "24:00-24:00" is not written as 08:00-16:00'],
    ['16:00-08:00', 'close before they open: "16:00-08:00"'],
    ['08:00-08:00', 'close before they open: "08:00-08:00"'],
    ['13:00-17:00, 08:00-13:15', 'overlap at 13:00'],
    ['08:00-12:00, 08:00-12:00', 'overlap at 08:00'],
  ])('"%s" is refused: %s', (text, problem) => {
    expect(readHours(text)).toEqual({ problem });
  });

  it('are read again as they were written', () => {
    const hours = [open('12:30', '16:00'), open('08:00', '12:00')];
    expect(writeHours(hours)).toBe('08:00-12:00, 12:30-16:00');
    expect(readHours(writeHours(hours))).toEqual({ value: hours.toReversed() });
  });
});

describe('days of the week', () => {
  it.each([
    ['mon', [1]],
    ['Sat-Sun', [6, 7]],
    ['mon-wed, fri', [1, 2, 3, 5]],
  ])('%s are read', (text, value) => {
    expect(readDays(text)).toEqual({ value });
  });

  it.each(['', 'monday', 'fri-mon', 'mon-', 'mon-wed-fri', 'mon,,tue'])('"%s" is refused', (text) => {
    expect(readDays(text)).toEqual({ problem: expect.stringContaining('is no day of the week') });
  });

  it('have short names', () => {
    expect([1, 7].map(dayName)).toEqual(['mon', 'sun']);
  });
});

describe('a week', () => {
  it('is read in the order of its days', () => {
    expect(readWeek({ fri: '08:00-13:00', 'mon-tue': '12:00-16:00, 08:00-11:00' })).toEqual({
      problems: [],
      hours: [
        { weekday: 1, ...open('08:00', '11:00') },
        { weekday: 1, ...open('12:00', '16:00') },
        { weekday: 2, ...open('08:00', '11:00') },
        { weekday: 2, ...open('12:00', '16:00') },
        { weekday: 5, ...open('08:00', '13:00') },
      ],
    });
  });

  it('names every line that cannot be read, and a day that is named twice', () => {
    const { problems } = readWeek({ 'mon-fri': '08:00-16:00', wed: '17:00-19:00', sat: 'closed', x: '08:00-16:00' });
    expect(problems.map(({ key }) => key)).toEqual(['wed', 'sat', 'x']);
    expect(problems[0]?.problem).toBe('names a day a second time');
  });
});

describe('a date that differs from the week', () => {
  const allDay = open('00:00', '24:00');

  it.each([
    ['2026-12-24', [{ date: '2026-12-24', ...allDay }]],
    [
      '2026-12-31 to 2027-01-01',
      [
        { date: '2026-12-31', ...allDay },
        { date: '2027-01-01', ...allDay },
      ],
    ],
    [
      '2026-12-31 08:00-10:00, 12:00-16:00',
      [
        { date: '2026-12-31', ...open('08:00', '10:00') },
        { date: '2026-12-31', ...open('12:00', '16:00') },
      ],
    ],
    [
      '2028-02-28 to 2028-02-29  12:00-16:00',
      ['2028-02-28', '2028-02-29'].map((date) => ({ date, ...open('12:00', '16:00') })),
    ],
  ])('is read: closed %s', (text, exceptions) => {
    expect(readException('closed', text)).toEqual({ value: exceptions.map((one) => ({ kind: 'closed', ...one })) });
  });

  it.each([
    ['closed', '', 'has no date'],
    ['closed', '24.12.2026', 'has no date'],
    ['closed', '2027-02-29', 'has no date'],
    ['closed', '2026-12-24 to', 'has hours that cannot be read'],
    ['closed', '2026-12-24 until 2026-12-26', 'has hours that cannot be read'],
    ['closed', '2026-12-26 to 2026-12-24', 'ends on 2026-12-24, before it begins'],
    ['closed', '2026-01-01 to 2027-01-02', 'is longer than a year'],
    ['closed', '2026-12-24 16:00-12:00', 'has hours that close before they open'],
    ['extra', '2027-01-09', 'says no hours'],
  ] as const)('is refused: %s "%s" %s', (kind, text, problem) => {
    expect(readException(kind, text)).toEqual({ problem: expect.stringContaining(problem) });
  });

  it('is said in words', () => {
    const on = (text: string, kind: 'closed' | 'extra' = 'closed') => {
      const read = readException(kind, `2026-12-24${text}`);
      return 'value' in read ? read.value : [];
    };
    expect(writeExceptions(on(''))).toBe('closed');
    expect(writeExceptions([...on(' 17:00-19:00', 'extra'), ...on(' 12:00-14:00, 08:00-10:00')])).toBe(
      'closed 08:00-10:00, 12:00-14:00; extra 17:00-19:00',
    );
  });
});
