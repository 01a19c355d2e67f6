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
  ])('refuses %s "%s"', (field, text) => {
    expect(readPatient({ [field]: text }, rules).errors).toHaveLength(1);
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
