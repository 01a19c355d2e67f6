import { expect, it } from 'vitest';
import { codesIn } from './codes.ts';

it.each([
  ['Reply K7 to take it, or M4 to pass.', ['K7', 'M4']],
  ['(K72) “P3”', ['K72', 'P3']],
  ['K7, once more K7', ['K7']],
  ['Kello K7.30, huone B2, K7b, AK7, K123, k7, K1', []],
  ['http://127.0.0.1:3000/a/K7-M4 is no answer', []],
  ['Nothing to answer', []],
])('finds in %j the codes %j', (text, codes) => expect(codesIn(text)).toEqual(codes));
