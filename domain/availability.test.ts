import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkBookable, freeTimes, nearest, occupiedRange, openHours, patientWindow } from './availability.ts';
import type { Calendar, FreeTimesQuery, Slot } from './availability.ts';
import type { ScheduleException, WeeklyHours } from './catalogue.ts';
import { formatInstant, localTime, minutesOf } from './clinic-time.ts';
import { asId } from './ids.ts';
import type { ProviderId } from './ids.ts';
import { contains, ELAPSED_DAY, HOUR, MINUTE, overlaps } from './interval.ts';

/** Many runs on a busy machine take seconds; that is no failure. */
const PATIENCE = 30_000;

const helsinki = 'Europe/Helsinki';
const berlin = 'Europe/Berlin';
const at = (text: string) => Date.parse(text);
const anna = asId<ProviderId>('a');
const bo = asId<ProviderId>('b');

const everyDay = (opensAt: string, closesAt: string): WeeklyHours[] =>
  [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opensAt, closesAt }));
const calendar = (fields: Partial<Calendar> = {}): Calendar => ({
  providerId: anna,
  hours: everyDay('09:00', '11:00'),
  exceptions: [],
  occupied: [],
  ...fields,
});
const halfHour = { durationMinutes: 30, bufferBeforeMinutes: 0, bufferAfterMinutes: 0, gridMinutes: 15 };
const day = (date: string, offset: string) => ({
  start: at(`${date}T00:00:00${offset}`),
  end: at(`${date}T00:00:00${offset}`) + ELAPSED_DAY,
});
const monday = day('2027-01-04', '+02:00');
const onMonday = (clock: string) => at(`2027-01-04T${clock}:00+02:00`);
const taken = (from: string, to: string) => ({ start: onMonday(from), end: onMonday(to) });

function slots(fields: Partial<FreeTimesQuery> = {}): Slot[] {
  return freeTimes({ calendars: [calendar()], visitType: halfHour, range: monday, zone: helsinki, ...fields });
}
const clocks = (fields: Partial<FreeTimesQuery> = {}) =>
  slots(fields).map((slot) => localTime(slot.startsAt, fields.zone ?? helsinki));

