import { expect, it } from 'vitest';
import { languageNamed } from './language-name.ts';

it.each([
  ['en', 'English', 'englanti', 'engelska', 'Englisch', 'inglese'],
  ['fi', 'Finnish', 'suomi', 'FINSKA', 'Finnisch', 'finlandese'],
  ['sv', 'Swedish', 'ruotsi', 'svenska', 'Schwedisch', 'svedese'],
  ['de', 'German', 'saksa', 'tyska', 'deutsch', 'tedesco'],
  ['it', 'Italian', 'italia', 'italienska', 'Italienisch', 'italiano'],
  ['ru', 'Russian', 'venäjä', 'VENAJA', 'ryska', 'Russisch', 'russo'],
  ['et', 'Estonian', 'viro', 'estniska', 'Estnisch', 'estone'],
])('knows %s by its names', (code, ...names) => {
  expect(names.map((name) => [name, languageNamed(name)])).toEqual(names.map((name) => [name, code]));
});

it('knows no other words', () => {
  expect(['', 'klingon', 'yes', '?'].map(languageNamed)).toEqual([undefined, undefined, undefined, undefined]);
});
