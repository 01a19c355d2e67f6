interface IdentityCode {
  shape: RegExp;
  /** Where the shape alone would also hit telephone numbers. */
  isCode?: (digits: string) => boolean;
}

const dayMonth = '(?:0[1-9]|[12]\\d|3[01])(?:0[1-9]|1[0-2])';
/** Swedish coordination numbers count the day from 61. */
const monthDay = '(?:0[1-9]|1[0-2])(?:[06][1-9]|[1278]\\d|[39][01])';
/** The letters that stand for digits where two Italian codes would be the same. */
const italianDigit = '[\\dLMNP-V]';

const identityCodes: readonly IdentityCode[] = [
  // Finland: henkilötunnus
  { shape: alone(`${dayMonth}\\d{2}\\s?[-+A-FU-Y]\\s?\\d{3}[0-9A-FHJ-NPR-Y]`) },
  // Sweden: personnummer, samordningsnummer
  { shape: alone(`(?:\\d{2})?\\d{2}${monthDay}\\s?[-+]\\s?\\d{4}`) },
  { shape: alone(`(?:19|20)\\d{2}${monthDay}\\d{4}`), isCode: (digits) => hasLuhnDigit(digits.slice(2)) },
  { shape: alone(`\\d{2}${monthDay}\\d{4}`), isCode: hasLuhnDigit },
  // Italy: codice fiscale
  {
    shape: alone(`[A-Z]{6}${italianDigit}{2}[A-EHLMPRST]${italianDigit}{2}[A-Z]${italianDigit}{3}[A-Z]`),
  },
  // Germany: Krankenversichertennummer, Sozialversicherungsnummer, Steuer-Identifikationsnummer
  { shape: alone('[A-Z]\\d{9}') },
  { shape: alone(`\\d{2}\\s?${dayMonth}\\d{2}\\s?[A-Z]\\s?\\d{3}`) },
  { shape: alone('[1-9]\\d(?:\\s?\\d{3}){3}'), isCode: hasTaxNumberDigit },
];

export const MASK = '[***]';

/** The text with personal identity codes of the countries we serve blotted out; it is never stored with them. */
export function maskIdentityCodes(text: string): string {
  return identityCodes.reduce(
    (masked, { shape, isCode }) =>
      masked.replace(shape, (code) => (isCode && !isCode(code.replaceAll(/\D/g, '')) ? code : MASK)),
    text,
  );
}

function alone(pattern: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}+])${pattern}(?![\\p{L}\\p{N}])`, 'giu');
}

function hasLuhnDigit(digits: string): boolean {
  const sum = digits
    .split('')
    .map(Number)
    .reduce((total, digit, index) => {
      const weighted = index % 2 === 0 ? digit * 2 : digit;
      return total + (weighted > 9 ? weighted - 9 : weighted);
    }, 0);
  return sum % 10 === 0;
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