describe('free times', () => {
  it('lie on the grid and fit into the hours to their end', () => {
    expect(clocks()).toEqual(['09:00', '09:15', '09:30', '09:45', '10:00', '10:15', '10:30']);
    expect(slots()[0]).toEqual({ providerId: anna, startsAt: onMonday('09:00'), endsAt: onMonday('09:30') });
  });

  it('count the grid from local midnight, not from the opening', () => {
    const opensOdd = calendar({ hours: everyDay('09:10', '10:40') });
    expect(clocks({ calendars: [opensOdd] })).toEqual(['09:15', '09:30', '09:45', '10:00']);
    expect(clocks({ visitType: { ...halfHour, gridMinutes: 50 } })).toEqual(['09:10', '10:00']);
  });

  it('begin the grid anew at each midnight where it does not fill the day', () => {
    const roundTheClock = calendar({ hours: everyDay('00:00', '24:00') });
    const range = { start: onMonday('22:00'), end: onMonday('22:00') + 4 * HOUR };
    expect(clocks({ calendars: [roundTheClock], visitType: { ...halfHour, gridMinutes: 50 }, range })).toEqual([
      '22:30',
      '23:20',
      '00:00',
      '00:50',
      '01:40',
    ]);
  });

  it('leave out what is occupied, and may touch it', () => {
    const busy = calendar({ occupied: [taken('09:30', '10:00')] });
    expect(clocks({ calendars: [busy] })).toEqual(['09:00', '10:00', '10:15', '10:30']);
  });

  it('keep their own buffers clear of what is occupied; buffers may lie outside the hours', () => {
    const visitType = { ...halfHour, bufferBeforeMinutes: 10, bufferAfterMinutes: 20 };
    expect(clocks({ visitType })).toEqual(clocks());
    const busy = calendar({ occupied: [taken('09:50', '10:00')] });
    expect(clocks({ calendars: [busy], visitType })).toEqual(['09:00', '10:15', '10:30']);
    const afterHours = calendar({ occupied: [taken('11:10', '12:00')] });
    expect(clocks({ calendars: [afterHours], visitType }).at(-1)).toBe('10:15');
  });

  it('respect a break in the day, and treat hours that touch as one stretch', () => {
    const broken = calendar({ hours: [...everyDay('09:00', '09:45'), ...everyDay('10:15', '11:00')] });
    expect(clocks({ calendars: [broken] })).toEqual(['09:00', '09:15', '10:15', '10:30']);
    const touching = calendar({ hours: [...everyDay('09:00', '10:00'), ...everyDay('10:00', '11:00')] });
    expect(clocks({ calendars: [touching] })).toEqual(clocks());
  });

  it('go through midnight where the hours do', () => {
    const night = calendar({ hours: [...everyDay('23:00', '24:00'), ...everyDay('00:00', '00:30')] });
    const range = { start: onMonday('20:00'), end: onMonday('20:00') + 8 * HOUR };
    expect(clocks({ calendars: [night], range })).toEqual(['23:00', '23:15', '23:30', '23:45', '00:00']);
    const fromMidnight = { start: monday.end, end: monday.end + HOUR };
    expect(clocks({ calendars: [night], range: fromMidnight })).toEqual(['00:00']);
  });

  it('start within the range asked for, its end excluded', () => {
    expect(clocks({ range: taken('09:15', '10:00') })).toEqual(['09:15', '09:30', '09:45']);
    expect(clocks({ range: { start: onMonday('09:15') + 1, end: onMonday('09:45') + 1 } })).toEqual(['09:30', '09:45']);
    expect(clocks({ range: { start: onMonday('10:00'), end: onMonday('10:00') } })).toEqual([]);
    expect(clocks({ range: { start: onMonday('10:00'), end: onMonday('09:00') } })).toEqual([]);
  });

  it('come in the order of start, then provider, whatever the order of the calendars', () => {
    const calendars = [calendar({ providerId: bo }), calendar()];
    const found = slots({ calendars, range: taken('09:00', '09:30') });
    expect(found.map((slot) => [localTime(slot.startsAt, helsinki), slot.providerId])).toEqual([
      ['09:00', 'a'],
      ['09:00', 'b'],
      ['09:15', 'a'],
      ['09:15', 'b'],
    ]);
  });

  it.each([1, 2, 3, 5, 100])('in pages of %i are the same as all at once', (limit) => {
    const calendars = [calendar({ providerId: bo }), calendar({ occupied: [taken('09:30', '10:00')] })];
    const paged: Slot[] = [];
    for (let page = slots({ calendars, limit }); page.length > 0;) {
      expect(page.length).toBeLessThanOrEqual(limit);
      paged.push(...page);
      page = slots({ calendars, limit, after: page.at(-1)! });
    }
    expect(paged).toEqual(slots({ calendars }));
  });
});

describe('dated exceptions', () => {
  const exception = (kind: 'closed' | 'extra', opensAt = '00:00', closesAt = '24:00'): ScheduleException => ({
    date: '2027-01-04',
    kind,
    opensAt,
    closesAt,
  });
  const clocksWith = (...exceptions: ScheduleException[]) => clocks({ calendars: [calendar({ exceptions })] });

  it('close a day, or a part of it, and leave the next week as it is', () => {
    expect(clocksWith(exception('closed'))).toEqual([]);
    expect(clocksWith(exception('closed', '09:00', '10:00'))).toEqual(['10:00', '10:15', '10:30']);
    const nextWeek = day('2027-01-11', '+02:00');
    expect(clocks({ calendars: [calendar({ exceptions: [exception('closed')] })], range: nextWeek })).toEqual(clocks());
  });

  it('open extra hours, joined to the usual ones or apart from them', () => {
    expect(clocksWith(exception('extra', '11:00', '11:15')).at(-1)).toBe('10:45');
    expect(clocksWith(exception('extra', '18:00', '18:30')).at(-1)).toBe('18:00');
  });

  it('that close win over those that open', () => {
    expect(clocksWith(exception('extra', '11:00', '12:00'), exception('closed'))).toEqual([]);
    expect(clocksWith(exception('closed', '10:30', '11:30'), exception('extra', '11:00', '12:00')).at(-1)).toBe(
      '11:30',
    );
  });
});

