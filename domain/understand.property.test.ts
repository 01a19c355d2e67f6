import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codesIn } from './answer-codes.ts';
import { cleanText, listed } from './answer-reading.ts';
import type { WordMeaning } from './answer-words.ts';
import { asId, type QuestionId } from './ids.ts';
import { type Question, type QuestionState, answersOf, questionKinds } from './question.ts';
import { shippedLanguages } from './spoken-time.ts';
import { type Understanding, courseOf, understand } from './understand.ts';

const all = (meaning: WordMeaning) => shippedLanguages.flatMap((language) => listed(meaning, language));
const [yeses, noes, doubts, thanks] = [
  [...all('yes'), ...all('okay'), 'jo', '👍', '👌', '✅'],
  [...all('no'), ...all('cannotCome'), '👎', '❌', '🚫'],
  [...all('doubt'), '🤔', '🤷', '❓', '?'],
  all('courtesy'),
];
const letters = Array.from("abcdefghijklmnopqrstuvwxyzäöåüìùé '");

const gaps = fc
  .array(
    fc.constantFrom(' ', '  ', '\n', '!', '.', ',', '…', '“', '”', '"', "'", '😀', '🎉', '❤️', '🇫🇮', '\u200b', '«'),
    { maxLength: 3 },
  )
  .map((parts) => ` ${parts.join('')} `);

/** The parts in this order, in any case, with anything between them that says nothing. */
function noisy(...parts: string[]): fc.Arbitrary<string> {
  const cased = parts.map((part) =>
    fc.constantFrom(part, part.toUpperCase(), `${part.charAt(0).toUpperCase()}${part.slice(1)}`),
  );
  return fc
    .tuple(fc.tuple(...cased), fc.array(gaps, { minLength: parts.length + 1, maxLength: parts.length + 1 }))
    .map(([words, between]) => between.map((gap, index) => gap + (words[index] ?? '')).join(''));
}

/** The word with one character dropped, doubled, added, replaced or exchanged with the next. */
function slipped(word: string): fc.Arbitrary<string> {
  const characters = Array.from(word);
  const change = fc.constantFrom('drop', 'double', 'add', 'replace', 'exchange', 'none');
  return fc.tuple(fc.nat(characters.length - 1), change, fc.constantFrom(...letters)).map(([at, how, letter]) => {
    const [here, next = ''] = characters.slice(at, at + 2) as [string, string?];
    const [before, after] = [characters.slice(0, at).join(''), characters.slice(at + 1).join('')];
    if (how === 'drop') return before + after;
    if (how === 'double') return before + here + here + after;
    if (how === 'add') return before + letter + here + after;
    if (how === 'replace') return before + letter + after;
    return how === 'exchange' ? before + next + here + after.slice(next.length) : word;
  });
}

const codeNames = ['K7', 'P3', 'M4', 'R8', 'T2', 'V5', 'W6', 'X9', 'C4', 'F5', 'K22', 'P33'];
const states: QuestionState[] = ['open', 'open', 'open', 'answered', 'superseded', 'taken', 'over'];

const questionsOf = (count: { minLength: number; maxLength: number }, among = states): fc.Arbitrary<Question[]> =>
  fc.array(fc.tuple(fc.constantFrom(...questionKinds), fc.constantFrom(...among), fc.boolean()), count).map((drawn) => {
    const free = [...codeNames];
    return drawn.map(([kind, state, isClarified], index) => {
      const codes = answersOf[kind].flatMap((answer) => {
        const code = free.shift();
        return code ? [{ code, answer }] : [];
      });
      const base = { id: asId<QuestionId>(`q${index}`), askedAt: 0, knownSince: 0, answeredAs: null };
      return { ...base, kind, state, isClarified, codes };
    });
  });
const someQuestions = questionsOf({ minLength: 0, maxLength: 4 });
const oneOpen = questionsOf({ minLength: 1, maxLength: 1 }, ['open']);

const plain = { carrierSays: null, hasOptedOut: false };
const read = (text: string, questions: Question[]): Understanding => understand(text, { ...plain, questions });

/** The answers that would change something. */
function actingOf(taken: Understanding, questions: readonly Question[]) {
  const answers = taken.as === 'answers' ? taken.answers : [];
  return answers.filter(({ questionId, answer }) => {
    return (
      courseOf(
        questions.find(({ id }) => id === questionId)!,
        answer,
      ) === 'act'
    );
  });
}

/** Whether it would take or confirm something, or cancel a visit. */
function actsAsYes(taken: Understanding, questions: readonly Question[]): boolean {
  return actingOf(taken, questions).some(({ answer }) => answer !== 'giveUp');
}

