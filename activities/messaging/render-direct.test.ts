import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ListedQuestion, Reply } from '../../domain/direct-message.ts';
import { type QuestionId, asId } from '../../domain/ids.ts';
import { wordAlone } from '../../domain/inbound-words.ts';
import type { QuestionAnswer, QuestionKind } from '../../domain/question.ts';
import { smsSize } from '../../domain/sms-text.ts';
import { type Language, sayTimes, shippedLanguages } from '../../domain/spoken-time.ts';
import { type DirectWord, renderDirectSms, renderFreeTextEmail } from './render-direct.ts';
import { directTexts } from './templates/direct/index.ts';

const now = Date.parse('2026-11-22T10:00Z');
const startsAt = Date.parse('2026-12-02T11:30Z');
const own = Date.parse('2027-01-27T08:15Z');
const until = Date.parse('2026-11-22T14:00Z');
const timeZone = 'Europe/Berlin';
const clinic = { name: 'Praxis am Markt', address: 'Marktplatz 12, Köln', phone: '+4922112345', timeZone };

function ask(kind: QuestionKind, codes: [string, QuestionAnswer, number?][]): ListedQuestion {
  const printed = codes.map(([code, answer, at]) => ({ code, answer, ...(at !== undefined && { startsAt: at }) }));
  return { questionId: asId<QuestionId>('0b5f2a52-0000-4000-8000-000000000001'), kind, startsAt, codes: printed };
}

const confirm = ask('confirm', [
  ['K7', 'confirm'],
  ['M4', 'giveUp'],
]);
const attend = ask('attend', [['P3', 'cannotCome']]);
const offer = ask('offer', [['T6', 'take']]);
const cancel = ask('cancel', [['C8', 'cancel']]);
const proposal = ask('proposal', [
  ['R2', 'time1', startsAt],
  ['V5', 'time2', own],
]);

const replies: Record<Reply['variant'], { reply: Reply; has: readonly string[] }> = {
  optedOut: { reply: { variant: 'optedOut' }, has: [clinic.phone] },
  optedIn: { reply: { variant: 'optedIn' }, has: [clinic.phone] },
  help: { reply: { variant: 'help' }, has: [clinic.phone] },
  taken: { reply: { variant: 'taken' }, has: [] },
  tooLate: { reply: { variant: 'tooLate' }, has: [clinic.phone] },
  callUs: { reply: { variant: 'callUs' }, has: [clinic.phone] },
  repeated: { reply: { variant: 'repeated', startsAt }, has: ['{when}'] },
  stands: { reply: { variant: 'stands', startsAt: own }, has: [`${clinic.name}: `, '{own}'] },
  tooLateToCancel: { reply: { variant: 'tooLateToCancel', startsAt }, has: ['{when}', clinic.phone] },
  which: { reply: { variant: 'which', questions: [confirm, attend] }, has: ['{when}', 'K7', 'M4', 'P3'] },
  unclear: { reply: { variant: 'unclear', questions: [offer] }, has: ['{when}', 'T6', clinic.phone] },
  superseded: { reply: { variant: 'superseded', questions: [attend] }, has: ['{when}', 'P3'] },
  confirmCancel: { reply: { variant: 'confirmCancel', questions: [cancel] }, has: ['{when}', 'C8'] },
};

const words: readonly { name: string; word: DirectWord; has: readonly string[] }[] = [
  { name: 'offer', word: { kind: 'offer', startsAt, own: null, code: 'K7' }, has: ['{when}', '{place}', 'K7'] },
  {
    name: 'offer to move',
    word: { kind: 'offer', startsAt, own, code: 'K7' },
    has: ['{when}', '{place}', '{own}', 'K7'],
  },
  { name: 'offerGone', word: { kind: 'offerGone', startsAt, own: null }, has: ['{when}'] },
  { name: 'offerGone to who keeps a visit', word: { kind: 'offerGone', startsAt, own }, has: ['{when}', '{own}'] },
  {
    name: 'proposal',
    word: {
      kind: 'proposal',
      times: [
        { code: 'K7', startsAt },
        { code: 'M4', startsAt: startsAt + 3_600_000 },
      ],
      until,
      own,
    },
    has: ['{when}', '{place}', '{own}', '{until}', '\nK7: ', '\nM4: '],
  },
  ...Object.entries(replies).map(([variant, { reply, has }]) => ({
    name: `reply ${variant}`,
    word: { kind: 'reply', ...reply } as const,
    has,
  })),
];

const link = 'https://vuoro.satama.example/a/AbCdEfGhIjKlMnOpQrStUv';

const all = shippedLanguages.flatMap((language) => words.map((each) => [language, each.name, each] as const));

function textOf(word: DirectWord, language: Language = 'en', patch: Partial<typeof clinic> = {}) {
  return renderDirectSms({ word, language, clinic: { ...clinic, ...patch }, now });
}

