import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from './interval.ts';
import {
  isPatient,
  isWaveOver,
  isWithinHours,
  isWorthOffering,
  nextTurn,
  offerUntil,
  takesOpenings,
  stillToAsk,
} from './opening-rules.ts';
import type { FreedTime, WaveState } from './opening-rules.ts';
import { resolvePolicy } from './policy.ts';

const zone = 'Europe/Helsinki';
const at = (text: string) => Date.parse(text);
const rules = { visitType: { backfill: true }, policy: resolvePolicy({}), timeZone: zone };
const now = at('2027-01-12T12:00:00+02:00');
const freed = (changes: Partial<FreedTime> = {}): FreedTime => ({
  startsAt: now + 24 * HOUR,
  cause: 'cancelled',
  depth: 0,
  now,
  ...changes,
});

describe('a freed time is worth offering', () => {
  it.each<[string, Partial<FreedTime>, boolean]>([
    ['tomorrow', {}, true],
    ['exactly at the notice', { startsAt: now + 2 * HOUR }, true],
    ['a millisecond nearer', { startsAt: now + 2 * HOUR - 1 }, false],
    ['exactly as far ahead as is looked', { startsAt: now + 14 * 24 * HOUR }, true],
    ['a millisecond further', { startsAt: now + 14 * 24 * HOUR + 1 }, false],
    ['further, after a move', { startsAt: now + 15 * 24 * HOUR, cause: 'moved' }, false],
    ['further, where a reservation expired', { startsAt: now + 90 * 24 * HOUR, cause: 'expired' }, true],
    ['further, where staff want it', { startsAt: now + 90 * 24 * HOUR, cause: 'manual' }, true],
    ['too near, where a reservation expired', { startsAt: now + HOUR, cause: 'expired' }, false],
    ['at the bottom of a cascade', { depth: 3 }, true],
    ['deeper', { depth: 4 }, false],
    ['further, where it was offered before', { startsAt: now + 90 * 24 * HOUR, isReopened: true }, true],
    ['too near, where it was offered before', { startsAt: now + HOUR, isReopened: true }, false],
  ])('%s: %#', (_when, changes, expected) => expect(isWorthOffering(freed(changes), rules)).toBe(expected));

  it.each(['cancel', 'move'] as const)('never of a type of which only staff may %s visits', (action) => {
    const policy = resolvePolicy({}, { selfService: { cancel: 'allowed', move: 'allowed', [action]: 'staffOnly' } });
    expect(isWorthOffering(freed(), { ...rules, policy })).toBe(false);
    expect(isWorthOffering(freed({ isReopened: true }), { ...rules, policy })).toBe(false);
  });

  it('of a type that is not filled again only where it was offered before', () => {
    const notFilled = { ...rules, visitType: { backfill: false } };
    expect(isWorthOffering(freed(), notFilled)).toBe(false);
    expect(isWorthOffering(freed({ isReopened: true }), notFilled)).toBe(true);
  });

  it('counts hours and days as they elapse, also over a clock change', () => {
    const before = at('2027-03-27T12:00:00+02:00');
    const time = (text: string) => freed({ now: before, startsAt: at(text) });
    // Fourteen times 24 hours later it is an hour later on the wall.
    expect(isWorthOffering(time('2027-04-10T13:00:00+03:00'), rules)).toBe(true);
    expect(isWorthOffering(time('2027-04-10T13:00:01+03:00'), rules)).toBe(false);
    const night = at('2027-03-28T02:30:00+02:00');
    const soon = freed({ now: night, startsAt: at('2027-03-28T05:00:00+03:00') });
    expect(isWorthOffering(soon, rules)).toBe(false);
  });

  it.each([
    ['2027-01-13T09:30:00+02:00', false],
    ['2027-01-13T09:59:59+02:00', false],
    ['2027-01-13T10:00:00+02:00', true],
  ])('in the night only if it is over before the notice limit: %s, %s', (start, expected) => {
    const atNight = freed({ now: at('2027-01-12T22:00:00+02:00'), startsAt: at(start) });
    expect(isWorthOffering(atNight, rules)).toBe(expected);
    const policy = resolvePolicy({ quietHours: null });
    expect(isWorthOffering(atNight, { ...rules, policy })).toBe(true);
  });

  it('never once the visit should have begun, however short the notice', () => {
    const policy = resolvePolicy({ openings: { noticeHours: 0 } });
    expect(isWorthOffering(freed({ startsAt: now }), { ...rules, policy })).toBe(false);
    expect(isWorthOffering(freed({ startsAt: now + 1 }), { ...rules, policy })).toBe(true);
  });
});

