import { describe, expect, it } from 'vitest';
import { messageKinds } from '../../domain/plan.ts';
import { shippedLanguages, spellTimes } from '../../domain/spoken-time.ts';
import { renderEmail } from './render-email.ts';
import { LINK_PLACEHOLDER, type Saying } from './saying.ts';

const now = Date.parse('2026-11-22T10:00Z');
const startsAt = Date.parse('2027-01-27T11:30Z');
const previousStartsAt = Date.parse('2027-01-25T08:00Z');
const confirmBy = Date.parse('2027-01-13T11:30Z');
const link = 'https://vuoro.example/a/AAAAAAAAAAAAAAAAAAAAAA';
const zone = 'Europe/Berlin';

function saying(kind: Saying['kind'], language: Saying['language'], name = 'Praxis am Markt'): Saying {
  const clinic = { name, address: 'Marktplatz 12, Köln', phone: '+493023125100', timeZone: zone };
  const moved = kind === 'moved' ? previousStartsAt : null;
  return { kind, language, clinic, startsAt: [startsAt], previousStartsAt: moved, confirmBy, codes: [], now };
}

const all = shippedLanguages.flatMap((language) => messageKinds.map((kind) => [language, kind] as const));

describe('renderEmail', () => {
  it.each(all)('says in %s what a %s must say, in both forms', (language, kind) => {
    const { text, html } = renderEmail(saying(kind, language), [link]);
    for (const form of [text, html]) {
      expect(form).toContain('Praxis am Markt');
      expect(form).toContain(spellTimes([startsAt], zone, language));
      expect(form).toContain(link);
      expect(form).toContain('+49 30 23125100');
      expect(form.includes('Marktplatz 12')).toBe(kind !== 'cancelled' && kind !== 'expired');
      expect(form.includes(spellTimes([confirmBy], zone, language))).toBe(kind === 'ask' || kind === 'nudge');
      expect(form.includes(spellTimes([previousStartsAt], zone, language))).toBe(kind === 'moved');
    }
  });

  it.each(all)('has a subject in %s for a %s that names the clinic and gives nothing away', (language, kind) => {
    const { subject } = renderEmail(saying(kind, language), [link]);
    expect(subject).toContain('Praxis am Markt');
    expect(subject).not.toMatch(/\d|Köln/);
    expect(subject.length).toBeLessThanOrEqual(70);
  });

  it.each(shippedLanguages)('tells the kinds apart in %s', (language) => {
    const subjects = messageKinds.map((kind) => renderEmail(saying(kind, language), [link]).subject);
    expect(new Set(subjects).size).toBe(messageKinds.length);
  });

  it.each(all)('loads nothing from anywhere and runs nothing: %s %s', (language, kind) => {
    const { html } = renderEmail(saying(kind, language), [link]);
    expect(html).not.toMatch(/<(img|link|script|iframe|object|form)\b|@import|url\(|\son\w+=/i);
    expect([...html.matchAll(/https?:\/\/[^"]+/g)].map(([address]) => address)).toEqual([link]);
  });

  it('keeps the link out of the body that is stored', () => {
    const { text, body } = renderEmail(saying('booked', 'en'), [link]);
    expect(body).toBe(text.replace(link, LINK_PLACEHOLDER));
    expect(body).not.toContain('AAAA');
  });

  it('names every visit of the day, each with its own link', () => {
    const later = startsAt + 2 * 3_600_000;
    const both = { ...saying('reminder', 'en'), startsAt: [startsAt, later] };
    const { text, html } = renderEmail(both, [link, `${link}2`]);
    expect(text).toContain('at 12:30 and 14:30');
    expect(text).toMatch(new RegExp(`12:30: ${link}\n.*14:30: ${link}2\n`));
    expect([...html.matchAll(/href="([^"]+)"/g)].map(([, address]) => address)).toEqual([link, `${link}2`]);
  });

  it('reads a name neither as HTML nor as a template, nor as a second header', () => {
    const { subject, text, html } = renderEmail(saying('booked', 'en', '<b>"A"\r\n& {{ lead }}</b>'), [link]);
    expect(subject).toBe('Your appointment at <b>"A" & {{ lead }}</b>');
    expect(text).toContain('<b>"A" & {{ lead }}</b>');
    expect(html).not.toContain('<b>');
    expect(html).toContain('&lt;b&gt;&#34;A&#34; &amp; {{ lead }}&lt;/b&gt;');
  });
});
