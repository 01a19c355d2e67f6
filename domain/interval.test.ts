import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contains, intersect, normalise, overlaps, subtract } from './interval.ts';
import type { Interval } from './interval.ts';

const interval = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 15 }))
  .map(([start, length]) => ({ start, end: start + length }));
const intervals = fc.array(interval, { maxLength: 12 });

/** The same thing thought of as a set of instants. */
function instantsOf(list: readonly Interval[]): Set<number> {
  return new Set(list.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i)));
}

function expectNormal(list: readonly Interval[]): void {
  for (const { start, end } of list) expect(start).toBeLessThan(end);
  for (const [i, next] of list.slice(1).entries()) expect(list[i]!.end).toBeLessThan(next.start);
}

describe('interval algebra', () => {
  it('normalises without gaining or losing an instant', () => {
    fc.assert(
      fc.property(intervals, (a) => {
        expectNormal(normalise(a));
        expect(instantsOf(normalise(a))).toEqual(instantsOf(a));
      }),
    );
  });

  it('normalises to the same whatever the order, and once is enough', () => {
    fc.assert(
      fc.property(intervals, (a) => {
        expect(normalise([...a].reverse())).toEqual(normalise(a));
        expect(normalise(normalise(a))).toEqual(normalise(a));
      }),
    );
  });

  it('subtracts exactly what is taken', () => {
    fc.assert(
      fc.property(intervals, intervals, (a, b) => {
        const taken = instantsOf(b);
        expectNormal(subtract(a, b));
        expect(instantsOf(subtract(a, b))).toEqual(new Set([...instantsOf(a)].filter((t) => !taken.has(t))));
      }),
    );
  });

  it('intersects to what both have', () => {
    fc.assert(
      fc.property(intervals, intervals, (a, b) => {
        const other = instantsOf(b);
        expectNormal(intersect(a, b));
        expect(instantsOf(intersect(a, b))).toEqual(new Set([...instantsOf(a)].filter((t) => other.has(t))));
      }),
    );
  });

  it('says that two overlap exactly when they share an instant, and that one contains the other when it shares all', () => {
    fc.assert(
      fc.property(interval, interval, (a, b) => {
        expect(overlaps(a, b)).toBe(intersect([a], [b]).length > 0);
        expect(overlaps(a, b)).toBe(overlaps(b, a));
        expect(contains(a, b)).toBe(subtract([b], [a]).length === 0);
      }),
    );
  });

  it('leaves its arguments as they were', () => {
    fc.assert(
      fc.property(intervals, intervals, (a, b) => {
        const before = structuredClone([a, b]);
        normalise(a);
        subtract(a, b);
        intersect(a, b);
        expect([a, b]).toEqual(before);
      }),
    );
  });

  it('joins what touches, and drops what is empty or backwards', () => {
    expect(
      normalise([
        { start: 5, end: 9 },
        { start: 1, end: 5 },
      ]),
    ).toEqual([{ start: 1, end: 9 }]);
    expect(
      normalise([
        { start: 4, end: 4 },
        { start: 7, end: 2 },
      ]),
    ).toEqual([]);
    expect(overlaps({ start: 1, end: 5 }, { start: 5, end: 9 })).toBe(false);
  });
});
