import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MASK, maskIdentityCodes } from './identity-codes.ts';
import { type QuestionId, asId } from './ids.ts';
import { wordAlone } from './inbound-words.ts';
import type { Question } from './question.ts';
import { understand } from './understand.ts';

describe('maskIdentityCodes', () => {
  it.each([
    ['Finnish', '131052-308T'],
    ['Finnish of this century', '131002A308t'],
    ['Finnish with a new separator', '010594Y9021'],
    ['Finnish with spaces', '131052 - 308T'],
    ['Finnish with a dash', '131052–308T'],
    ['Finnish with a dash that does not break', '131052\u2011308T'],
    ['Finnish with a minus', '131052−308T'],
    ['Finnish with a space for its sign', '131052 308T'],
    ['Finnish without a sign', '131052308T'],
    ['Finnish of digits with a space', '131052 3140'],
    ['Swedish', '811218-9876'],
    ['Swedish with a dash', '811218–9876'],
    ['Swedish with a space', '811218 9876'],
    ['Swedish with century and a space', '19811218 9876'],
    ['Swedish with century', '19811218-9876'],
    ['Swedish of a centenarian', '121212+1212'],
    ['Swedish without a sign', '8112189876'],
    ['Swedish of twelve digits', '198112189876'],
    ['Swedish coordination number', '701063-2391'],
    ['Italian', 'RSSMRA85T10A562S'],
    ['Italian in lower case', 'rssmra85t10a562s'],
    ['Italian with spaces', 'RSS MRA 85T10 A562S'],
    ['Italian with more spaces', 'RSS MRA 85 T 10 A562 S'],
    ['German health insurance', 'A123456780'],
    ['German health insurance with spaces', 'A 123 456 780'],
    ['German health insurance in two parts', 'a123 456 780'],
    ['German pension insurance', '15 070649 C 103'],
    ['German tax number', '86095742719'],
    ['German tax number with spaces', '86 095 742 719'],
  ])('blots out a %s code', (_, code) => {
    expect(maskIdentityCodes(`My code is ${code}, thanks`)).toBe(`My code is ${MASK}, thanks`);
  });

  it.each(['hetu131052-308T', 'hetu131052308T', 'personnummer811218-9876', 'pnr8112189876', '00100 131052-308T'])(
    'finds the code that stands close behind something else in "%s"',
    (text) => expect(maskIdentityCodes(text)).toMatch(/^\D+\[ID\]$|^00100 \[ID\]$/),
  );

  it.each([
    '+358 40 123 4567',
    '0401234567',
    '+4915112345678',
    '0301234567',
    'Room 12-345',
    'on 13.10. at 9:00',
    '13102026',
    'K7',
    '+39 3401234566',
    '+46 7011234569',
    '0702301235',
    '0709311237',
    '070-123 45 67',
    'a 340 123 456',
    '131052308S',
    'per ora non so se ci sono',
  ])('leaves "%s" readable: a telephone number, a date, an answer', (text) =>
    expect(maskIdentityCodes(text)).toBe(text),
  );

  it('finds several in one text', () => {
    expect(maskIdentityCodes('131052-308T ja 010594Y9021')).toBe(`${MASK} ja ${MASK}`);
  });

  it('leaves codes, times, words and telephone numbers as they are, in whatever order', () => {
    const two = fc.integer({ min: 0, max: 59 }).map((value) => String(value).padStart(2, '0'));
    const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`));
    const code = fc.stringMatching(/^[CFKMPRTVWX][ -]?[2-9]{1,2}$/);
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('.', ':'), two)
      .map((parts) => parts.join(''));
    const date = fc
      .tuple(fc.integer({ min: 1, max: 31 }), fc.integer({ min: 1, max: 12 }), fc.constantFrom('', '2026', '26'))
      .map((parts) => parts.join('.'));
    const phone = fc.oneof(
      fc.tuple(
        fc.constantFrom('+358', '+46', '+39', '+49'),
        fc.constantFrom('', ' '),
        fc.integer({ min: 9, max: 11 }).chain(digits),
      ),
      fc.tuple(fc.constantFrom('040', '070', '045'), fc.constantFrom(' ', '-'), digits(7)),
      fc.tuple(fc.constantFrom('070', '073', '0171'), fc.constant('-'), digits(3), fc.constant(' '), digits(2)),
      fc.tuple(fc.constantFrom('045', '073', '076', '0171', '015'), digits(7)),
    );
    const word = fc.constantFrom('yes', 'kiitos', 'kello', 'tel', 'puh', 'den', 'alle', 'ore', 'a', 'e', 'Uhr', 'hetu');
    const part = fc.oneof(
      code,
      time,
      date,
      phone.map((parts) => parts.join('')),
      word,
    );
    const ordinary = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(', '));
    fc.assert(
      fc.property(ordinary, (text) => {
        expect(maskIdentityCodes(text)).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a text with a code that was blotted out', () => {
  const question: Question = {
    id: asId<QuestionId>('confirm'),
    kind: 'confirm',
    askedAt: 0,
    knownSince: 0,
    codes: [{ code: 'K7', answer: 'confirm' }],
    state: 'open',
    answeredAs: null,
    isClarified: false,
  };

  it.each(['K7 131052-308T', '131052-308T K7', 'Yes 131052-308T', 'No, 811218-9876'])(
    'such as "%s" says more than its answer: it is asked back whose it is',
    (text) => {
      const asked = { carrierSays: null, hasOptedOut: false, questions: [question] };
      expect(understand(maskIdentityCodes(text), asked).as).toBe('unclear');
    },
  );

  it('is no stop word alone', () => expect(wordAlone(maskIdentityCodes('STOP 131052-308T'))).toBeNull());
});