const pick = (words: readonly string[]) => fc.constantFrom(...words);
const misspelt = (words: readonly string[]) => pick(words).chain(slipped);
const maybe = (words: readonly string[]) => fc.option(pick(words), { nil: '' });
const RUNS = { numRuns: 3_000 };

describe('noise', () => {
  it('never turns a no into a yes, though it is misspelt', () => {
    const texts = fc.tuple(maybe(thanks), misspelt(noes), maybe(thanks)).chain((parts) => noisy(...parts));
    fc.assert(
      fc.property(texts, someQuestions, (text, questions) => {
        expect(actsAsYes(read(text, questions), questions)).toBe(false);
      }),
      RUNS,
    );
  });

  it('never turns an Italian no into a yes, where "si" counts', () => {
    const texts = misspelt([...listed('no', 'it'), ...listed('cannotCome', 'it'), ...listed('doubt', 'it')]).chain(
      (word) => noisy(word),
    );
    fc.assert(
      fc.property(texts, oneOpen, (text, questions) => {
        expect(actsAsYes(understand(text, { ...plain, questions, language: 'it' }), questions)).toBe(false);
      }),
      RUNS,
    );
  });

  it('never turns a doubt into a yes, though it is misspelt and a yes stands beside it', () => {
    const texts = fc.tuple(maybe(yeses), misspelt(doubts), maybe(thanks)).filter(([, doubt]) => !isNothing(doubt));
    const asked = texts.chain((parts) => noisy(...parts));
    fc.assert(
      fc.property(asked, someQuestions, (text, questions) => {
        expect(actsAsYes(read(text, questions), questions)).toBe(false);
      }),
      RUNS,
    );
  });

  it('never takes an offer or a time by a yes with regret', () => {
    const texts = fc.tuple(pick(yeses), misspelt(all('regret')), maybe(thanks)).chain((parts) => noisy(...parts));
    fc.assert(
      fc.property(texts, oneOpen, (text, questions) => {
        fc.pre(questions[0]!.kind !== 'cancel');
        expect(actsAsYes(read(text, questions), questions)).toBe(false);
      }),
      RUNS,
    );
  });

  it('never cancels anything by a mere acknowledgement', () => {
    const texts = fc
      .tuple(maybe(thanks), pick([...all('okay'), '👍', '👌', '🆗']), maybe([...all('regret'), ...thanks]))
      .chain((parts) => noisy(...parts));
    fc.assert(
      fc.property(texts, someQuestions, (text, questions) => {
        const taken = read(text, questions);
        const cancels = taken.as === 'answers' && taken.answers.some(({ answer }) => answer === 'cancel');
        expect(cancels).toBe(false);
      }),
      RUNS,
    );
  });

  it('never takes anything by a mere acknowledgement of what we have said since we asked', () => {
    const texts = fc
      .tuple(maybe(thanks), pick([...all('okay'), '👍', '👌', '🆗']), maybe(thanks))
      .chain((parts) => noisy(...parts));
    fc.assert(
      fc.property(texts, someQuestions, (text, questions) => {
        const taken = understand(text, { ...plain, questions, hasSaidMore: true });
        expect(actsAsYes(taken, questions)).toBe(false);
      }),
      RUNS,
    );
  });

  it('never leaves a visit as it is, asked whether to cancel it, for somebody who cannot come', () => {
    const texts = fc
      .tuple(maybe([...thanks, ...noes]), pick(all('cannotCome')), maybe([...thanks, ...all('regret')]))
      .chain((parts) => noisy(...parts));
    fc.assert(
      fc.property(texts, oneOpen, (text, [one]) => {
        const taken = read(text, [{ ...one!, kind: 'cancel' }]);
        expect(taken.as).toBe('unclear');
      }),
      RUNS,
    );
  });

  it('never lets a code or a yes act with a question mark, wherever it stands', () => {
    const words = fc.tuple(pick([...yeses, ...codeNames]), maybe(thanks), pick(['?', '？', '??', '❓', '🤔', '?!']));
    const texts = words
      .chain((parts) => fc.shuffledSubarray(parts, { minLength: 3 }))
      .chain((parts) => noisy(...parts));
    fc.assert(
      fc.property(texts, someQuestions, (text, questions) => {
        expect(['unclear', 'staff']).toContain(read(text, questions).as);
      }),
      RUNS,
    );
  });

  // "Hei" and "hej" are greetings, also before a code, and one slip from a no that would contradict the code.
  it('never lets a code that says yes act beside a no, though it is misspelt', () => {
    const nay = misspelt(noes).filter((word) => !isNothing(word) && !/^(hei|hej|hi)\b/u.test(word.trim()));
    const offer: Question[] = [
      {
        ...({ askedAt: 0, knownSince: 0, answeredAs: null, isClarified: false } as const),
        id: asId('q'),
        kind: 'offer',
        state: 'open',
        codes: [{ code: 'K7', answer: 'take' }],
      },
    ];
    const texts = nay
      .chain((word) => fc.shuffledSubarray([word, 'K7'], { minLength: 2 }))
      .chain((parts) => noisy(...parts));
    fc.assert(
      fc.property(texts, (text) => {
        expect(read(text, offer).as).not.toBe('answers');
      }),
      RUNS,
    );
  });

  it('hides neither a yes nor a no to the one open question', () => {
    const texts = (words: string[]) =>
      fc.tuple(maybe(thanks), pick(words), maybe(thanks)).chain((parts) => noisy(...parts));
    // "Si" counts in Italian only, and "hei käy" is one slip from "ei käy".
    const plainYes = all('yes').filter((word) => word !== 'si' && !word.startsWith('käy'));
    const expected = { confirm: 'answers', attend: 'courtesy', offer: 'answers', proposal: 'which', cancel: 'answers' };
    const refused = {
      confirm: 'answers',
      attend: 'confirmCancel',
      offer: 'declined',
      proposal: 'declined',
      cancel: 'declined',
    };
    fc.assert(
      fc.property(texts(plainYes), texts(all('okay')), texts(all('no')), oneOpen, (yes, okay, no, [one]) => {
        const asked = [{ ...one!, isClarified: false }];
        expect(read(yes, asked).as).toBe(expected[one!.kind]);
        expect(read(okay, asked).as).toBe(one!.kind === 'cancel' ? 'unclear' : expected[one!.kind]);
        expect(read(no, asked).as).toBe(refused[one!.kind]);
      }),
      RUNS,
    );
  });

  it('hides no code', () => {
    const spaced = fc
      .tuple(pick(codeNames), fc.constantFrom('', ' ', '-', ' - ', '.', '\u200b'))
      .map(([code, space]) => [code, `${code[0]}${space}${code.slice(1)}`] as const);
    const texts = fc.tuple(spaced, spaced).chain(([one, other]) => {
      const named = [...new Set([one[0], other[0]])];
      return noisy(one[1], other[1]).map((text) => ({ text, named }));
    });
    fc.assert(
      fc.property(texts, ({ text, named }) => {
        expect(codesIn(cleanText(text))).toEqual(named);
      }),
      RUNS,
    );
  });
});

