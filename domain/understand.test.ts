import { describe, expect, it } from 'vitest';
import { type QuestionId, asId } from './ids.ts';
import { ELAPSED_DAY } from './interval.ts';
import { type Question, answersOf, questionKinds } from './question.ts';
import { courseOf, questionsMeant, understand } from './understand.ts';

type Fields = Partial<Omit<Question, 'id' | 'codes'>> & { codes: string };

/** Codes in the order in which the kind prints its answers. */
function question(name: string, { codes, ...fields }: Fields): Question {
  const kind = fields.kind ?? 'confirm';
  const printed = codes.split(' ').map((code, index) => ({ code, answer: answersOf[kind][index]! }));
  const base = { askedAt: 0, knownSince: 0, state: 'open', answeredAs: null, isClarified: false } as const;
  return { ...base, ...fields, kind, id: asId<QuestionId>(name), codes: printed };
}

const confirm = question('confirm', { kind: 'confirm', codes: 'K7 P3' });
const attend = question('attend', { kind: 'attend', codes: 'M4' });
const offer = question('offer', { kind: 'offer', codes: 'R8' });
const proposal = question('proposal', { kind: 'proposal', codes: 'T2 V5 W6' });
const cancel = question('cancel', { kind: 'cancel', codes: 'X9' });
const every = [confirm, attend, offer, proposal, cancel];
const closed = { ...offer, state: 'taken' } as const;

const plain = { carrierSays: null, hasOptedOut: false };

/** The understanding in short, without its reason: "answers confirm:giveUp". */
function understood(text: string, questions: Question[], more: Partial<Parameters<typeof understand>[1]> = {}): string {
  const taken = understand(text, { ...plain, questions, ...more });
  expect(taken.why).not.toBe('');
  if (taken.as === 'answers') {
    return `answers ${taken.answers.map(({ questionId, answer }) => `${questionId}:${answer}`).join(' ')}`;
  }
  if ('questionIds' in taken) return `${taken.as} ${taken.questionIds.join(' ')}`;
  return 'questionId' in taken ? `${taken.as} ${taken.questionId}` : taken.as;
}

describe('stop, start and help words', () => {
  it.each(['STOP', 'stop!', '“Lopeta”', 'Stopp 🙏', 'cancel', 'BASTA'])('"%s" alone comes first', (text) => {
    expect(understood(text, [confirm])).toBe('optOut');
  });

  it('follows the carrier, which has already acted', () => {
    expect(understood('K7', [confirm], { carrierSays: 'optOut' })).toBe('optOut');
    expect(understood('INFO', [confirm])).toBe('help');
  });

  it('lifts an opt-out by a start word; of a phone that has not opted out it is a yes', () => {
    expect(understood('YES', [confirm], { hasOptedOut: true })).toBe('optIn');
    expect(understood('YES', [confirm])).toBe('answers confirm:confirm');
    expect(understood('yes.', [confirm], { carrierSays: 'optIn' })).toBe('answers confirm:confirm');
    expect(understood('START', [offer])).toBe('answers offer:take');
    expect(understood('START', [cancel])).toBe('unclear cancel');
    expect(understood('YES', [cancel])).toBe('answers cancel:cancel');
    expect(understood('YES', [confirm, offer])).toBe('which confirm offer');
    expect(understood('start', [])).toBe('staff');
  });

  it('is nothing of the kind where more is said', () => {
    expect(understood('please stop', [confirm])).toBe('staff');
    expect(understood('stop K7', [confirm])).toBe('unclear confirm');
  });
});

