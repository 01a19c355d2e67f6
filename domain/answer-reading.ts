import { codesIn, looksLikeCode, withoutCodes } from './answer-codes.ts';
import { type WordMeaning, answerWords, emojiWords, faintYes } from './answer-words.ts';
import { type Language, shippedLanguages } from './spoken-time.ts';

/** What a text says, in whatever order: its codes, and what its words mean; `other` is a word that we do not know. */
export interface Reading {
  codes: readonly string[];
  says: ReadonlySet<WordMeaning | 'other'>;
  hasMistypedCode: boolean;
}

type Lexicon = ReadonlyMap<string, WordMeaning>;

/** Reads a text in any shipped language; `language` is the one in which this phone is written to, where that is known. */
export function readAnswer(text: string, language: Language | null): Reading {
  const cleaned = cleanText(text);
  const remaining = withoutCodes(cleaned);
  return {
    codes: codesIn(cleaned),
    says: new Set(meaningsIn(remaining, lexiconOf(language))),
    hasMistypedCode: looksLikeCode(remaining),
  };
}

/** One way of writing for all: lower case, pictures as the words that they stand for, nothing invisible, no smileys. */
export function cleanText(text: string): string {
  return (
    text
      // Before normalising, which makes letters of some pictures.
      .replace(/[✗✘]|\p{Extended_Pictographic}/gu, (emoji) => ` ${emojiWords[emoji] ?? ''} `)
      .replace(/(?<=\p{L})['’ʼ`´](?=\p{L})/gu, '')
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll('ß', 'ss')
      .replace(/[\p{Cf}\ufe00-\ufe0f\u20e3]/gu, '')
      .replace(/<3(?!\d)|[:;]-?[dp](?![\p{L}\p{N}])/gu, ' ')
  );
}

const LONGEST_PHRASE = 5;
/** A slash stands for "or". */
const DOUBT_MARKS = ['?', '¿', '؟', '‽', '/'];

function meaningsIn(remaining: string, lexicon: Lexicon): (WordMeaning | 'other')[] {
  const words = remaining.match(/[\p{L}\p{M}\p{N}]+|[?¿؟‽/]/gu) ?? [];
  const meanings: (WordMeaning | 'other')[] = [];
  for (let at = 0; at < words.length;) {
    let length = Math.min(LONGEST_PHRASE, words.length - at);
    while (length > 1 && !lexicon.has(words.slice(at, at + length).join(' '))) length -= 1;
    meanings.push(lexicon.get(words.slice(at, at + length).join(' ')) ?? 'other');
    at += length;
  }
  return meanings;
}

const lexicons = new Map<Language | null, Lexicon>();

function lexiconOf(language: Language | null): Lexicon {
  const lexicon = lexicons.get(language) ?? makeLexicon(language);
  lexicons.set(language, lexicon);
  return lexicon;
}

/** What is written as listed comes before what is another way of writing, and a no or a doubt before a yes. */
function makeLexicon(language: Language | null): Lexicon {
  const faint = Array.from(faintYes).flatMap(([word, own]) => (own === null || own !== language ? [word] : []));
  const lexicon = new Map<string, WordMeaning>();
  for (const word of [...DOUBT_MARKS, ...faint, ...faint.map(withoutMarks)]) lexicon.set(word, 'doubt');
  const order = ['no', 'cannotCome', 'doubt', 'regret', 'yes', 'okay', 'courtesy'] as const;
  for (const spell of [asListed, withoutMarks, withUmlautsWrittenOut]) {
    for (const meaning of order) {
      for (const word of shippedLanguages.flatMap((one) => listed(meaning, one))) {
        const spelling = spell(word);
        // "na" is no way of writing "nä": it is one slip from "ja".
        const isTooShort = spelling !== word && spelling.length < 3;
        if (!isTooShort && !lexicon.has(spelling)) lexicon.set(spelling, meaning);
      }
    }
  }
  return lexicon;
}

/** The words and phrases of one list, cleaned as texts are. */
export function listed(meaning: WordMeaning, language: Language): string[] {
  return answerWords[meaning][language].split(/,\s+/u).map((word) => cleanText(word));
}

const asListed = (word: string) => word;
const withoutMarks = (word: string) => word.normalize('NFD').replace(/\p{M}/gu, '');
const withUmlautsWrittenOut = (word: string) =>
  withoutMarks(word.replaceAll('ä', 'ae').replaceAll('ö', 'oe').replaceAll('ü', 'ue'));
