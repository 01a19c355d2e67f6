import { describe, expect, it } from 'vitest';
import { delimiterOf, readHeader } from './patient-columns.ts';

it.each([
  ['a;b;c', ';'],
  ['a,b', ','],
  ['a\tb\tc,d', '\t'],
  ['name', ';'],
  ['a;"b,c,d,e";f', ';'],
  ['"first\nname, official",b\nc;d;e', ','],
])('tells the delimiter by the header alone: %j', (beginning, delimiter) => {
  expect(delimiterOf(beginning)).toBe(delimiter);
});

const places = { firstName: 0, lastName: 1, mobile: 2, email: 3, birthDate: 4, language: 5, externalId: 6 };

describe('a header', () => {
  it.each([
    'firstName,lastName,mobile,email,birthDate,language,externalId',
    'First name,LAST_NAME,Mobile-Phone,E-Mail,Date of birth,Preferred language,Patient ID',
    'Etunimi,Sukunimi,Matkapuhelin,Sähköposti,Syntymäaika,Äidinkieli,Potilasnumero',
    'ETUNIMET,SUKUNIMI,KÄNNYKKÄ,SAHKOPOSTI,SYNTYMAAIKA,KIELI,ASIAKASNUMERO',
    'Förnamn,Efternamn,Mobilnummer,E-post,Födelsedatum,Språk,Patientnummer',
    'fornamn,efternamn,mobilnr,epost,fodelsedatum,sprak,kundnummer',
    'Vorname,Nachname,Handy,E-Mail-Adresse,Geb.-Datum,Sprache,Patienten-Nr.',
    'Vorname,Name,Tel. mobil,Mail,Geburtsdatum,Muttersprache,Pat.-Nr.',
    'Nome,Cognome,Cellulare,Indirizzo e-mail,Data di nascita,Lingua,Codice paziente',
    ' nome , COGNOME ,Numero di cellulare,E-mail,data nascita,lingua,ID',
    'First name *,Last name *,Mobile (with +),E-mail [optional],Birth date (dd.mm.yyyy),Language,External ID',
  ])('is understood: %s', (header) => {
    expect(readHeader(header.split(','))).toEqual({ indexOf: places, count: 7, unused: [] });
  });

  it('prefers the mobile to any phone, wherever it stands, and names what it passes over', () => {
    const header = ['Kasse', 'Telefon', 'Vorname', 'Nachname', 'Mobil', '', 'Mobil'];
    expect(readHeader(header)).toEqual({
      indexOf: { firstName: 2, lastName: 3, mobile: 4 },
      count: 7,
      unused: ['Kasse', 'Telefon', 'Mobil'],
    });
  });

  it('that misses columns is refused with names that would do, and quotes nothing', () => {
    expect(() => readHeader(['Vorname', 'Anna', '+491713920011'])).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_FAILED',
        message: 'The header has not all the columns needed.',
        errors: [
          { pointer: '', detail: 'no column for lastName, such as "last name" or "surname"' },
          { pointer: '', detail: 'no column for mobile, such as "mobile" or "mobile phone"' },
        ],
      }),
    );
  });
});
