import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bareSpelling } from './spelling.ts';

it.each([
  ['Jörg-Åke', 'JORG AKE'],
  ['Süß', 'suss'],
  ['O’Brien', "O'BRIEN"],
  ['Łukasz Sørensen', 'lukasz sorensen'],
  ['İlker', 'ilker'],
  ['D’Angelò', 'dangelo'],
  ['e\u0301', 'é'],
])('compares %s and %s as one', (one, other) => {
  expect(bareSpelling(one)).toBe(bareSpelling(other));
});

it.each([
  ['Müller', 'Mueller'],
  ['Michal', 'Michael'],
  ['राम', 'रीम'],
  ['Anna 1', 'Anna 2'],
])('keeps %s and %s apart', (one, other) => {
  expect(bareSpelling(one)).not.toBe(bareSpelling(other));
});

it('has nothing more to strip from what it has stripped', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(bareSpelling(bareSpelling(text))).toBe(bareSpelling(text));
    }),
  );
});
