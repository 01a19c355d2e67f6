import { type FieldError, Refusal } from './errors.ts';
import { type PatientDetails, type PatientField, type ReadingRules, readPatient } from './patient.ts';

/** Header names as practice systems write them, in the shipped languages; the earlier ones of a field are preferred. */
const headerNames: Record<PatientField, string> = {
  firstName: 'first name, given name, forename, etunimi, etunimet, förnamn, tilltalsnamn, vorname, nome',
  lastName: 'last name, surname, family name, sukunimi, efternamn, nachname, familienname, cognome, name',
  mobile:
    'mobile, mobile phone, mobile number, cell phone, matkapuhelin, matkapuhelinnumero, gsm, mobiltelefon, mobil, ' +
    'mobilnummer, mobiltelefonnummer, handy, handynummer, cellulare, telefono cellulare, numero di cellulare, phone, ' +
    'phone number, telephone, puhelin, puhelinnumero, telefon, telefonnummer, telefono, numero di telefono',
  email:
    'e-mail, e-mail address, mail, sähköposti, sähköpostiosoite, e-post, e-postadress, e-mail-adresse, ' +
    'posta elettronica, indirizzo e-mail',
  birthDate:
    'birth date, date of birth, dob, birthday, syntymäaika, syntymäpäivä, födelsedatum, geburtsdatum, geb.-datum, ' +
    'geburtstag, data di nascita',
  language:
    'language, preferred language, kieli, asiointikieli, äidinkieli, språk, modersmål, sprache, muttersprache, lingua',
  externalId:
    'external id, patient id, patient number, patient no, potilasnumero, potilastunnus, asiakasnumero, patientnummer, ' +
    'patient-id, kundnummer, patientennummer, patienten-nr, patienten-id, numero paziente, codice paziente, ' +
    'id paziente, id',
};

const columnOf = new Map(
  (Object.keys(headerNames) as PatientField[]).flatMap((field) =>
    headerNames[field].split(', ').map((name, rank) => [bare(name), { field, rank }] as const),
  ),
);

const required: readonly PatientField[] = ['firstName', 'lastName', 'mobile'];

/** Where each field stands in a row. */
export type Columns = Partial<Record<PatientField, number>>;

/** Comma or semicolon: whichever the header line has more of. */
export function delimiterOf(headerLine: string): ',' | ';' {
  const count = (mark: string) => headerLine.split(mark).length;
  return count(';') >= count(',') ? ';' : ',';
}

/** Finds the columns by their names, in any shipped language; columns that mean nothing here are passed over. */
export function readHeader(cells: readonly string[]): Columns {
  const found: Partial<Record<PatientField, { index: number; rank: number }>> = {};
  cells.forEach((cell, index) => {
    const column = columnOf.get(bare(cell));
    if (!column) return;
    const { field, rank } = column;
    if (rank < (found[field]?.rank ?? Infinity)) found[field] = { index, rank };
  });
  const missing = required.filter((field) => !found[field]);
  if (missing.length > 0)
    throw new Refusal('VALIDATION_FAILED', 'The header has not all the columns needed.', missing.map(missingColumn));
  return Object.fromEntries(Object.entries(found).map(([field, { index }]) => [field, index]));
}

function missingColumn(field: PatientField): FieldError {
  const examples = headerNames[field].split(', ').slice(0, 2);
  return { pointer: '', detail: `no column for ${field}, such as "${examples.join('" or "')}"` };
}

/** Letters and digits only, in small letters: "E-Mail-Adresse" and "Email Adresse" are one name. */
function bare(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** What a row says of a patient; an empty cell says nothing. */
export type ImportedPatient = Pick<PatientDetails, 'firstName' | 'lastName'> & {
  mobile: string;
} & Partial<PatientDetails>;

/** The patient of one row, or all the reasons why it is refused. */
export function readRow(
  cells: readonly string[],
  columns: Columns,
  rules: ReadingRules,
): { patient: ImportedPatient } | { reasons: string[] } {
  const given: Partial<Record<PatientField, string>> = {};
  for (const [field, index] of Object.entries(columns) as [PatientField, number][]) {
    const cell = cells[index]?.trim() ?? '';
    if (cell !== '' || required.includes(field)) given[field] = spelled(field, cell);
  }
  const { details, errors } = readPatient(given, rules);
  const reasons = errors.map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}`);
  if (details.mobile === null) reasons.push('mobile is required');
  return reasons.length > 0 ? { reasons } : { patient: details as ImportedPatient };
}

const languageNames = new Map(
  Object.entries({
    en: ['english', 'englanti', 'engelska', 'englisch', 'inglese'],
    fi: ['finnish', 'suomi', 'finska', 'finnisch', 'finlandese'],
    sv: ['swedish', 'ruotsi', 'svenska', 'schwedisch', 'svedese'],
    de: ['german', 'saksa', 'tyska', 'deutsch', 'tedesco'],
    it: ['italian', 'italia', 'italienska', 'italienisch', 'italiano'],
  }).flatMap(([code, names]) => names.map((name) => [name, code])),
);

/** Practice systems write dates and languages for people: 14.3.1971, 14/03/1971, Deutsch. */
function spelled(field: PatientField, cell: string): string {
  if (field === 'language') return languageNames.get(cell.toLowerCase()) ?? cell;
  const date = field === 'birthDate' && /^(\d{1,2})[./](\d{1,2})[./](\d{4})$/.exec(cell);
  if (!date) return cell;
  const [, day = '', month = '', year] = date;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** Two patients of one name at one number are taken for the same person. */
function nameKey({ mobile, firstName, lastName }: Pick<PatientDetails, 'mobile' | 'firstName' | 'lastName'>): string {
  return [mobile, firstName.toLowerCase(), lastName.toLowerCase()].join('\n');
}

/** Whether a row and a known patient are one person: by external id where both have one, else by mobile and name. */
export function isSamePatient(row: ImportedPatient, known: PatientDetails): boolean {
  if (row.externalId != null && known.externalId !== null) return row.externalId === known.externalId;
  return nameKey(row) === nameKey(known);
}

/** The patients of a file so far, so that a second row about one of them is found: which of two is right is not ours to say. */
export class SeenRows {
  readonly #byExternalId = new Map<string, number>();
  readonly #byName = new Map<string, { row: number; hasExternalId: boolean }>();

  /** The earlier row about the same patient; undefined where there is none, and this one is remembered. */
  earlier(row: number, patient: ImportedPatient): number | undefined {
    const { externalId } = patient;
    const hasExternalId = externalId != null;
    const known = hasExternalId ? this.#byExternalId.get(externalId) : undefined;
    if (known !== undefined) return known;
    const key = nameKey(patient);
    const namesake = this.#byName.get(key);
    // Two external ids are two people, however alike.
    if (namesake && !(hasExternalId && namesake.hasExternalId)) return namesake.row;
    if (hasExternalId) this.#byExternalId.set(externalId, row);
    if (!namesake) this.#byName.set(key, { row, hasExternalId });
    return undefined;
  }
}