describe('codes', () => {
  it.each([
    ['K7', 'confirm:confirm'],
    ['p3', 'confirm:giveUp'],
    ['M4', 'attend:cannotCome'],
    ['r 8', 'offer:take'],
    ['V5', 'proposal:time2'],
    ['X9', 'cancel:cancel'],
    ['K7 M4', 'confirm:confirm attend:cannotCome'],
    ['K7, R8 and W6', 'confirm:confirm offer:take proposal:time3'],
    ['K7 k7', 'confirm:confirm'],
    ['Yes K7 please', 'confirm:confirm'],
    ['Hei! K7 kiitos, terveisin', 'confirm:confirm'],
    ['Hej, ja tack: R8. Mvh', 'offer:take'],
    ['Guten Tag, ja gerne T2, vielen Dank 😊', 'proposal:time1'],
    ['Buongiorno, sì, K7. Grazie mille!', 'confirm:confirm'],
    ['👍 K7', 'confirm:confirm'],
    ['No, P3', 'confirm:giveUp'],
    ['Sorry, M4', 'attend:cannotCome'],
    ['Ei, valitettavasti M4', 'attend:cannotCome'],
    ['yes X9', 'cancel:cancel'],
    ['Sorry, X9', 'cancel:cancel'],
  ])('"%s" answers what it names, whatever else is open', (text, answers) => {
    expect(understood(text, every)).toBe(`answers ${answers}`);
  });

  it('are found though their question is closed: its state decides what is said', () => {
    expect(understood('R8', [closed])).toBe('answers offer:take');
    expect(understood('R8', [closed, confirm])).toBe('answers offer:take');
  });

  it.each([
    ['K7 but can I come later?', 'confirm'],
    ['K7?', 'confirm'],
    ['K7 maybe', 'confirm'],
    ['K7 🤔', 'confirm'],
    ['K7 Virtanen', 'confirm'],
    ['K7 P3', 'confirm'],
    ['K7/P3', 'confirm'],
    ['T2 V5', 'proposal'],
    ['T2 or M4', 'attend proposal'],
    ['yes P3', 'confirm'],
    ['ok M4', 'attend'],
    ['no K7', 'confirm'],
    ['❌ R8', 'offer'],
    ['no X9', 'cancel'],
    ['yes no K7', 'confirm'],
    ['unfortunately K7', 'confirm'],
    ['not K7', 'confirm'],
    ['K7 inte', 'confirm'],
  ])('"%s" acts on nothing and is asked back about what it names', (text, ids) => {
    expect(understood(text, every)).toBe(`unclear ${ids}`);
  });

  it('ask back about all that is open where one was never given to this phone', () => {
    expect(understood('C4', [confirm, offer])).toBe('unclear confirm offer');
    expect(understood('K7 C4', [confirm, offer])).toBe('unclear confirm offer');
    expect(understood('KK7', [confirm])).toBe('unclear confirm');
    expect(understood('7', [confirm])).toBe('unclear confirm');
    expect(understood('C4', [closed])).toBe('staff');
    expect(understood('R8 C4', [closed])).toBe('unclear offer');
  });
});

const yeses = {
  en: ['yes', 'Yep!', 'yeah', 'Yes please', 'Sure.', "I'll take it", '✅', 'Ok yes'],
  fi: ['kyllä', 'KYLLA', 'joo', 'juu', 'Joo kiitos!', 'sopii', 'Käy', 'Hei, kyllä kiitos. Terveisin'],
  sv: ['ja', 'Ja tack', 'japp', 'självklart', 'Jag kommer', 'Hej! Ja, gärna. Mvh'],
  de: ['Ja', 'jawohl', 'Ja, bitte', 'passt', 'na klar', 'Gern! LG', 'natuerlich'],
  it: ['sì', 'SÌ', 'Sì grazie', 'confermo', 'si', 'Si, grazie mille'],
};
const acknowledgements = {
  en: ['OK', 'okay, thanks', 'Perfect.', '👍', '👌🏻'],
  fi: ['okei', 'Selvä, kiitos'],
  sv: ['okej', 'Okej, tack'],
  de: ['in Ordnung', 'alles klar'],
  it: ['va bene', "d'accordo", 'D’accordo'],
};
const noes = {
  en: ['no', 'No thanks', 'nope', 'Sorry, no', '👎', '❌', '🚫'],
  fi: ['ei', 'en', 'Ei kiitos', 'no'],
  sv: ['nej', 'nä', 'Nej tack', 'Hej, nej tyvärr'],
  de: ['nein', 'nee', 'ne', 'Nein danke', 'Nein, leider. LG'],
  it: ['no', 'No grazie', 'Purtroppo no'],
};
const cannotCome = {
  en: ["I can't come", "Sorry, can't make it", 'No, I cannot come'],
  fi: ['en pääse', 'EN PAASE', 'Valitettavasti en pääse', 'ei käy'],
  sv: ['jag kan inte', 'tyvärr inte', 'Nej, jag kommer inte'],
  de: ['leider nicht', 'geht nicht', 'kann nicht kommen'],
  it: ['non posso', 'non va bene', 'No, non vengo'],
};
const rows = (lists: typeof yeses) =>
  (Object.keys(lists) as (keyof typeof yeses)[]).flatMap((language) =>
    lists[language].map((text) => [language, text] as const),
  );