describe('across a clock change', () => {
  const nights = calendar({ hours: everyDay('01:00', '05:00') });
  const hourly = { ...halfHour, durationMinutes: 60, gridMinutes: 30 };

  it.each([
    ['Helsinki', helsinki, '2027-03-28', '+02:00', ['01:00', '01:30', '02:00', '02:30', '04:00']],
    ['Berlin', berlin, '2027-03-28', '+01:00', ['01:00', '01:30', '03:00', '03:30', '04:00']],
  ])(
    'in spring no time is offered in %s that does not exist, and lengths are real',
    (_, zone, date, offset, expected) => {
      const found = slots({ calendars: [nights], visitType: hourly, range: day(date, offset), zone });
      expect(found.map((slot) => localTime(slot.startsAt, zone))).toEqual(expected);
      for (const slot of found) expect(slot.endsAt - slot.startsAt).toBe(HOUR);
    },
  );

  it.each([
    ['Helsinki', helsinki, '2026-10-25', '+03:00', '03'],
    ['Helsinki', helsinki, '2027-10-31', '+03:00', '03'],
    ['Berlin', berlin, '2026-10-25', '+02:00', '02'],
    ['Berlin', berlin, '2027-10-31', '+02:00', '02'],
  ])('in autumn the doubled hour of %s can be booked twice, as it lasts', (_, zone, date, offset, doubled) => {
    const found = slots({ calendars: [nights], visitType: hourly, range: day(date, offset), zone });
    const starts = found.map((slot) => slot.startsAt);
    expect(starts.map((start) => start - starts[0]!)).toEqual(starts.map((_start, i) => i * 30 * MINUTE));
    expect(found).toHaveLength(9);
    const shown = found.map((slot) => localTime(slot.startsAt, zone)).filter((clock) => clock.startsWith(doubled));
    expect(shown).toEqual([`${doubled}:00`, `${doubled}:30`, `${doubled}:00`, `${doubled}:30`]);
  });

  it('the usual hours of the day stay at their wall-clock times', () => {
    for (const [date, offset] of [
      ['2027-03-28', '+02:00'],
      ['2026-10-25', '+03:00'],
      ['2027-10-31', '+03:00'],
    ] as const) {
      expect(clocks({ range: day(date, offset) })).toEqual(clocks());
    }
  });

  it('hours that lie in the missing hour alone give nothing', () => {
    const missing = calendar({ hours: everyDay('03:00', '04:00') });
    expect(clocks({ calendars: [missing], range: day('2027-03-28', '+02:00') })).toEqual([]);
    expect(openHours(missing, '2027-03-28', '2027-03-28', helsinki)).toEqual([]);
  });
});

describe('the range that a visit occupies', () => {
  it('has its buffers on both sides', () => {
    const visitType = { durationMinutes: 30, bufferBeforeMinutes: 5, bufferAfterMinutes: 10 };
    expect(occupiedRange(onMonday('09:00'), visitType)).toEqual(taken('08:55', '09:40'));
  });
});

