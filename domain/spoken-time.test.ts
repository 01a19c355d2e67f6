import { describe, expect, it } from 'vitest';
import { chooseLanguage, sayTimeOfDay, sayTimes, shippedLanguages, spellTimes } from './spoken-time.ts';

const at = (text: string) => Date.parse(text);
const now = at('2026-11-22T10:00Z');

describe('sayTimes', () => {
  it.each([
    ['en', 'Thu 31 Dec at 13:00'],
    ['fi', 'to 31.12. klo 13.00'],
    ['sv', 'tors 31 dec kl. 13.00'],
    ['de', 'Do., 31.12. um 13:00 Uhr'],
    ['it', 'gio 31 dic, ore 13:00'],
  ] as const)('speaks %s', (language, spoken) => {
    expect(sayTimes([at('2026-12-31T11:00Z')], 'Europe/Helsinki', language, now)).toBe(spoken);
  });

  it('names the day by the clinic, not by the server', () => {
    expect(sayTimes([at('2026-12-31T22:05Z')], 'Europe/Helsinki', 'fi', now)).toBe('pe 1.1. klo 0.05');
    expect(sayTimes([at('2026-12-31T22:05Z')], 'Europe/Berlin', 'de', now)).toBe('Do., 31.12. um 23:05 Uhr');
  });

  it('names the year where weekday and date might not be enough', () => {
    expect(sayTimes([at('2027-11-01T11:00Z')], 'Europe/Helsinki', 'en', now)).toBe('Mon 1 Nov 2027 at 13:00');
    expect(sayTimes([at('2027-11-01T11:00Z')], 'Europe/Helsinki', 'fi', now)).toBe('ma 1.11.2027 klo 13.00');
  });

  it('lists several times of one day in their order', () => {
    const day = ['2026-12-31T13:30Z', '2026-12-31T07:00Z', '2026-12-31T11:00Z'].map(at);
    expect(sayTimes(day.slice(0, 2), 'Europe/Helsinki', 'en', now)).toBe('Thu 31 Dec at 9:00 and 15:30');
    expect(sayTimes(day, 'Europe/Helsinki', 'fi', now)).toBe('to 31.12. klo 9.00, 13.00 ja 15.30');
  });
});

describe('spellTimes', () => {
  it.each([
    ['en', 'Thursday 31 December 2026 at 9:00 and 13:05', '9:00'],
    ['fi', 'torstai 31. joulukuuta 2026 klo 9.00 ja 13.05', '9.00'],
    ['sv', 'torsdag 31 december 2026 kl. 9.00 och 13.05', '9.00'],
    ['de', 'Donnerstag, 31. Dezember 2026 um 9:00 und 13:05 Uhr', '9:00'],
    ['it', 'giovedì 31 dicembre 2026, ore 9:00 e 13:05', '9:00'],
  ] as const)('writes %s in full', (language, spelled, time) => {
    const day = ['2026-12-31T07:00Z', '2026-12-31T11:05Z'].map(at);
    expect(spellTimes(day, 'Europe/Helsinki', language)).toBe(spelled);
    expect(sayTimeOfDay(day[0]!, 'Europe/Helsinki', language)).toBe(time);
  });

  it.each(shippedLanguages)('knows every day and month in %s', (language) => {
    for (let month = 1; month <= 12; month++) {
      for (const day of [1, 2, 3, 4, 5, 6, 7]) {
        const date = new Date(Date.UTC(2027, month - 1, day, 12));
        const format = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeZone: 'UTC' });
        const parts = format.formatToParts(date).filter(({ type }) => type === 'weekday' || type === 'month');
        const spelled = spellTimes([date.getTime()], 'UTC', language).split(/[ ,]+/);
        expect(spelled).toEqual(expect.arrayContaining(parts.map(({ value }) => value)));
      }
    }
  });
});

describe('chooseLanguage', () => {
  it('takes the first wish that we can fulfil', () => {
    expect(chooseLanguage(['de-AT', 'fi'])).toBe('de');
    expect(chooseLanguage([null, 'et', 'SV'])).toBe('sv');
    expect(chooseLanguage(['fr'])).toBe('en');
  });
});