describe('a visit lies within the hours', () => {
  const schedule = {
    hours: [2, 3].flatMap((weekday) => [
      { weekday, opensAt: '08:00', closesAt: '12:00' },
      { weekday, opensAt: '13:00', closesAt: '24:00' },
    ]),
    exceptions: [
      { date: '2027-01-19', kind: 'closed' as const, opensAt: '09:00', closesAt: '10:00' },
      { date: '2027-01-13', kind: 'extra' as const, opensAt: '00:00', closesAt: '01:00' },
    ],
  };
  it.each([
    ['2027-01-12T08:00', '2027-01-12T08:30', true],
    ['2027-01-12T07:59', '2027-01-12T08:30', false],
    ['2027-01-12T11:30', '2027-01-12T12:00', true],
    ['2027-01-12T11:45', '2027-01-12T13:15', false],
    ['2027-01-11T08:00', '2027-01-11T08:30', false],
    ['2027-01-19T08:30', '2027-01-19T09:30', false],
    ['2027-01-12T23:30', '2027-01-13T00:30', true],
    ['2027-01-12T23:30', '2027-01-13T01:30', false],
  ])('from %s to %s: %s', (start, end, expected) => {
    const visit = { start: at(`${start}:00+02:00`), end: at(`${end}:00+02:00`) };
    expect(isWithinHours(visit, schedule, zone)).toBe(expected);
  });
});

describe('the notice limit', () => {
  it('lies so many elapsed hours before the start', () => {
    const startsAt = at('2027-03-28T09:00:00+03:00');
    expect(offerUntil(startsAt, { noticeHours: 8 })).toBe(at('2027-03-28T00:00:00+02:00'));
  });
});

describe('booking over openings', () => {
  it.each([
    ['staff', 'any', 'any'],
    ['office', 'any', 'any'],
    ['patient', 'released', 'any'],
    ['guardian', 'released', 'any'],
  ] as const)('is open to %s: %s, and where the clinic says so %s', (actor, usually, online) => {
    expect(takesOpenings(actor, resolvePolicy({}))).toBe(usually);
    expect(takesOpenings(actor, resolvePolicy({ openings: { isBookableOnline: true } }))).toBe(online);
    expect(isPatient(actor)).toBe(usually === 'released');
  });
});

describe('a wave of five still asks', () => {
  const waves = (...reach: [asked: number, reached: number][]) =>
    reach.map(([asked, reached], index) => ({ wave: index + 1, asked, reached }));

  it.each<[string, ReturnType<typeof waves>, number, number]>([
    ['five, before the first', [], 1, 5],
    ['nobody, where all were reached', waves([5, 5]), 1, 0],
    ['one for each who was not', waves([5, 3]), 1, 2],
    ['five, where it is the next', waves([5, 5]), 2, 5],
    ['one for who is lost to an earlier one', waves([5, 4], [5, 5]), 2, 1],
    ['nobody, once another is asked in their place', waves([5, 4], [6, 6]), 2, 0],
    ['nobody, where the lost one was reached after all', waves([5, 5], [6, 6]), 2, 0],
    ['five, where that was one too many', waves([5, 5], [6, 6]), 3, 5],
    ['five, where an earlier one found fewer who wait', waves([3, 3]), 2, 5],
  ])('%s', (_, asked, wave, expected) => {
    expect(stillToAsk(asked, wave, 5)).toBe(expected);
  });
});

