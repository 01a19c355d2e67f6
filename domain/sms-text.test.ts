import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { describe, expect, it } from 'vitest';
import { smsSize, toSmsText } from './sms-text.ts';

describe('toSmsText', () => {
  it('takes typography out and leaves letters as they are', () => {
    const typeset =
      ' \u201cIhr Termin\u201d \u2013 um 9\u00a0Uhr\u202fim Haus \u2018A\u2019\u2026 pa\u0308iva\u0308\u200b ';
    expect(toSmsText(typeset)).toBe(`"Ihr Termin" - um 9 Uhr im Haus 'A'... päivä`);
    expect(toSmsText('Dvořák ÄÖÅ èé')).toBe('Dvořák ÄÖÅ èé');
  });

  it('changes nothing in what it has once made plain', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => toSmsText(toSmsText(text)) === toSmsText(text)));
  });
});

describe('smsSize', () => {
  it.each([
    ['a'.repeat(160), 1, 'GSM-7'],
    ['a'.repeat(161), 2, 'GSM-7'],
    ['ř'.repeat(70), 1, 'UCS-2'],
    ['ř'.repeat(71), 2, 'UCS-2'],
    ['€'.repeat(80), 1, 'GSM-7'],
    ['€'.repeat(81), 2, 'GSM-7'],
  ])('counts as the carrier bills (%#)', (text, segments, encoding) => {
    expect(smsSize(text)).toEqual({ segments, encoding });
  });

  it('counts any text as Twilio does', () => {
    const gsm = `@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,-./059:;<=>?¡AZÄÖÑÜ§¿azäöñüà^{}\\[~]|€`.split('');
    const others = ['ř', '\u{1f44d}', '\r\n', '\f', '`', 'ç'];
    const long = { minLength: 1, maxLength: 500, size: 'max' } as const;
    const texts = fc.oneof(
      fc.string({ unit: fc.constantFrom(...gsm), ...long }),
      fc.string({ unit: fc.constantFrom(...gsm, ...others), ...long }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const { segmentsCount: segments, encodingName: encoding } = new SegmentedMessage(text);
        expect(smsSize(text)).toEqual({ segments, encoding });
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });
});