describe('yes and no to the one open question', () => {
  it.each([...rows(yeses), ...rows(acknowledgements)])('%s: "%s" is a yes', (language, text) => {
    expect(understood(text, [confirm, closed], { language })).toBe('answers confirm:confirm');
    expect(understood(text, [offer], { language })).toBe('answers offer:take');
    expect(understood(text, [attend], { language })).toBe('courtesy');
    expect(understood(text, [proposal], { language })).toBe('which proposal');
    const single = { ...proposal, codes: proposal.codes.slice(0, 1) };
    expect(understood(text, [single], { language })).toBe('answers proposal:time1');
  });

  it.each(rows(yeses))('%s: "%s" cancels what we have asked whether to cancel', (language, text) => {
    expect(understood(text, [cancel], { language })).toBe('answers cancel:cancel');
  });

  it.each(rows(acknowledgements))(
    '%s: "%s" never cancels: it may say no more than that we were read',
    (language, text) => {
      expect(understood(text, [cancel], { language })).toBe('unclear cancel');
    },
  );

  it.each([...rows(noes), ...rows(cannotCome)])(
    '%s: "%s" is a no, which never cancels a booked visit',
    (language, text) => {
      expect(understood(text, [confirm, closed], { language })).toBe('answers confirm:giveUp');
      expect(understood(text, [attend], { language })).toBe('confirmCancel attend');
      for (const one of [offer, proposal]) expect(understood(text, [one], { language })).toBe(`declined ${one.id}`);
    },
  );

  it.each(rows(noes))('%s: "%s" leaves a visit as it is that we would have cancelled', (language, text) => {
    expect(understood(text, [cancel], { language })).toBe('declined cancel');
  });

  it.each(rows(cannotCome))('%s: "%s" may ask us to cancel, or not', (language, text) => {
    expect(understood(text, [cancel], { language })).toBe('unclear cancel');
  });

  it.each([
    'yes but later',
    'yes?',
    'joo ehkä',
    'ja eller nej',
    'yes no',
    'no, yes',
    'nej jo',
    'na ja',
    'ei joo',
    'jein',
    'ehkä',
    'kanske',
    'vielleicht',
    'forse',
    'maybe',
    '?',
    '🤷',
    'no problem',
    'kein Problem, ja',
    'unfortunately yes',
    'sorry',
    'not ok',
    'si',
    'jo',
    'hei käy',
    'yes/no',
    'When can I come?',
  ])('"%s" is neither: nothing changes and we ask back', (text) => {
    expect(understood(text, [confirm])).toBe('unclear confirm');
  });

  it.each(['I have a new address', 'yess', 'inte', 'Minulla on flunssa', '', '  ', '😀', '...'])(
    '"%s" is for staff',
    (text) => {
      expect(understood(text, [confirm])).toBe('staff');
    },
  );

  it('takes regret as part of cancelling, and of nothing else', () => {
    expect(understood('Yes, sorry', [cancel])).toBe('answers cancel:cancel');
    expect(understood('Yes, sorry', [offer])).toBe('unclear offer');
  });

  it('leaves thanks alone', () => {
    for (const text of ['Thanks!', 'Kiitos 🙏', 'Vi ses', 'Vielen Dank, LG', 'Grazie mille, a presto']) {
      expect(understood(text, [confirm])).toBe('courtesy');
      expect(understood(text, [])).toBe('courtesy');
    }
  });
});

