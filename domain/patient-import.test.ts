import { describe, expect, it } from 'vitest';
import { readHeader } from './patient-columns.ts';
import { readRow } from './patient-import.ts';

const german = { country: 'DE', today: '2026-11-22' };
const italian = { ...german, country: 'IT' };
const anna = { firstName: 'Anna', lastName: 'Meier', mobile: '+491713920011' };
const columns = readHeader(['Vorname', 'Nachname', 'Handy', 'Geburtsdatum', 'Sprache', 'E-Mail', 'ID', 'Notiz']);
const row = (more: Record<number, string>, rules = german) => {
  const cells = ['Anna', 'Meier', '0171 3920011', '', '', '', '', ''];
  return readRow(Object.assign(cells, more), columns, rules);
};

describe('a row', () => {
  it.each([
    ['1990-02-01', 'de'],
    ['1.2.1990', 'Deutsch'],
    ['01.02.1990', 'saksa'],
    ['13/02/1990', 'GERMAN'],
  ])('gives dates and languages as people write them: %s, %s', (birth, language) => {
    const { birthDate, ...rest } = (row({ 3: birth, 4: language }) as { patient: Record<string, unknown> }).patient;
    expect(rest).toEqual({ ...anna, language: 'de' });
    expect(birthDate).toBe(birth.startsWith('13') ? '1990-02-13' : '1990-02-01');
  });

  it('does not guess at a date that can be read in two ways', () => {
    expect(row({ 3: '01/02/1990' })).toEqual({
      reasons: ['birthDate can be read in two ways: write it as YYYY-MM-DD'],
    });
    const cells = { 2: '+49 171 3920011', 3: '01/02/1990' };
    expect(row(cells, italian)).toEqual({ patient: { ...anna, birthDate: '1990-02-01' } });
  });

  it('says nothing where it is empty, or shorter than the header', () => {
    expect(row({})).toEqual({ patient: anna });
    expect(readRow(['Anna', 'Meier', '0171 3920011'], columns, german)).toEqual({ patient: anna });
    expect(row({ 8: ' ', 9: '' })).toEqual({ patient: anna });
  });

  it('is refused with all its reasons, one for each field', () => {
    expect(row({ 0: '', 2: '', 3: '31.2.1990', 4: 'klingon', 5: 'anna', 6: 'x'.repeat(101) })).toEqual({
      reasons: [
        'firstName is required',
        'email is not an e-mail address',
        'birthDate must be a date of the calendar, as YYYY-MM-DD',
        'language must be a language code such as fi or sv-FI',
        'externalId must have at most 100 characters',
        'mobile is required',
      ],
    });
  });

  it.each([
    ['0171 39', 'mobile is not a valid phone number'],
    ['030 23125100', 'mobile is not a mobile number, so it gets no texts'],
    ['0171 3920011, 0171 3920012', 'mobile is not a valid phone number'],
    ['4,91714E+11', 'mobile was rounded by a spreadsheet: format its column as text'],
  ])('is refused with the number %s', (mobile, reason) => {
    expect(row({ 2: mobile })).toEqual({ reasons: [reason] });
  });

  it.each([
    ['+358 40 1000 101', '+358401000101'],
    ['="01713920011"', '+491713920011'],
    ["'0171/3920011", '+491713920011'],
    ["'+49 171 3920011", '+491713920011'],
    ['1713920011', '+491713920011'],
    ['00491713920011', '+491713920011'],
  ])('takes the number %s for %s', (mobile, number) => {
    expect(row({ 2: mobile })).toEqual({ patient: { ...anna, mobile: number } });
  });

  it('keeps an apostrophe that belongs to a name', () => {
    expect(row({ 1: "'t Hooft" })).toEqual({ patient: { ...anna, lastName: "'t Hooft" } });
  });

  it('is refused for a personal identity code, which no reason quotes', () => {
    const code = '131052-308T';
    for (const index of [0, 1, 2, 3, 4, 5, 6]) {
      const read = row({ [index]: index === 5 ? `${code}@example.org` : code });
      expect(Object.keys(read)).toEqual(['reasons']);
      expect(JSON.stringify(read)).not.toContain('308T');
    }
    expect(row({ 7: code })).toEqual({ patient: anna });
  });

  it('is refused where its cells may stand under the wrong columns', () => {
    expect(row({ 8: 'Dr.' })).toEqual({
      reasons: ['has more cells than the header: a cell with the delimiter in it needs quotation marks'],
    });
    expect(row({ 7: '"call first\nBert;Maier;0172 3920012;"x"' })).toEqual({
      reasons: ['a quotation mark is open or out of place, so that lines run into one another'],
    });
    expect(row({ 7: 'call first\nand wait' })).toEqual({ patient: anna });
  });
});
