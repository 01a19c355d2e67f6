import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ELAPSED_DAY } from '../../domain/interval.ts';
import { messageKinds } from '../../domain/plan.ts';
import { smsSize } from '../../domain/sms-text.ts';
import { wordAlone } from '../../domain/inbound-words.ts';
import { sayTimes, shippedLanguages } from '../../domain/spoken-time.ts';
import { renderSms } from './render-sms.ts';
import { LINK_PLACEHOLDER, type Saying } from './saying.ts';

const now = Date.parse('2026-11-22T10:00Z');
const startsAt = Date.parse('2027-01-27T11:30Z');
const confirmBy = Date.parse('2027-01-13T11:30Z');
const link = 'https://vuoro.example/a/AAAAAAAAAAAAAAAAAAAAAA';

function saying(kind: Saying['kind'], language: Saying['language'], name = 'Praxis am Markt'): Saying {
  const address = 'Marktplatz 12, Köln';
  const clinic = { name, address, phone: '+4915110000001', timeZone: 'Europe/Berlin' };
  return { kind, language, clinic, startsAt: [startsAt], previousStartsAt: null, confirmBy, codes: [], now };
}

/** Every letter and mark of GSM-7 that takes one place. */
const gsm =
  '@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

function gsmNames({ maxLength }: { maxLength: number }): fc.Arbitrary<string> {
  return fc
    .string({ unit: fc.constantFrom(...gsm.split('')), minLength: 1, maxLength })
    .filter((name) => name === name.trim());
}

const all = shippedLanguages.flatMap((language) => messageKinds.map((kind) => [language, kind] as const));

/** What is asked of a phone that can answer. */
const codes = {
  ask: [
    { code: 'K7', answer: 'confirm' },
    { code: 'M44', answer: 'giveUp' },
  ],
  nudge: [
    { code: 'K7', answer: 'confirm' },
    { code: 'M44', answer: 'giveUp' },
  ],
  reminder: [{ code: 'K7', answer: 'cannotCome' }],
} as const;
const asking = ['ask', 'nudge', 'reminder'] as const;
const coded = shippedLanguages.flatMap((language) => asking.map((kind) => [language, kind] as const));

function asked(kind: (typeof asking)[number], language: Saying['language'], name?: string): Saying {
  return { ...saying(kind, language, name), codes: [codes[kind]] };
}

function shoutedIn(text: string): string[] {
  return text.split(/[^\p{L}]+/u).filter((word) => word === word.toUpperCase() && wordAlone(word) !== null);
}

