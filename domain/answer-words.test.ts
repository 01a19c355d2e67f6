import { describe, expect, it } from 'vitest';
import { listed, readAnswer } from './answer-reading.ts';
import { type WordMeaning, answerWords, emojiWords } from './answer-words.ts';
import { wordAlone } from './inbound-words.ts';
import { shippedLanguages } from './spoken-time.ts';

const meanings = Object.keys(answerWords) as WordMeaning[];
const lists = meanings.flatMap((meaning) => shippedLanguages.map((language) => [meaning, language] as const));
const says = (text: string, language: (typeof shippedLanguages)[number] | null = null) =>
  Array.from(readAnswer(text, language).says);

describe('the words', () => {
  it.each(lists)('that mean %s in %s mean it however they are written', (meaning, language) => {
    for (const word of listed(meaning, language)) {
      expect([word, says(word, language)]).toEqual([word, [meaning]]);
      expect([word, says(`  “${word.toUpperCase()}” `, language)]).toEqual([word, [meaning]]);
      expect([word, says(word.normalize('NFD'), language)]).toEqual([word, [meaning]]);
    }
  });

  it('have one meaning only, in whatever language', () => {
    const seen = new Map<string, WordMeaning>();
    for (const [meaning, language] of lists) {
      for (const word of listed(meaning, language)) {
        expect([word, seen.get(word) ?? meaning]).toEqual([word, meaning]);
        seen.set(word, meaning);
      }
    }
  });

  it('are none of the carriers, but for "yes"', () => {
    const words = lists.flatMap(([meaning, language]) => listed(meaning, language));
    expect(words.filter((word) => wordAlone(word) !== null)).toEqual(['yes']);
  });

  it.each([
    ['kylla', 'yes'],
    ['sjalvklart', 'yes'],
    ['Bestaetige', 'yes'],
    ['en paase', 'cannotCome'],
    ['ehka', 'doubt'],
    ['koennte', 'doubt'],
    ['Gruesse', 'courtesy'],
    ['gruss', 'courtesy'],
    ['D’accordo', 'okay'],
    ["D'accordo", 'okay'],
    ['IKÄVÄ KYLLÄ', 'regret'],
  ] as const)('are known as "%s" too: %s', (text, meaning) => expect(says(text)).toEqual([meaning]));

  it('that are a yes in one language and near to a no in another are a doubt, unless we know the language', () => {
    expect(says('si')).toEqual(['doubt']);
    expect(says('si', 'fi')).toEqual(['doubt']);
    expect(says('si', 'it')).toEqual(['yes']);
    expect(says('sì')).toEqual(['yes']);
    expect(says('jo', 'sv')).toEqual(['doubt']);
    expect(says('na')).toEqual(['other']);
  });
});

describe('pictures', () => {
  it.each([
    ['👍', ['okay']],
    ['👍🏽', ['okay']],
    ['👌', ['okay']],
    ['✅', ['yes']],
    ['✔️', ['yes']],
    ['👎🏿', ['no']],
    ['❌', ['no']],
    ['🚫', ['no']],
    ['🙅‍♀️', ['no']],
    ['🤔', ['doubt']],
    ['🤷‍♂️', ['doubt']],
    ['❓', ['doubt']],
    ['⁉️', ['doubt']],
    ['😀🎉❤️ℹ️Ⓜ️🇫🇮™ :-) :D <3', []],
  ])('"%s" says %s', (text, meaning) => expect(says(text)).toEqual(meaning));

  it('are told from words by one character each', () => {
    for (const emoji of Object.keys(emojiWords)) expect(Array.from(emoji)).toHaveLength(1);
  });
});

it.each(['?', '？', '‽', '/', ':/', '?!'])('reads "%s" as a doubt', (text) => expect(says(text)).toEqual(['doubt']));

it('reads a word that is struck through as no word that it knows', () => {
  expect(says('y\u0336e\u0336s\u0336')).toEqual(['other']);
});