describe('an acknowledgement', () => {
  it.each(rows(acknowledgements))('%s: "%s" is a yes only to what we said last', (language, text) => {
    expect(understood(text, [offer], { language, hasSaidMore: true })).toBe('courtesy');
    expect(understood(text, [offer, confirm], { language, hasSaidMore: true })).toBe('courtesy');
    expect(understood(text, [offer, { ...closed, askedAt: 1 }], { language })).toBe('courtesy');
    expect(understood(text, [{ ...offer, askedAt: 1 }, confirm], { language })).toBe('which offer confirm');
  });

  it.each(rows(yeses))('%s: "%s" is more than that, and a yes whatever we have said since', (language, text) => {
    expect(understood(text, [offer], { language, hasSaidMore: true })).toBe('answers offer:take');
  });

  it('with regret or a doubt is asked back all the same', () => {
    expect(understood('ok sorry', [offer], { hasSaidMore: true })).toBe('unclear offer');
    expect(understood('ok?', [offer], { hasSaidMore: true })).toBe('unclear offer');
  });
});

describe('several open questions', () => {
  it('asks once which is meant', () => {
    expect(understood('yes', [confirm, offer, closed])).toBe('which confirm offer');
    expect(understood('nej', [confirm, attend])).toBe('which confirm attend');
    const [askedBack, another] = [confirm, offer].map((one) => ({ ...one, isClarified: true }));
    expect(understood('yes', [askedBack!, another!])).toBe('staff');
    expect(understood('yes', [askedBack!, offer])).toBe('which confirm offer');
    expect(understood('yes', [{ ...proposal, isClarified: true }])).toBe('staff');
  });

  it('need not know which reminder an "ok" belongs to', () => {
    expect(understood('ok', [attend, { ...attend, id: asId<QuestionId>('other') }])).toBe('courtesy');
    expect(understood('ok', [attend, offer])).toBe('which attend offer');
  });

  it('asks back what is doubtful, and gives free text to staff', () => {
    expect(understood('yes but later', [confirm, offer])).toBe('unclear confirm offer');
    expect(understood('I have moved to Turku', [confirm, offer])).toBe('staff');
  });
});

describe('one open question, and a later one that has ended', () => {
  const lapsed = { ...offer, state: 'over', askedAt: 1 } as const;
  const told = { hasSaidMore: 'theEnd' } as const;

  it('lets a no change nothing: it may be meant for what has ended', () => {
    for (const more of [{}, told, { hasSaidMore: true }]) {
      expect(understood('no thanks', [confirm, lapsed], more)).toBe('which confirm');
      expect(understood("I can't come", [{ ...offer, id: asId<QuestionId>('other') }, lapsed], more)).toBe(
        'which other',
      );
    }
    expect(understood('no', [{ ...confirm, isClarified: true }, lapsed])).toBe('staff');
  });

  it('tells who says yes to the last that we said that it is over, and asks back once we have told them', () => {
    expect(understood('yes', [confirm, lapsed])).toBe('answers offer:take');
    expect(understood('yes', [confirm, lapsed], told)).toBe('which confirm');
    expect(understood('yes', [confirm, lapsed], { hasSaidMore: true })).toBe('which confirm');
  });

  it('acts where that was answered, was asked before, or was a visit that has been', () => {
    expect(understood('no', [confirm, { ...lapsed, askedAt: -1 }])).toBe('answers confirm:giveUp');
    expect(understood('no', [confirm, { ...lapsed, answeredAs: 'decline' }])).toBe('answers confirm:giveUp');
    expect(understood('no', [confirm, { ...attend, state: 'over', askedAt: 1 }])).toBe('answers confirm:giveUp');
    expect(understood('no', [attend, lapsed])).toBe('confirmCancel attend');
    expect(understood('K7', [confirm, lapsed])).toBe('answers confirm:confirm');
  });
});