describe('whatever is said', () => {
  const anyWords = fc.array(pick([...yeses, ...noes, ...doubts, ...thanks, ...codeNames, 'and', 'later', '7', 'KK7']), {
    maxLength: 4,
  });
  const texts = fc.oneof(
    anyWords.chain((parts) => noisy(...parts)),
    fc.string({ unit: 'grapheme' }),
  );

  it('acts only on what the text names, or on the one question that is open', () => {
    fc.assert(
      fc.property(texts, someQuestions, (text, questions) => {
        const taken = read(text, questions);
        const open = questions.filter(({ state }) => state === 'open');
        const named = codesIn(cleanText(text));
        for (const { questionId, answer } of actingOf(taken, questions)) {
          const asked = questions.find(({ id }) => id === questionId)!;
          const isNamed = asked.codes.some((one) => one.answer === answer && named.includes(one.code));
          expect(isNamed || (named.length === 0 && open.length === 1 && open[0] === asked)).toBe(true);
        }
        if (taken.as !== 'answers') return;
        expect(new Set(taken.answers.map(({ questionId }) => questionId)).size).toBe(taken.answers.length);
      }),
      RUNS,
    );
  });

  it('is understood the same each time, with a reason, and asks only about questions that there are', () => {
    fc.assert(
      fc.property(texts, someQuestions, (text, questions) => {
        const taken = read(text, questions);
        expect(read(text, questions)).toEqual(taken);
        expect(taken.why).not.toBe('');
        const ids = 'questionIds' in taken ? taken.questionIds : [];
        expect(ids.every((id) => questions.some((one) => one.id === id))).toBe(true);
        expect('questionIds' in taken && ids.length === 0).toBe(false);
      }),
      RUNS,
    );
  });

  it('is a wish to hear no more where it is a stop word alone', () => {
    const stop = pick([
      'stop',
      'stopall',
      'unsubscribe',
      'cancel',
      'end',
      'quit',
      'lopeta',
      'stopp',
      'abmelden',
      'basta',
    ]);
    fc.assert(
      fc.property(
        stop.chain((word) => noisy(word)),
        someQuestions,
        fc.boolean(),
        (text, questions, hasOptedOut) => {
          expect(understand(text, { carrierSays: null, hasOptedOut, questions }).as).toBe('optOut');
        },
      ),
    );
  });
});

function isNothing(text: string): boolean {
  return !/[\p{L}\p{N}?]/u.test(cleanText(text));
}