describe('patients', () => {
  const rules = { minimumNoticeMinutes: 120, horizonDays: 180 };
  const visitType = { ...halfHour, ...rules };
  const ask = (startsAt: number, now: number) => () =>
    checkBookable({ schedule: calendar(), visitType, startsAt, now, zone: helsinki });
  const notBookable = expect.objectContaining({ name: 'Refusal', code: 'NOT_BOOKABLE' });

  it('may book from the notice on and up to the whole last day of the horizon', () => {
    const window = patientWindow(at('2026-11-22T12:00:00+02:00'), rules, helsinki);
    expect(formatInstant(window.start, helsinki)).toBe('2026-11-22T14:00:00+02:00');
    expect(formatInstant(window.end, helsinki)).toBe('2027-05-22T00:00:00+03:00');
  });

  it('may choose a time of the grid with exactly the notice', () => {
    expect(ask(onMonday('09:00'), onMonday('07:00'))).not.toThrow();
    expect(ask(onMonday('09:00'), onMonday('07:00') + 1)).toThrow(notBookable);
  });

  it('may not choose a time beyond the horizon', () => {
    const last = at('2027-05-21T09:00:00+03:00');
    expect(ask(last, at('2026-11-22T23:59:59+02:00'))).not.toThrow();
    expect(ask(last, at('2026-11-21T23:59:59+02:00'))).toThrow(notBookable);
  });

  it('may not choose the first instant after the horizon', () => {
    const schedule = calendar({ hours: everyDay('00:00', '24:00') });
    const startsAt = at('2027-05-22T00:00:00+03:00');
    const query = { schedule, visitType, startsAt, zone: helsinki };
    expect(() => checkBookable({ ...query, now: at('2026-11-22T12:00:00+02:00') })).toThrow(notBookable);
    expect(() => checkBookable({ ...query, now: at('2026-11-23T12:00:00+02:00') })).not.toThrow();
  });

  it.each(['08:45', '09:10', '10:45', '11:00'])('may not choose %s, off the grid or not within the hours', (clock) => {
    expect(ask(onMonday(clock), onMonday('00:00'))).toThrow(notBookable);
  });

  it('may not choose a time that only looks like one of the grid: seconds count', () => {
    expect(ask(onMonday('09:00') + 1000, onMonday('00:00'))).toThrow(notBookable);
    expect(ask(onMonday('09:00') - 1, onMonday('00:00'))).toThrow(notBookable);
  });

  it('learn which field is wrong', () => {
    const errors = [expect.objectContaining({ pointer: '/startsAt' })];
    expect(ask(onMonday('09:10'), onMonday('00:00'))).toThrow(expect.objectContaining({ errors }));
  });
});

describe('the nearest free times', () => {
  it('are on both sides of the one wanted, five at most, in order', () => {
    const found = nearest(slots(), onMonday('10:00'));
    expect(found.map((slot) => localTime(slot.startsAt, helsinki))).toEqual([
      '09:30',
      '09:45',
      '10:00',
      '10:15',
      '10:30',
    ]);
  });

  it('are the earlier ones where two are equally near', () => {
    const found = nearest(slots(), onMonday('09:30'), 2);
    expect(found.map((slot) => localTime(slot.startsAt, helsinki))).toEqual(['09:15', '09:30']);
  });

  it('are all there are where there are fewer', () => {
    expect(nearest(slots({ limit: 2 }), onMonday('10:00'))).toHaveLength(2);
    expect(nearest([], onMonday('10:00'))).toEqual([]);
  });
});

