import { describe, expect, it } from 'vitest';
import { SeenRows, delimiterOf, isSamePatient, readHeader, readRow } from './patient-import.ts';

const rules = { country: 'DE', today: '2026-11-22' };
const anna = { firstName: 'Anna', lastName: 'Meier', mobile: '+491713920011' };

it('tells the delimiter by the header line', () => {
  expect(['a;b;c', 'a,b', 'name', 'a;"b,c";d'].map(delimiterOf)).toEqual([';', ',', ';', ';']);
});

describe('the header', () => {
  it('is understood in any spelling of any shipped language', () => {
    for (const header of [
      'First name,LAST_NAME,Mobile-Phone',
      'etunimi,sukunimi,matkapuhelin',
      'Förnamn,Efternamn,Mobilnummer',
      'Vorname,Nachname,Handy',
      'Nome,Cognome,Telefono cellulare',
      'Vorname,Name,Telefon',
    ]) {
      expect({ header, columns: readHeader(header.split(',')) }).toEqual({
        header,
        columns: { firstName: 0, lastName: 1, mobile: 2 },
      });
    }
  });

  it('prefers the mobile to any phone, wherever it stands, and passes over what means nothing here', () => {
    const header = ['Kasse', 'Telefon', 'Vorname', 'Nachname', 'Mobil', 'Geb.-Datum'];
    expect(readHeader(header)).toEqual({ firstName: 2, lastName: 3, mobile: 4, birthDate: 5 });
  });

  it('that misses a column is refused with names that would do', () => {
    expect(() => readHeader(['Vorname', 'Handy'])).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_FAILED',
        errors: [{ pointer: '', detail: 'no column for lastName, such as "last name" or "surname"' }],
      }),
    );
  });
});

describe('a row', () => {
  const columns = readHeader(['Vorname', 'Nachname', 'Handy', 'Geburtsdatum', 'Sprache']);

  it('gives dates and languages as people write them', () => {
    for (const [birth, language] of [
      ['1.2.1990', 'Deutsch'],
      ['01/02/1990', 'saksa'],
      ['1990-02-01', 'DE'],
    ] as const) {
      expect(readRow(['Anna', 'Meier', '0171 3920011', birth, language], columns, rules)).toEqual({
        patient: { ...anna, birthDate: '1990-02-01', language: 'de' },
      });
    }
  });

  it('is refused with all its reasons, and says nothing where it is empty', () => {
    expect(readRow(['', 'Meier', '', '31.2.1990', ''], columns, rules)).toEqual({
      reasons: [
        'firstName is required',
        'birthDate must be a date of the calendar, as YYYY-MM-DD',
        'mobile is required',
      ],
    });
    expect(readRow(['Anna', 'Meier', '0171 3920011'], columns, rules)).toEqual({ patient: anna });
  });
});

describe('one person', () => {
  const known = { ...anna, email: null, birthDate: null, language: null, externalId: null };

  it('is known by the external id where both have one, else by mobile and name', () => {
    expect(isSamePatient({ ...anna, firstName: 'ANNA' }, known)).toBe(true);
    expect(isSamePatient({ ...anna, firstName: 'Hanna' }, known)).toBe(false);
    expect(isSamePatient({ ...anna, externalId: '1' }, known)).toBe(true);
    expect(isSamePatient({ ...anna, externalId: '1' }, { ...known, externalId: '2' })).toBe(false);
    expect(isSamePatient({ ...anna, lastName: 'Neu', externalId: '2' }, { ...known, externalId: '2' })).toBe(true);
  });

  it('is found again in a file, by the first row about them', () => {
    const seen = new SeenRows();
    expect(seen.earlier(2, { ...anna, externalId: '1' })).toBeUndefined();
    expect(seen.earlier(3, { ...anna, externalId: '2' })).toBeUndefined();
    expect(seen.earlier(4, { ...anna, lastName: 'Neu', externalId: '1' })).toBe(2);
    expect(seen.earlier(5, anna)).toBe(2);
    expect(seen.earlier(6, { ...anna, firstName: 'Hanna' })).toBeUndefined();
    expect(seen.earlier(7, { ...anna, firstName: 'Hanna', externalId: '3' })).toBe(6);
  });
});
