import { describe, expect, it } from 'vitest';
import { resolvePolicy } from './policy.ts';
import { type Wish, wishProblems } from './waiting-list.ts';

const now = Date.parse('2027-01-12T23:30:00+02:00');
const rules = { timeZone: 'Europe/Helsinki', visitType: { durationMinutes: 60 }, policy: resolvePolicy({}) };
const nothing: Wish = { earliest: null, latest: null, weekdays: null, between: null };

describe('a wish', () => {
  it.each<[string, Partial<Wish>]>([
    ['for anything', {}],
    ['for today, by the clinic’s calendar', { earliest: '2027-01-12', latest: '2027-01-12' }],
    ['from yesterday on', { earliest: '2027-01-11' }],
    ['for an hour that has room for the visit', { between: ['08:00', '09:00'] }],
    ['up to midnight', { between: ['23:00', '24:00'] }],
  ])('%s is fine', (_wish, changes) => expect(wishProblems({ ...nothing, ...changes }, rules, now)).toEqual([]));

  it.each<[string, Partial<Wish>, string]>([
    ['until yesterday', { latest: '2027-01-11' }, '/latest'],
    ['until before it begins', { earliest: '2027-01-15', latest: '2027-01-14' }, '/latest'],
    ['from a date that does not exist', { earliest: '2027-02-29' }, '/earliest'],
    ['until a date that does not exist', { latest: 'soon' }, '/latest'],
    ['for hours too short for the visit', { between: ['08:00', '08:59'] }, '/between'],
    ['for hours that end before they begin', { between: ['12:00', '08:00'] }, '/between'],
  ])('%s is refused', (_wish, changes, pointer) => {
    const problems = wishProblems({ ...nothing, ...changes }, rules, now);
    expect(problems.map((problem) => problem.pointer)).toEqual([pointer]);
  });

  it('for a type of which only staff move visits is refused: its times are never offered', () => {
    const policy = resolvePolicy({}, { selfService: { cancel: 'allowed', move: 'staffOnly' } });
    expect(wishProblems(nothing, { ...rules, policy }, now)).toMatchObject([{ pointer: '/visitTypeId' }]);
  });
});
