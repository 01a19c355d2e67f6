import { isDate, type LocalDate } from './clinic-time.ts';
import type { FieldError } from './errors.ts';
import { maskIdentityCodes } from './identity-codes.ts';
import type { PatientId } from './ids.ts';
import type { Instant } from './interval.ts';
import { readMobile } from './phone.ts';

/** What is known of a patient. Null: not known. */
export interface PatientDetails {
  firstName: string;
  lastName: string;
  /** E.164. */
  mobile: string | null;
  email: string | null;
  birthDate: LocalDate | null;
  /** BCP 47; null: the clinic's first language. */
  language: string | null;
  externalId: string | null;
}
export type PatientField = keyof PatientDetails;

export interface Patient extends PatientDetails {
  id: PatientId;
  /** Staff say that the patient is in care here, whatever the visits say. */
  isInCare: boolean;
  createdAt: Instant;
  updatedAt: Instant;
}

/** By what a clinic's input is read. */
export interface ReadingRules {
  /** Phone numbers without a + are read by it. */
  country: string;
  /** Nobody is born after it. */
  today: LocalDate;
}

type Reading = { value: string } | { problem: string };

const readers: Record<PatientField, (text: string, rules: ReadingRules) => Reading> = {
  firstName: readName,
  lastName: readName,
  mobile: (text, { country }) => {
    const phone = readMobile(text, country);
    return 'problem' in phone ? phone : { value: phone.number };
  },
  email: readEmail,
  birthDate: (text, { today }) => {
    if (!isDate(text)) return { problem: 'must be a date of the calendar, as YYYY-MM-DD' };
    return text >= '1880-01-01' && text <= today ? { value: text } : { problem: 'must lie in the past' };
  },
  language: readLanguage,
  externalId: (text) => (text.length <= 100 ? { value: text } : { problem: 'must have at most 100 characters' }),
};

const mayBeUnknown: readonly PatientField[] = ['mobile', 'email', 'birthDate', 'language', 'externalId'];

/**
 * Reads what somebody gave, field by field: normalised values for those that are given, null where one is cleared,
 * and what is wrong with the others, each with a pointer to its field.
 */
export function readPatient(
  given: Partial<Record<PatientField, string | null | undefined>>,
  rules: ReadingRules,
): { details: Partial<PatientDetails>; errors: FieldError[] } {
  const details: Partial<Record<PatientField, string | null>> = {};
  const errors: FieldError[] = [];
  for (const field of Object.keys(readers) as PatientField[]) {
    const text = given[field];
    if (text === undefined) continue;
    const tidied = tidy(text ?? '');
    const reading = tidied === '' ? readNothing(field) : readText(field, tidied, rules);
    if ('problem' in reading) errors.push({ pointer: `/${field}`, detail: reading.problem });
    else details[field] = reading.value;
  }
  return { details: details as Partial<PatientDetails>, errors };
}

// Left behind by address books, web pages and spreadsheets: soft hyphens, marks of direction, spaces without width.
const invisible = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;

function tidy(text: string): string {
  return text.replace(invisible, '').normalize('NFC').trim().replace(/\s+/g, ' ');
}

function readText(field: PatientField, text: string, rules: ReadingRules): Reading {
  // U+FFFD stands for bytes that could not be read; half a surrogate pair would be stored as one.
  if (/[\p{Cc}\p{Cs}\u{FFFD}]/u.test(text)) return { problem: 'has characters that cannot be read' };
  if (isFree.includes(field) && hasIdentityCode(text))
    return { problem: 'has a personal identity code in it, which is never kept here' };
  return readers[field](text, rules);
}

// The other fields are read to the last letter: a code does not pass, and a number may look like one.
const isFree: readonly PatientField[] = ['firstName', 'lastName', 'email', 'externalId'];

// A name of letters alone may look like a code whose digits are written as letters.
function hasIdentityCode(text: string): boolean {
  return /\d/.test(text) && maskIdentityCodes(text) !== text;
}

function readNothing(field: PatientField): { value: null } | { problem: string } {
  return mayBeUnknown.includes(field) ? { value: null } : { problem: 'is required' };
}

function readName(text: string): Reading {
  if (text.length > 100) return { problem: 'must have at most 100 characters' };
  return /\p{L}/u.test(text) ? { value: text } : { problem: 'has no letter in it' };
}

function readEmail(text: string): Reading {
  const isAddress = text.length <= 254 && /^[^\s@<>()[\],;:"\\]+@[^\s@<>()[\],;:"\\]+\.[^\s@.]{2,}$/u.test(text);
  return isAddress ? { value: text } : { problem: 'is not an e-mail address' };
}

function readLanguage(text: string): Reading {
  const match = /^([a-z]{2,3})(?:[-_]([a-z]{2}))?$/i.exec(text);
  if (!match?.[1]) return { problem: 'must be a language code such as fi or sv-FI' };
  const [language = text] = Intl.getCanonicalLocales(match.slice(1).filter(Boolean).join('-'));
  return { value: language };
}