it('a yes or a no after words of staff is for staff, whatever else is open', () => {
  const byStaff = { hasSaidMore: 'byStaff' } as const;
  for (const text of ['No', 'yes please', "I can't come"]) {
    for (const open of [[confirm], [attend], [offer], [cancel], [confirm, offer]]) {
      expect(understood(text, open, byStaff)).toBe('staff');
    }
  }
  expect(understood('ok', [confirm], byStaff)).toBe('courtesy');
  expect(understood('K7', [confirm], byStaff)).toBe('answers confirm:confirm');
});

describe('no open question', () => {
  it.each(['OK', 'maybe?', 'yes no', 'yes, sorry', 'When is my visit?'])('"%s" is for staff', (text) => {
    expect(understood(text, [closed])).toBe('staff');
  });

  it('takes a plain yes or no for a late answer to the last that we said, where nobody has given one', () => {
    expect(understood('yes please', [closed])).toBe('answers offer:take');
    expect(understood('yes please', [closed, { ...attend, askedAt: -1 }])).toBe('answers offer:take');
    expect(understood('ok', [closed, { ...attend, askedAt: -1 }])).toBe('courtesy');
    expect(understood('no', [closed])).toBe('answers offer:decline');
    expect(understood('Kyllä', [{ ...confirm, state: 'over' }])).toBe('answers confirm:confirm');
    expect(understood('en pääse', [{ ...confirm, state: 'superseded' }])).toBe('answers confirm:giveUp');
    expect(understood('no', [{ ...attend, state: 'over' }])).toBe('answers attend:cannotCome');
    expect(understood('ja', [{ ...proposal, state: 'over' }])).toBe('answers proposal:time1');
    expect(understood('sì', [{ ...cancel, state: 'over' }])).toBe('answers cancel:cancel');
  });

  it('takes a yes for one also after the word of the end, and has nothing to add for who says no', () => {
    const told = { hasSaidMore: 'theEnd' } as const;
    expect(understood('yes please', [closed], told)).toBe('answers offer:take');
    expect(understood('Kyllä', [{ ...confirm, state: 'over' }], told)).toBe('answers confirm:confirm');
    for (const body of ['no thanks', 'Ei', 'ok', 'ok, thanks']) {
      expect(understood(body, [closed], told)).toBe('courtesy');
    }
    expect(understood('no, why?', [closed], told)).toBe('staff');
    expect(understood('ok', [offer], told)).toBe('courtesy');
    expect(understood('yes', [offer], told)).toBe('answers offer:take');
  });

  it('leaves to staff what may be about something else, or is answered', () => {
    expect(understood('yes', [])).toBe('staff');
    expect(understood('yes', [closed], { hasSaidMore: true })).toBe('staff');
    expect(understood('yes', [closed, { ...confirm, state: 'over' }])).toBe('staff');
    expect(understood('yes', [{ ...attend, state: 'over' }])).toBe('staff');
    expect(understood('no', [{ ...closed, state: 'over', answeredAs: 'decline' }])).toBe('staff');
    for (const state of ['answered', 'unheard'] as const)
      expect(understood('yes', [{ ...offer, state }])).toBe('staff');
  });

  it('takes an "ok, thanks" as thanks, and an "ok" where we have said something else', () => {
    expect(understood('Okej, tack så mycket!', [closed])).toBe('courtesy');
    expect(understood('OK', [closed], { hasSaidMore: true })).toBe('courtesy');
    expect(understood('👍', [])).toBe('courtesy');
  });

  it('names what a code with other words would have said', () => {
    const taken = understand('R8 please, is it free?', { ...plain, questions: [closed] });
    expect(taken).toMatchObject({ as: 'unclear', named: [{ questionId: 'offer', answer: 'take' }] });
  });
});