describe('renderDirectSms', () => {
  it.each(all)('says in %s what this must say: %s', (language, _, { word, has }) => {
    const say = (instant: number) => sayTimes([instant], timeZone, language, now);
    const facts: Record<string, string> = {
      '{when}': say(startsAt),
      '{own}': say(own),
      '{until}': say(until),
      '{place}': clinic.address,
    };
    const { text, body, segments } = textOf(word, language);
    expect(text).toMatch(/^Praxis am Markt[:,] /);
    for (const part of has) expect(text).toContain(facts[part] ?? part);
    expect([body, smsSize(text)]).toEqual([text, { encoding: 'GSM-7', segments }]);
    expect(segments).toBeLessThanOrEqual(2);
  });

  it.each(shippedLanguages)('offers in %s another time first to who may rather move than cancel', (language) => {
    const word = { kind: 'reply', variant: 'confirmCancel', questions: [cancel] } as const;
    const { body, text, segments } = renderDirectSms({ word, language, clinic, link, now });
    expect(body).toBe(text.replace(link, '{link}'));
    expect(text).toContain(sayTimes([startsAt], timeZone, language, now));
    expect(text.indexOf(link)).toBeGreaterThan(0);
    expect(text.indexOf('C8')).toBeGreaterThan(text.indexOf(link));
    expect([smsSize(text).encoding, segments]).toEqual(['GSM-7', smsSize(text).segments]);
    expect(segments).toBeLessThanOrEqual(2);
  });

  it.each(shippedLanguages)(
    'tells in %s nothing but where, when and how to answer: no name, and no treatment',
    (language) => {
      const { replies: ofReplies, answers, ...others } = directTexts[language];
      const templates = [others, ofReplies, answers].flatMap((texts) => Object.values<string>(texts));
      const places = templates.flatMap((text) =>
        Array.from(text.matchAll(/\{\{(.*?)\}\}/gu), ([, name]) => name!.trim()),
      );
      const known = ['clinic', 'code', 'link', 'list', 'own', 'phone', 'place', 'take', 'until', 'when'];
      expect([...new Set(places)].toSorted((a, b) => a.localeCompare(b))).toEqual(known);
      const treatment =
        /\b(dent|zahn|zähn|hamma|tand|medi[ck]|doctor|arzt|ärzt|lääkär|läkar|treat|behandl|hoito|cura|tratta)/iu;
      expect(templates.filter((text) => treatment.test(text) || text.includes('{%'))).toEqual([]);
    },
  );

  it.each(all)('prints no word in %s that a carrier would take for itself: %s', (language, _, { word }) => {
    const printed = textOf(word, language).text.split(/[^\p{L}]+/u);
    expect(printed.filter((one) => one === one.toUpperCase() && wordAlone(one) !== null)).toEqual([]);
    expect(printed).not.toContain('undefined');
  });

  it.each(all)('stays in GSM-7 in %s with any name that is written in it: %s', (language, _, { word }) => {
    const unit = fc.constantFrom(...'ABCÄÖÜabcåäöüßñé019 -.,&/()'.split(''));
    fc.assert(
      fc.property(fc.string({ unit, minLength: 1, maxLength: 40 }), (name) => {
        const { text } = textOf(word, language, { name, address: `${name} „Süd“ – 3` });
        expect([text, smsSize(text).encoding]).toEqual([text, 'GSM-7']);
      }),
      { numRuns: 10 },
    );
  });

  it.each(shippedLanguages)('offers a time in one segment in %s, as most texts of a wave do', (language) => {
    expect(textOf({ kind: 'offer', startsAt, own: null, code: 'K7' }, language).segments).toBe(1);
    expect(textOf({ kind: 'offerGone', startsAt, own }, language).segments).toBe(1);
  });

  it('lists each question in a line of its own, and of a proposal each time', () => {
    const { text } = textOf({ kind: 'reply', variant: 'which', questions: [confirm, offer, proposal] });
    expect(text.split('\n').slice(1)).toEqual([
      'Wed 2 Dec at 12:30: K7 = confirm, M4 = give it up',
      'Wed 2 Dec at 12:30: T6 = take it',
      'Wed 2 Dec at 12:30: R2',
      'Wed 27 Jan at 9:15: V5',
    ]);
  });

  it('leaves the telephone where there is no code to reply with', () => {
    const { text } = textOf({ kind: 'reply', variant: 'unclear', questions: [] });
    expect(text).toBe(textOf({ kind: 'reply', variant: 'callUs' }).text);
  });

  it('sends what staff wrote as it is, without the typography that costs segments', () => {
    const body = 'Hello \u201cdear\u201d {{ clinic }} \u2013 {% raw %}\nsee you';
    const { text } = textOf({ kind: 'freeText', body });
    expect(text).toBe('Praxis am Markt: Hello "dear" {{ clinic }} - {% raw %}\nsee you');
  });
});

describe('renderFreeTextEmail', () => {
  it.each([
    ['en', 'Message from Praxis am Markt'],
    ['fi', 'Viesti: Praxis am Markt'],
    ['sv', 'Meddelande från Praxis am Markt'],
    ['de', 'Nachricht von Praxis am Markt'],
    ['it', 'Messaggio da Praxis am Markt'],
  ] as const)('carries what staff wrote, in %s under "%s"', (language, title) => {
    const { subject, text, html } = renderFreeTextEmail({ body: 'Bring <b>this</b>\nand that.', language, clinic });
    expect(subject).toBe(title);
    expect(text).toMatch(/^Bring <b>this<\/b>\nand that\.\n\nPraxis am Markt\n/);
    expect(text).toContain('+49 221 12345');
    expect(html).toContain('Bring &lt;b&gt;this&lt;/b&gt;\nand that.');
  });
});
