import { describe, expect, it } from 'vitest';
import { MASK, maskIdentityCodes } from './identity-codes.ts';

describe('maskIdentityCodes', () => {
  it.each([
    ['Finnish', '131052-308T'],
    ['Finnish of this century', '131002A308t'],
    ['Finnish with a new separator', '010594Y9021'],
    ['Finnish with spaces', '131052 - 308T'],
    ['Swedish', '811218-9876'],
    ['Swedish with century', '19811218-9876'],
    ['Swedish of a centenarian', '121212+1212'],
    ['Swedish without a sign', '8112189876'],
    ['Swedish of twelve digits', '198112189876'],
    ['Swedish coordination number', '701063-2391'],
    ['Italian', 'RSSMRA85T10A562S'],
    ['Italian in lower case', 'rssmra85t10a562s'],
    ['German health insurance', 'A123456780'],
    ['German pension insurance', '15 070649 C 103'],
    ['German tax number', '86095742719'],
    ['German tax number with spaces', '86 095 742 719'],
  ])('blots out a %s code', (_, code) => {
    expect(maskIdentityCodes(`My code is ${code}, thanks`)).toBe(`My code is ${MASK}, thanks`);
  });

  it.each([
    '+358 40 123 4567',
    '0401234567',
    '+4915112345678',
    '0301234567',
    'Room 12-345',
    'on 13.10. at 9:00',
    '13102026',
    'K7',
  ])('leaves "%s" readable: a telephone number, a date, an answer', (text) =>
    expect(maskIdentityCodes(text)).toBe(text),
  );

  it('finds several in one text', () => {
    expect(maskIdentityCodes('131052-308T ja 010594Y9021')).toBe(`${MASK} ja ${MASK}`);
  });
});