describe('a text that was on its way when something was first asked', () => {
  const meant = (text: string, knownSince: number | null) =>
    questionsMeant(
      text,
      every.map((one) => ({ ...one, knownSince, askedAt: 150 })),
      { receivedAt: 100, now: 200 },
    ).map(({ id }) => id);
  const all = every.map(({ id }) => id);

  it('says neither yes nor no to it, but to what was asked before, though it is asked again', () => {
    for (const knownSince of [null, 101, 200]) expect(meant('ok', knownSince)).toEqual([]);
    for (const knownSince of [99, 100]) expect(meant('ok', knownSince)).toEqual(all);
  });

  it('names it by a code all the same, which was printed before', () => {
    for (const knownSince of [null, 99, 100, 150]) expect(meant('K7', knownSince)).toEqual(all);
  });

  it('may be about a visit whose clock is ahead', () => {
    expect(meant('ok', 201)).toEqual(all);
  });
});

describe('whether to cancel, asked back', () => {
  const meant = (text: string, receivedAt: number, others: Question[] = []) =>
    questionsMeant(text, [{ ...cancel, askedAt: 100 }, ...others], { receivedAt, now: receivedAt }).map(({ id }) => id);
  const day = 100 + ELAPSED_DAY;

  it('is answered in words within a day alone', () => {
    expect(meant('yes', day)).toEqual(['cancel']);
    expect(meant('yes', day + 1)).toEqual([]);
    expect(meant('X9', day + 1)).toEqual(['cancel']);
  });

  it('is answered in words only as long as nothing else has been asked', () => {
    expect(meant('yes', 300, [{ ...attend, askedAt: 99 }])).toEqual(['cancel', 'attend']);
    expect(meant('yes', 300, [{ ...attend, askedAt: 101 }])).toEqual(['attend']);
    expect(meant('yes', 300, [{ ...attend, askedAt: 101, state: 'over' }])).toEqual(['attend']);
    expect(meant('X9', 300, [{ ...attend, askedAt: 101 }])).toEqual(['cancel', 'attend']);
  });

  it('may have been asked after a visit whose clock is ahead', () => {
    expect(meant('yes', 300, [{ ...attend, askedAt: 301 }])).toEqual(['cancel', 'attend']);
  });
});

describe('courseOf', () => {
  const answered = { ...confirm, state: 'answered', answeredAs: 'confirm' } as const;

  it('acts on an open question alone', () => {
    expect(courseOf(confirm, 'confirm')).toBe('act');
    expect(courseOf(answered, 'confirm')).toBe('repeated');
    expect(courseOf(answered, 'giveUp')).toBe('confirmOther');
    expect(courseOf({ ...answered, answeredAs: null }, 'giveUp')).toBe('confirmOther');
    for (const state of ['superseded', 'taken', 'over'] as const) {
      expect(courseOf({ ...confirm, state }, 'confirm')).toBe(state);
    }
  });
});

it('has tables for every kind of question', () => {
  expect(every.map(({ kind }) => kind).toSorted()).toEqual(questionKinds.toSorted());
});

it.each(['😀', ' ', ', ', 'e ', '& ', 'k7, ', '. ', '1', "l'", '\u200b'])(
  'reads the longest text that a webhook takes at once, also one full of %j',
  (one) => {
    // Whatever looks back or ahead over all of it from each place would take hours.
    const text = one.repeat(64_000 / one.length) + 'x';
    expect(understand(text, { ...plain, questions: every }).as).toBeDefined();
  },
);
