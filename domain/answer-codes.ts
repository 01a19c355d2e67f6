/**
 * None looks like a digit (B G I L O Q S Z, D) or like another one (E F, M N, U V, V Y), and none alone is a word or a
 * short answer in a shipped language ("a 5", "e 3", "h 9", "u 2", "j", "n", "y"), because "K 7" is understood as well.
 */
const LETTERS = 'CFKMPRTVWX';
/** Neither 0 nor 1, which are read as O and I. */
const DIGITS = '23456789';

/** Not where it is the beginning of a time of day or a span: "k 7.30", "k 7-8". */
const ONE = `(?<![\\p{L}\\p{N}])([${LETTERS.toLowerCase()}])[\\s\\p{Pd}._]{0,3}([${DIGITS}]{1,4})(?![\\p{L}\\p{M}\\p{N}]|\\s*[\\p{Pd}.:,]\\s*\\d)`;
const AND = '(?:and|ja|sekä|seka|och|und|e|ed|&|\\+)';
const codes = new RegExp(ONE, 'gu');
/** Looks back from an "and" alone: from everywhere, a text of a thousand blanks or pictures would take seconds. */
const joiners = new RegExp(`${AND}(?<=${ONE}[\\s,]*${AND})(?=\\s*${ONE})`, 'gu');

/**
 * So many fresh codes that are not `taken`: a letter and a digit, or more digits where those are used up. As long as it is
 * possible they differ in letter and digits, so that a slip in one does not make another. `random` is below its argument.
 */
export function codesFor(count: number, taken: ReadonlySet<string>, random: (below: number) => number): string[] {
  const chosen: string[] = [];
  for (let length = 1; chosen.length < count; length += 1) {
    let free = allCodes(length).filter((code) => !taken.has(code));
    while (chosen.length < count && free.length > 0) {
      const apart = free.filter((code) => chosen.every((other) => isApart(code, other)));
      const from = apart.length > 0 ? apart : free;
      const code = from[random(from.length)]!;
      chosen.push(code);
      free = free.filter((one) => one !== code);
    }
  }
  return chosen;
}

/** The codes in a cleaned text, as they are printed and each once, also where it says "k 7", "K-7" or "“k7”.". */
export function codesIn(cleaned: string): string[] {
  return [...new Set(Array.from(cleaned.matchAll(codes), ([, letter, digits]) => `${letter}${digits}`.toUpperCase()))];
}

/** What else a cleaned text says; an "and" between two codes says nothing. */
export function withoutCodes(cleaned: string): string {
  return cleaned.replace(joiners, ' ').replace(codes, ' ');
}

/** Whether what remains looks like a code that was mistyped: "KK7", "H7", or nothing but a number. */
export function looksLikeCode(remaining: string): boolean {
  return /(?<![\p{L}\p{N}])\p{L}{1,2}\d{1,3}(?![\p{L}\p{N}])|^[^\p{L}\p{N}]*\d{1,3}[^\p{L}\p{N}]*$/u.test(remaining);
}

function allCodes(length: number): string[] {
  return length === 0
    ? LETTERS.split('')
    : allCodes(length - 1).flatMap((start) => DIGITS.split('').map((d) => start + d));
}

function isApart(one: string, other: string): boolean {
  return one[0] !== other[0] && one.slice(1) !== other.slice(1);
}