describe('renderSms', () => {
  it.each(all)('says in %s what a %s must say', (language, kind) => {
    const { text } = renderSms(saying(kind, language), [link]);
    expect(text).toMatch(/^Praxis am Markt: /);
    expect(text).toContain(sayTimes([startsAt], 'Europe/Berlin', language, now));
    expect(text).toContain(link);
    expect(text.includes('Marktplatz 12')).toBe(kind !== 'cancelled' && kind !== 'expired' && kind !== 'nudge');
    expect(text.includes(sayTimes([confirmBy], 'Europe/Berlin', language, now))).toBe(
      kind === 'ask' || kind === 'nudge',
    );
  });

  it.each(all)(
    'fits %s %s into GSM-7 and two segments, with a long name and typography from a word processor',
    (language, kind) => {
      const long = 'Zahnärztliche Gemeinschaftspraxis \u201eÄrztehaus\u00a0Süd\u201c \u2013 Öffnungszeiten';
      const { text, segments } = renderSms(saying(kind, language, long), [link]);
      expect(smsSize(text).encoding).toBe('GSM-7');
      expect(segments).toBeLessThanOrEqual(2);
    },
  );

  // German says please at greater length: two segments are worth it.
  const frugal = all.filter(([language, kind]) => language !== 'de' || (kind !== 'ask' && kind !== 'nudge'));

  it.each(frugal)(
    'needs one segment for %s %s at a clinic with a name of usual length, on any day',
    (language, kind) => {
      const days = fc.integer({ min: 0, max: 290 }).map((day) => now + day * ELAPSED_DAY);
      fc.assert(
        fc.property(gsmNames({ maxLength: 20 }), days, days, (name, start, due) => {
          const { text, segments } = renderSms({ ...saying(kind, language, name), startsAt: [start], confirmBy: due }, [
            link,
          ]);
          expect([text, segments]).toEqual([text, 1]);
        }),
        { numRuns: 15 },
      );
    },
  );

  it.each([
    ['en', 25],
    ['fi', 25],
    ['sv', 25],
    ['it', 22],
  ] as const)('asks in one segment in %s even where the name has %d characters', (language, length) => {
    expect(renderSms(saying('ask', language, 'Zahnarztpraxis am Rathaus'.slice(0, length)), [link]).segments).toBe(1);
  });

  it.each(all)('never leaves GSM-7 in %s %s for names that are written in it', (language, kind) => {
    fc.assert(
      fc.property(gsmNames({ maxLength: 40 }), gsmNames({ maxLength: 60 }), (name, address) => {
        const said = saying(kind, language, name);
        const { text } = renderSms({ ...said, clinic: { ...said.clinic, address } }, [link]);
        expect([text, smsSize(text).encoding]).toEqual([text, 'GSM-7']);
      }),
      { numRuns: 15 },
    );
  });

  it.each(all)('prints no word in %s %s that a carrier would take for itself', (language, kind) => {
    expect(shoutedIn(renderSms(saying(kind, language), [link]).text)).toEqual([]);
  });

  it.each(coded)('prints in %s %s what to reply with, beside what it says without', (language, kind) => {
    const { text } = renderSms(asked(kind, language), [link]);
    expect(text).toMatch(/^Praxis am Markt: /);
    for (const { code } of codes[kind]) expect(text.match(new RegExp(`\\b${code}\\b`, 'g'))).toHaveLength(1);
    expect(text).toContain(sayTimes([startsAt], 'Europe/Berlin', language, now));
    expect(text).toContain(link);
    expect(text.includes(sayTimes([confirmBy], 'Europe/Berlin', language, now))).toBe(kind !== 'reminder');
    expect(text.includes('Marktplatz 12')).toBe(kind !== 'nudge');
  });

  it.each(coded)('never needs more than two segments of GSM-7 for %s %s', (language, kind) => {
    fc.assert(
      fc.property(gsmNames({ maxLength: 40 }), gsmNames({ maxLength: 50 }), (name, address) => {
        const said = asked(kind, language, name);
        const { text, segments } = renderSms({ ...said, clinic: { ...said.clinic, address } }, [link]);
        expect([text, smsSize(text).encoding, segments <= 2]).toEqual([text, 'GSM-7', true]);
      }),
      { numRuns: 15 },
    );
  });

  // The longest name of a clinic in Marktplatz 12 that leaves one segment, in the months with short names.
  it.each([
    ['en', 'nudge', 17],
    ['en', 'reminder', 17],
    ['fi', 'nudge', 16],
    ['fi', 'reminder', 17],
    ['sv', 'reminder', 15],
    ['it', 'nudge', 15],
    ['it', 'reminder', 16],
  ] as const)('still says %s %s in one segment where the name has %d of them', (language, kind, length) => {
    const name = 'Zahnarztpraxis Süd'.slice(0, length);
    expect([renderSms(asked(kind, language, name), [link]).segments, name.length]).toEqual([1, length]);
  });

  it.each(shippedLanguages)('offers a move in %s before the code that cancels', (language) => {
    const { text } = renderSms(asked('reminder', language), [link]);
    expect(text.indexOf(link)).toBeLessThan(text.indexOf('K7'));
  });

  it('says of several visits which code is for which', () => {
    const later = startsAt + 2 * 3_600_000;
    const both = { ...saying('reminder', 'en'), startsAt: [startsAt, later] };
    const ofLater = [{ code: 'M4', answer: 'cannotCome' }] as const;
    const { text, segments } = renderSms({ ...both, codes: [codes.reminder, ofLater] }, [link, `${link}2`]);
    expect(text).toMatch(/ or reply K7 \(12:30\), M4 \(14:30\) to cancel$/);
    expect(segments).toBe(2);
  });

  it.each(coded)('prints no word in %s %s that a carrier would take, beside its codes', (language, kind) => {
    expect(shoutedIn(renderSms(asked(kind, language), [link]).text)).toEqual([]);
  });

  it('keeps the link out of the body that is stored', () => {
    const { text, body } = renderSms(saying('booked', 'en'), [link]);
    expect(body).toBe(text.replace(link, LINK_PLACEHOLDER));
    expect(body).not.toContain('AAAA');
  });

  it('names every visit of the day, each with its own link', () => {
    const later = startsAt + 2 * 3_600_000;
    const { text, body } = renderSms({ ...saying('reminder', 'en'), startsAt: [startsAt, later] }, [link, `${link}2`]);
    expect(text).toContain('at 12:30 and 14:30');
    expect(text).toContain(`${link} ${link}2`);
    expect(body).toContain('{link} {link}');
  });

  it('does not read a name as a template', () => {
    expect(renderSms(saying('booked', 'en', '{{ phone }} $& {% raw %}'), [link]).text).toContain(
      '{{ phone }} $& {% raw %}:',
    );
  });
});