describe('whatever the calendar', () => {
  const clock = fc.integer({ min: 0, max: 287 }).map((n) => n * 5);
  const toClock = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const openFor = fc.tuple(clock, fc.integer({ min: 1, max: 120 })).map(([opens, length]) => ({
    opensAt: toClock(opens),
    closesAt: toClock(Math.min(1440, opens + length * 5)),
  }));
  // The week of each clock change, and one without.
  const sunday = fc.constantFrom('2027-03-28', '2026-10-25', '2027-10-31', '2027-01-10');
  const query = fc.record({
    zone: fc.constantFrom(helsinki, berlin),
    sunday,
    hours: fc.array(
      openFor.chain((open) => fc.integer({ min: 1, max: 7 }).map((weekday) => ({ weekday, ...open }))),
      {
        maxLength: 8,
      },
    ),
    exceptions: fc.array(
      fc.record({ open: openFor, kind: fc.constantFrom('closed' as const, 'extra' as const), isSunday: fc.boolean() }),
      { maxLength: 3 },
    ),
    busy: fc.array(fc.tuple(fc.integer({ min: -600, max: 2000 }), fc.integer({ min: 1, max: 200 })), { maxLength: 10 }),
    durationMinutes: fc.integer({ min: 1, max: 24 }).map((n) => n * 5),
    bufferBeforeMinutes: fc.integer({ min: 0, max: 30 }),
    bufferAfterMinutes: fc.integer({ min: 0, max: 30 }),
    gridMinutes: fc.constantFrom(5, 7, 10, 15, 20, 30, 50, 60),
  });

  function build({
    zone,
    sunday: date,
    hours,
    exceptions,
    busy,
    ...visitType
  }: typeof query extends fc.Arbitrary<infer T> ? T : never) {
    const start = at(`${date}T00:00:00Z`) - 12 * HOUR;
    const provider = calendar({
      hours,
      exceptions: exceptions.map(({ open, kind, isSunday }) => ({
        date: isSunday ? date : new Date(start).toISOString().slice(0, 10),
        kind,
        ...open,
      })),
      occupied: busy.map(([from, length]) => ({ start: start + from * MINUTE, end: start + (from + length) * MINUTE })),
    });
    return { provider, visitType, zone, range: { start, end: start + 2 * ELAPSED_DAY } };
  }

  it(
    'no free time overlaps what is occupied, each lies on the grid, in the hours and in the range',
    () => {
      fc.assert(
        fc.property(query, (drawn) => {
          const { provider, visitType, zone, range } = build(drawn);
          const open = openHours(provider, '2026-10-20', '2026-11-02', zone)
            .concat(openHours(provider, '2027-01-05', '2027-01-15', zone))
            .concat(openHours(provider, '2027-03-22', '2027-04-02', zone))
            .concat(openHours(provider, '2027-10-25', '2027-11-05', zone));
          for (const slot of freeTimes({ calendars: [provider], visitType, range, zone })) {
            const whole = occupiedRange(slot.startsAt, visitType);
            expect(provider.occupied.some((busy) => overlaps(busy, whole))).toBe(false);
            expect(minutesOf(localTime(slot.startsAt, zone)) % visitType.gridMinutes).toBe(0);
            expect(slot.startsAt % MINUTE).toBe(0);
            expect(slot.endsAt - slot.startsAt).toBe(visitType.durationMinutes * MINUTE);
            expect(open.some((hours) => contains(hours, { start: slot.startsAt, end: slot.endsAt }))).toBe(true);
            expect(slot.startsAt >= range.start && slot.startsAt < range.end).toBe(true);
          }
        }),
        { numRuns: 300 },
      );
    },
    PATIENCE,
  );

  it(
    'no free time is forgotten: trying every minute finds the same',
    () => {
      fc.assert(
        fc.property(query, (drawn) => {
          const { provider, visitType, zone, range } = build(drawn);
          const date = (instant: number) => new Date(instant).toISOString().slice(0, 10);
          const open = openHours(
            provider,
            date(range.start - 2 * ELAPSED_DAY),
            date(range.end + 2 * ELAPSED_DAY),
            zone,
          );
          const expected: number[] = [];
          for (let start = range.start; start < range.end; start += MINUTE) {
            if (minutesOf(localTime(start, zone)) % visitType.gridMinutes !== 0) continue;
            const visit = { start, end: start + visitType.durationMinutes * MINUTE };
            if (!open.some((hours) => contains(hours, visit))) continue;
            if (!provider.occupied.some((busy) => overlaps(busy, occupiedRange(start, visitType))))
              expected.push(start);
          }
          const found = freeTimes({ calendars: [provider], visitType, range, zone });
          expect(found.map((slot) => slot.startsAt)).toEqual(expected);
        }),
        { numRuns: 80 },
      );
    },
    PATIENCE,
  );
});

it('62 days of 20 providers with 40 times a day are found in well under 100 ms', () => {
  const range = { start: at('2027-03-01T00:00:00Z'), end: at('2027-03-01T00:00:00Z') + 62 * ELAPSED_DAY };
  const calendars = Array.from({ length: 20 }, (_, i) =>
    calendar({ providerId: asId<ProviderId>(`p${i}`), hours: everyDay('08:00', '18:00') }),
  );
  const visitType = { ...halfHour, durationMinutes: 15 };
  const measure = () => {
    const before = process.cpuUsage();
    expect(freeTimes({ calendars, visitType, range, zone: helsinki })).toHaveLength(62 * 20 * 40);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  // Processor time, and the best of a few: the bound is for the code, not for what else the machine does just now.
  expect(Math.min(...Array.from({ length: 8 }, measure))).toBeLessThan(100);
});
