import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPatient } from './patient.ts';

const rules = { country: 'FI', today: '2026-11-22' };

describe('reading a patient', () => {
  it('normalises what is given and leaves out what is not', () => {
    const given = { firstName: '  Anna \t Maija ', email: ' a@b.fi ', language: 'SV_fi', birthDate: '2026-11-22' };
    expect(readPatient(given, rules)).toEqual({
      details: { firstName: 'Anna Maija', email: 'a@b.fi', language: 'sv-FI', birthDate: '2026-11-22' },
      errors: [],
    });
  });

  it('clears by null or by nothing but blanks, where the field may be unknown', () => {
    expect(readPatient({ mobile: null, email: ' ', externalId: '' }, rules).details).toEqual({
      mobile: null,
      email: null,
      externalId: null,
    });
    expect(readPatient({ firstName: null, lastName: ' ' }, rules).errors).toEqual([
      { pointer: '/firstName', detail: 'is required' },
      { pointer: '/lastName', detail: 'is required' },
    ]);
  });

  it.each([
    ['firstName', 'x'.repeat(101)],
    ['firstName', '123'],
    ['lastName', 'M\u{FFFD}ller'],
    ['email', 'a@b'],
    ['email', 'a b@c.fi'],
    ['birthDate', '2026-02-29'],
    ['birthDate', '2026-11-23'],
    ['birthDate', '1.1.2000'],
    ['language', 'Finnish'],
    ['externalId', 'x'.repeat(101)],
    ['externalId', 'A\0B'],
    ['email', 'a\u0001@b.fi'],
    ['lastName', 'Meier \ud83e'],
  ])('refuses %s "%s"', (field, text) => {
    expect(readPatient({ [field]: text }, rules).errors).toHaveLength(1);
  });

  it('strips what cannot be seen', () => {
    const given = {
      mobile: '\u202a+358 40 1000 101\u202c',
      lastName: '\ufeffKallio\u00admaa\u200b',
      firstName: 'e\u200b\u0301',
    };
    expect(readPatient(given, rules).details).toEqual({
      mobile: '+358401000101',
      lastName: 'Kalliomaa',
      firstName: 'é',
    });
  });

  it.each([
    ['firstName', 'Anna 131052-308T'],
    ['lastName', 'RSSMRA85T10A562S'],
    ['email', '131052-308T@example.org'],
    ['externalId', '19900201-1234'],
    ['externalId', 'A123456780'],
  ])('never keeps a personal identity code in %s, nor quotes it', (field, text) => {
    const { details, errors } = readPatient({ [field]: text }, rules);
    expect(details).toEqual({});
    expect(errors).toEqual([
      { pointer: `/${field}`, detail: 'has a personal identity code in it, which is never kept here' },
    ]);
  });

  it('does not take a mobile number for an identity code', () => {
    const swedish = { country: 'SE', today: rules.today };
    for (let n = 0; n < 100; n++) {
      const mobile = `07001234${String(n).padStart(2, '0')}`;
      expect(readPatient({ mobile }, swedish).details).toEqual({ mobile: `+46${mobile.slice(1)}` });
    }
  });

  it.each([
    ['FIN', 'fi'],
    ['swe', 'sv'],
    ['ger', 'de'],
    ['de_ch', 'de-CH'],
    ['se', 'se'],
  ])('reads the language tag %s as %s', (tag, language) => {
    expect(readPatient({ language: tag }, rules).details).toEqual({ language });
  });

  it('gives a name the same reading twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { details } = readPatient({ lastName: text }, rules);
        if (details.lastName === undefined) return;
        expect(readPatient({ lastName: details.lastName }, rules).details.lastName).toBe(details.lastName);
      }),
    );
  });
});
