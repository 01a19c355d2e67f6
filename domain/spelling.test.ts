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

// The library's own arbitrary for these takes seconds to be made.
const codePoint = fc.integer({ min: 0, max: 0x10_ff_ff }).filter((point) => point < 0xd8_00 || point > 0xdf_ff);

it('has nothing more to strip from what it has stripped', () => {
  fc.assert(
    fc.property(fc.array(codePoint), (points) => {
      const text = String.fromCodePoint(...points);
      expect(bareSpelling(bareSpelling(text))).toBe(bareSpelling(text));
    }),
  );
});
