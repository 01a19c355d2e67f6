import { bareSpelling } from './spelling.ts';

const alphabet = 'abcdefghijklmnopqrstuvwxyz'.split('');
/** A language may be named in any language that Vuoro speaks. */
const shipped = ['en', 'fi', 'sv', 'de', 'it'].map(
  (language) => new Intl.DisplayNames(language, { type: 'language', fallback: 'none' }),
);

let codes: ReadonlyMap<string, string> | undefined;

/** The code of the language that goes by this name in a shipped language ("ruotsi", "Swedish"); undefined for other words. */
export function languageNamed(name: string): string | undefined {
  codes ??= new Map(twoLetterCodes().flatMap((code) => namesOf(code).map((one) => [bareSpelling(one), code] as const)));
  return codes.get(bareSpelling(name));
}

function twoLetterCodes(): string[] {
  return alphabet.flatMap((first) => alphabet.map((second) => first + second));
}

function namesOf(code: string): string[] {
  return shipped.flatMap((names) => names.of(code) ?? []);
}