describe('the next turn', () => {
  const state = (changes: Partial<WaveState> = {}): WaveState => ({
    now,
    zone,
    policy: resolvePolicy({}),
    offerUntil: now + 22 * HOUR,
    waveBeganAt: now,
    ...changes,
  });
  const local = (text: string) => at(`${text}:00+02:00`);

  it('is the next wave, ten minutes after the running one began', () => {
    expect(nextTurn(state())).toEqual({ at: now + 10 * MINUTE, what: 'wave', local: 'Tue 12 Jan 2027 12:10' });
    expect(nextTurn(state({ now: now + 4 * MINUTE })).at).toBe(now + 10 * MINUTE);
  });

  it('is at once where there is no wave yet, or the time is being booked, in a while', () => {
    expect(nextTurn(state({ waveBeganAt: null }))).toMatchObject({ at: now, what: 'wave' });
    expect(nextTurn(state({ notBefore: now + MINUTE, waveBeganAt: null })).at).toBe(now + MINUTE);
    expect(nextTurn(state({ notBefore: now + MINUTE })).at).toBe(now + 10 * MINUTE);
  });

  it.each([
    ['2027-01-12T20:49', '2027-01-12T20:59', 'wave'],
    ['2027-01-12T20:50', '2027-01-13T08:00', 'morning'],
    ['2027-01-12T20:59', '2027-01-13T08:00', 'morning'],
    ['2027-01-13T03:00', '2027-01-13T08:00', 'morning'],
    ['2027-01-13T07:50', '2027-01-13T08:00', 'wave'],
  ])('after a wave at %s comes at %s: %s', (began, expected, what) => {
    const [waveBeganAt, offered] = [local(began), local('2027-01-14T12:00')];
    const next = nextTurn(state({ now: waveBeganAt, waveBeganAt, offerUntil: offered }));
    expect([next.at, next.what]).toEqual([local(expected), what]);
  });

  it('is the first instant after the notice limit, where nothing else comes before', () => {
    const limit = now + 10 * MINUTE;
    expect(nextTurn(state({ offerUntil: limit }))).toMatchObject({ at: limit, what: 'wave' });
    expect(nextTurn(state({ offerUntil: limit - 1 }))).toMatchObject({ at: limit, what: 'noticeLimit' });
    const night = local('2027-01-12T22:00');
    const early = { now: night, waveBeganAt: null, offerUntil: local('2027-01-13T06:00') };
    expect(nextTurn(state(early))).toMatchObject({ at: local('2027-01-13T06:00') + 1, what: 'noticeLimit' });
  });

  it('goes at any hour where the clinic has no quiet ones', () => {
    const night = local('2027-01-12T22:00');
    const policy = resolvePolicy({ quietHours: null });
    expect(nextTurn(state({ now: night, waveBeganAt: night, policy }))).toMatchObject({ what: 'wave' });
  });

  it.each([
    ['2027-03-27T22:00:00+02:00', '2027-03-28T08:00:00+03:00'],
    ['2027-10-30T22:00:00+03:00', '2027-10-31T08:00:00+02:00'],
  ])('waits through a night in which the clock changes: from %s to %s', (from, to) => {
    const night = at(from);
    const next = nextTurn(state({ now: night, waveBeganAt: null, offerUntil: night + 48 * HOUR }));
    expect([next.at, next.what]).toEqual([at(to), 'morning']);
    expect(next.local).toMatch(/08:00$/);
  });

  it('finds a wave over when it has had its minutes, to the millisecond', () => {
    const policy = resolvePolicy({});
    expect(isWaveOver({ now, waveBeganAt: null, policy })).toBe(true);
    expect(isWaveOver({ now: now + 10 * MINUTE - 1, waveBeganAt: now, policy })).toBe(false);
    expect(isWaveOver({ now: now + 10 * MINUTE, waveBeganAt: now, policy })).toBe(true);
  });
});
