import { html } from 'hono/html';
import { type LocalDate, addDays, formatInstant, localDate, localTime } from '../../../domain/clinic-time.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { Language } from '../../../domain/spoken-time.ts';
import type { Html, View } from './frame.ts';
import { pageTexts } from './texts/index.ts';

const inFull = { weekday: 'long', day: 'numeric', month: 'long' } as const;

/** Day and time of the visit, large, at the clinic's wall clock. */
export function whenOf({ visit: { startsAt, timeZone }, language }: View): Html {
  const texts = pageTexts[language];
  const date = localDate(startsAt, timeZone);
  return html`<p class="time">
    <span class="leaf" aria-hidden="true"
      ><span>${written(date, language, { month: 'short' })}</span><b>${Number(date.slice(8))}</b></span
    >
    <span>
      <span class="hidden">${texts.when}: </span>
      <time datetime="${formatInstant(startsAt, timeZone)}">
        <span class="day">${written(date, language, { ...inFull, year: 'numeric' })}</span>
        <span class="hour">${texts.hour.replace('{time}', timeOfDay(startsAt, timeZone, language))}</span>
      </time>
    </span>
  </p>`;
}

/** "Wednesday 25 November". */
export function dayInFull(date: LocalDate, language: Language): string {
  return written(date, language, inFull);
}

/** "23–29 November 2026". */
export function weekInFull(first: LocalDate, language: Language): string {
  const form = formatter(language, { day: 'numeric', month: 'long', year: 'numeric' });
  // Italian ranges come as "01–07 febbraio".
  return form.formatRange(new Date(first), new Date(addDays(first, 6))).replace(/\b0(?=\d\b)/g, '');
}

/** "9:30", as it is written in that language. */
export function timeOfDay(instant: Instant, timeZone: string, language: Language): string {
  const [hour = '', minute = ''] = localTime(instant, timeZone).split(':');
  return `${Number(hour)}${language === 'fi' || language === 'sv' ? '.' : ':'}${minute}`;
}

function written(date: LocalDate, language: Language, form: Intl.DateTimeFormatOptions): string {
  return formatter(language, form).format(new Date(date));
}

// A calendar date has no zone: it is written out as that day in UTC.
function formatter(language: Language, form: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { ...form, timeZone: 'UTC' });
}
