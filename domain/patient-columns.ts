import { type FieldError, Refusal } from './errors.ts';
import type { PatientField } from './patient.ts';
import { bareSpelling } from './spelling.ts';

/** Header names as practice systems write them, in the shipped languages; the earlier ones of a field are preferred. */
const headerNames: Record<PatientField, string> = {
  firstName:
    'first name, first names, given name, given names, forename, etunimi, etunimet, kutsumanimi, förnamn, ' +
    'tilltalsnamn, vorname, vornamen, rufname, nome',
  lastName:
    'last name, surname, family name, sukunimi, efternamn, släktnamn, nachname, familienname, zuname, cognome, name',
  mobile:
    'mobile, mobile phone, mobile number, mobile no, mobile tel, mobile telephone, cell, cell phone, cellphone number, ' +
    'matkapuhelin, matkapuhelinnumero, matkapuh, kännykkä, kännykkänumero, gsm, gsm-numero, ' +
    'mobiltelefon, mobil, mobilnummer, mobilnr, mobiltelefonnummer, ' +
    'handy, handynummer, handynr, mobilfunk, mobilfunknummer, mobiltel, tel mobil, telefon mobil, natel, ' +
    'cellulare, cell, telefono cellulare, numero cellulare, numero di cellulare, telefono mobile, ' +
    'phone, phone number, telephone, telephone number, puhelin, puhelinnumero, puh, telefon, telefonnummer, telefonnr, ' +
    'telefono, numero di telefono, numero telefono, tel',
  email:
    'e-mail, e-mail address, mail, mail address, sähköposti, sähköpostiosoite, e-post, e-postadress, mejl, ' +
    'e-mail-adresse, mailadresse, posta elettronica, indirizzo e-mail, indirizzo di posta elettronica',
  birthDate:
    'birth date, date of birth, born, dob, birthday, syntymäaika, syntymäpäivä, synt.aika, födelsedatum, ' +
    'födelsedag, född, geburtsdatum, geb.-datum, geb.-dat., geburtstag, geboren, data di nascita, data nascita',
  language:
    'language, preferred language, kieli, asiointikieli, äidinkieli, språk, kontaktspråk, modersmål, ' +
    'sprache, korrespondenzsprache, muttersprache, lingua, lingua preferita',
  externalId:
    'external id, patient id, patient number, patient no, ulkoinen tunnus, potilasnumero, potilastunnus, potilas-id, ' +
    'asiakasnumero, patientnummer, patientnr, patient-id, kundnummer, patientennummer, patienten-nr, patientennr, ' +
    'patienten-id, pat.-nr., kundennummer, numero paziente, codice paziente, id paziente, id',
};

const columnOf = new Map(
  (Object.keys(headerNames) as PatientField[]).flatMap((field) =>
    headerNames[field].split(', ').map((name, rank) => [bareSpelling(name), { field, rank }] as const),
  ),
);

/** Without these a row is no patient. */
export const requiredFields: readonly PatientField[] = ['firstName', 'lastName', 'mobile'];

/** How the rows of a file are read. */
export interface Columns {
  /** Where each field stands in a row. */
  indexOf: Partial<Record<PatientField, number>>;
  /** How many there are in all. */
  count: number;
  /** Names that mean nothing here, or less than another column: their cells are passed over. */
  unused: readonly string[];
}

/** Comma, semicolon or tab: whichever the header has most of outside quotation marks. */
export function delimiterOf(header: string): ',' | ';' | '\t' {
  const bare = header.replace(/"[^"]*"/g, '').split(/[\r\n]/, 1)[0] ?? '';
  const count = (mark: string) => bare.split(mark).length;
  const most = Math.max(count(';'), count(','), count('\t'));
  return count(';') === most ? ';' : count(',') === most ? ',' : '\t';
}

/** Finds the columns by their names, in any shipped language; refuses a header without those that are needed. */
export function readHeader(cells: readonly string[]): Columns {
  const found: Partial<Record<PatientField, { index: number; rank: number }>> = {};
  cells.forEach((cell, index) => {
    const column = columnOf.get(bareSpelling(withoutHint(cell)));
    if (!column) return;
    const { field, rank } = column;
    if (rank < (found[field]?.rank ?? Infinity)) found[field] = { index, rank };
  });
  const missing = requiredFields.filter((field) => !found[field]);
  if (missing.length > 0)
    throw new Refusal('VALIDATION_FAILED', 'The header has not all the columns needed.', missing.map(missingColumn));
  const used = Object.values(found).map(({ index }) => index);
  return {
    indexOf: Object.fromEntries(Object.entries(found).map(([field, { index }]) => [field, index])),
    count: cells.length,
    unused: cells.filter((cell, index) => cell.trim() !== '' && !used.includes(index)),
  };
}

/** "Birth date (dd.mm.yyyy)" and "Mobile [required]" explain themselves. */
function withoutHint(name: string): string {
  return name.replace(/\([^()]*\)|\[[^[\]]*\]/g, '');
}

function missingColumn(field: PatientField): FieldError {
  const examples = headerNames[field].split(', ').slice(0, 2);
  return { pointer: '', detail: `no column for ${field}, such as "${examples.join('" or "')}"` };
}
