interface IdentityCode {
  shape: RegExp;
  /** Where the shape alone would also hit telephone numbers and words; of its letters and digits. */
  isCode?: (characters: string) => boolean;
}

const dayMonth = '(?!3[01]02|31(?:0[469]|11))(?:0[1-9]|[12]\\d|3[01])(?:0[1-9]|1[0-2])';
/** Swedish coordination numbers count the day from 61. */
const monthDay = '(?!02[39]|(?:0[469]|11)[39]1)(?:0[1-9]|1[0-2])(?:[06][1-9]|[1278]\\d|[39][01])';
/** The letters that stand for digits where two Italian codes would be the same. */
const italianDigit = '[\\dLMNP-V]';
/** However the phone writes it. */
const dash = '\\p{Pd}\u2212';

const identityCodes: readonly IdentityCode[] = [
  // Finland: henkilötunnus
  { shape: digitsFirst(`${dayMonth}\\d{2}\\s?[${dash}+A-FU-Y]\\s?\\d{3}[0-9A-FHJ-NPR-Y]`) },
  // All digits in a row are a telephone number.
  { shape: digitsFirst(`${dayMonth}\\d{2}(?:\\s\\d{3}[0-9A-FHJ-NPR-Y]|\\d{3}[A-FHJ-NPR-Y])`), isCode: hasFinnishCheck },
  // Sweden: personnummer, samordningsnummer
  { shape: digitsFirst(`(?:\\d{2})?\\d{2}${monthDay}\\s?[${dash}+]\\s?\\d{4}`) },
  { shape: digitsAlone(`(?:19|20)\\d{2}${monthDay}\\s?\\d{4}`), isCode: (digits) => hasLuhnDigit(digits.slice(2)) },
  { shape: digitsAlone(`\\d{2}${monthDay}\\s?\\d{4}`), isCode: hasLuhnDigit },
  // Italy: codice fiscale
  {
    shape: alone(`[A-Z]{6}${italianDigit}{2}[A-EHLMPRST]${italianDigit}{2}[A-Z]${italianDigit}{3}[A-Z]`),
  },
  { shape: alone('[A-Z]{3}\\s?[A-Z]{3}\\s?\\d{2}\\s?[A-EHLMPRST]\\s?\\d{2}\\s?[A-Z]\\s?\\d{3}\\s?[A-Z]') },
  // Germany: Krankenversichertennummer, Sozialversicherungsnummer, Steuer-Identifikationsnummer
  { shape: alone('[A-Z]\\d{9}') },
  { shape: alone('[A-Z](?:\\s?\\d{3}){3}'), isCode: hasInsuranceDigit },
  { shape: digitsFirst(`\\d{2}\\s?${dayMonth}\\d{2}\\s?[A-Z]\\s?\\d{3}`) },
  { shape: digitsAlone('[1-9]\\d(?:\\s?\\d{3}){3}'), isCode: hasTaxNumberDigit },
];

/** A word, so that a text with a code says more than the answer beside it. */
export const MASK = '[ID]';

/** The text with personal identity codes of the countries we serve blotted out; it is never stored with them. */
export function maskIdentityCodes(text: string): string {
  return identityCodes.reduce(
    (masked, { shape, isCode }) =>
      masked.replace(shape, (code) => (isCode && !isCode(code.replaceAll(/[^\p{L}\d]/gu, '')) ? code : MASK)),
    text,
  );
}

/** Neither the end of a longer word or number, nor its beginning. */
function alone(pattern: string): RegExp {
  return notAfter('[\\p{L}\\p{N}+]', pattern);
}

/** Also where it follows a word without a space. */
function digitsFirst(pattern: string): RegExp {
  return notAfter('[\\p{N}+]', pattern);
}

/** As before, but not within a number of some country: "+39 3401234567". */
function digitsAlone(pattern: string): RegExp {
  return notAfter('[\\p{N}+]|\\+\\d{1,3}[\\s-]', pattern);
}

function notAfter(before: string, pattern: string): RegExp {
  return new RegExp(`(?<!${before})${pattern}(?![\\p{L}\\p{N}])`, 'giu');
}

function hasFinnishCheck(code: string): boolean {
  return '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(code.slice(0, -1)) % 31] === code.slice(-1).toUpperCase();
}

function hasLuhnDigit(digits: string): boolean {
  return luhnSum(digits) % 10 === 0;
}

/** The letter counts as its place in the alphabet. */
function hasInsuranceDigit(code: string): boolean {
  const place = code.toUpperCase().charCodeAt(0) - 64;
  return luhnSum(`${String(place).padStart(3, '0')}${code.slice(1, -1)}`) % 10 === Number(code.at(-1));
}

/** Every other digit counts twice, from the first on. */
function luhnSum(digits: string): number {
  return digits
    .split('')
    .map(Number)
    .reduce((total, digit, index) => {
      const weighted = index % 2 === 0 ? digit * 2 : digit;
      return total + (weighted > 9 ? weighted - 9 : weighted);
    }, 0);
}

/** ISO 7064, MOD 11,10. */
function hasTaxNumberDigit(digits: string): boolean {
  const product = digits
    .slice(0, -1)
    .split('')
    .map(Number)
    .reduce((last, digit) => (((last + digit) % 10 || 10) * 2) % 11, 10);
  return (11 - product) % 10 === Number(digits.at(-1));
}
