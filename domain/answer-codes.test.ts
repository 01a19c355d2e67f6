import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codesFor, codesIn, looksLikeCode, withoutCodes } from './answer-codes.ts';
import { cleanText } from './answer-reading.ts';

const first = () => 0;
const shortCodes = codesFor(80, new Set(), first);
const dice = fc.infiniteStream(fc.nat()).map((stream) => (below: number) => stream.next().value % below);

describe('codesFor', () => {
  it('prints a letter and a digit that are taken for nothing else', () => {
    for (const code of shortCodes) expect(code).toMatch(/^[A-Z][2-9]$/);
    expect(shortCodes.join('')).not.toMatch(/[BDGILOQSZAEUHJNY]/);
    expect(new Set(shortCodes).size).toBe(80);
  });

  it('never gives a code that is taken, nor one twice, however many there are', () => {
    const taken = fc.subarray(shortCodes).map((codes) => new Set(codes));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), taken, dice, (count, used, random) => {
        const codes = codesFor(count, used, random);
        expect(new Set([...codes, ...used]).size).toBe(count + used.size);
        expect(codesIn(codes.join(' ').toLowerCase())).toEqual(codes);
      }),
      { numRuns: 30 },
    );
  });

  it('takes two digits once all of one are used up, and three after those', () => {
    expect(codesFor(1, new Set(shortCodes), first)).toEqual([expect.stringMatching(/^[A-Z][2-9]{2}$/)]);
    const longer = codesFor(640, new Set(shortCodes), first);
    expect(codesFor(1, new Set([...shortCodes, ...longer]), first)).toEqual([expect.stringMatching(/^[A-Z][2-9]{3}$/)]);
  });

  it('gives codes to one message of which none is a slip in another', () => {
    fc.assert(
      fc.property(dice, (random) => {
        const codes = codesFor(3, new Set(), random);
        expect(new Set(codes.map((code) => code[0])).size).toBe(3);
        expect(new Set(codes.map((code) => code[1])).size).toBe(3);
      }),
    );
  });
});

describe('codesIn', () => {
  it.each([
    ['K7', ['K7']],
    ['k7.', ['K7']],
    ['k 7', ['K7']],
    ['K-7', ['K7']],
    ['K – 7!', ['K7']],
    ['“K7”', ['K7']],
    ["'k7'", ['K7']],
    ['(K7)', ['K7']],
    ['Ｋ７', ['K7']],
    ['K7️⃣', ['K7']],
    ['👍K7👍', ['K7']],
    ['K\u200b7', ['K7']],
    ['k7,m4', ['K7', 'M4']],
    ['K7\nM4', ['K7', 'M4']],
    ['K7 k7', ['K7']],
    ['K72', ['K72']],
  ])('finds what "%s" names', (text, codes) => expect(codesIn(cleanText(text))).toEqual(codes));

  it.each(['ok 7', 'K', '7', 'K1', 'B7', 'KK7', 'K7a', 'k 7.30', 'k 7-8', 'K?7', 'K\u03367\u0336', 'about k', ''])(
    'finds none in "%s"',
    (text) => expect(codesIn(cleanText(text))).toEqual([]),
  );
});

describe('withoutCodes', () => {
  it.each(['K7 and M4', 'k7 & m4', 'K7, ja M4', 'k 7 e m 4', 'K7 + M4', 'k7 sekä m4 und p3'])(
    'leaves nothing of "%s"',
    (text) => expect(withoutCodes(text.toLowerCase()).trim()).toMatch(/^[\s,]*$/),
  );

  it('leaves an "or", and an "and" that leads on to something else', () => {
    expect(withoutCodes('k7 or m4').trim()).toBe('or');
    expect(withoutCodes('k7 and').trim()).toBe('and');
  });
});

it.each([
  ['kk7', true],
  ['h7', true],
  ['7', true],
  ['at 7', false],
  ['nothing', false],
  ['+358 40 1234567', false],
])('looksLikeCode("%s") is %s', (text, expected) => expect(looksLikeCode(text)).toBe(expected));
