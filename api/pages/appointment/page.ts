import { html, raw } from 'hono/html';
import type { VisitPage } from '../../../db/queries/visit-page.ts';
import { formatInstant, localDate, localTime } from '../../../domain/clinic-time.ts';
import type { Instant } from '../../../domain/interval.ts';
import { spacedPhone } from '../../../domain/phone.ts';
import { type Language, sayTimes } from '../../../domain/spoken-time.ts';
import { style } from './style.ts';
import { type PageTexts, type Situation, pageTexts } from './texts.ts';

type Html = ReturnType<typeof html>;

interface PageView {
  visit: VisitPage;
  token: string;
  language: Language;
  now: Instant;
  /** The answer could not be saved: say so, above everything. */
  isInTrouble: boolean;
}

/** What the patient needs to know of the visit now. */
function situationOf({ status, startsAt, confirmBy }: VisitPage, now: Instant): Situation {
  if (status === 'cancelled' || status === 'expired') return status;
  if (status === 'pending' || status === 'held') return confirmBy !== null && now <= confirmBy ? 'waiting' : 'expired';
  return status === 'booked' && now < startsAt ? 'booked' : 'over';
}

/** One visit, told as the message told it: clinic, date, time, place and status, and one button if there is a question. */
export function visitPage(view: PageView): Html {
  const { visit, token, language, now, isInTrouble } = view;
  const texts = pageTexts[language];
  const situation = situationOf(visit, now);
  const isToCome = situation === 'waiting' || situation === 'booked';
  const content = html`<header>${visit.clinic}</header>
    <section class="card ${situation}">
      ${isInTrouble ? html`<p class="trouble" role="alert">${texts.unavailable}</p>` : ''}
      <h1>${texts.title}</h1>
      <p class="status">${texts.status[situation]}</p>
      ${whenOf(view, texts)}
      <dl>
        <dt>${texts.where}</dt>
        <dd>${visit.address}</dd>
      </dl>
      <p class="meaning">${texts.meaning[situation]}</p>
      ${situation === 'waiting' ? question(view, texts, token) : ''}
    </section>
    <footer>${phoneLine(isToCome ? texts.call : texts.callUs, visit.phone)}</footer>`;
  return frame(language, `${texts.title} · ${visit.clinic}`, content);
}

/** For every link that opens nothing, whatever the reason: it tells nothing. */
export function nothingPage(language: Language): Html {
  const texts = pageTexts[language];
  const content = html`<section class="card plain">
    <h1>${texts.notFound}</h1>
    <p class="meaning">${texts.notFoundMeaning}</p>
  </section>`;
  return frame(language, texts.notFound, content);
}

export function unavailablePage(language: Language): Html {
  const texts = pageTexts[language];
  const content = html`<section class="card plain"><p role="alert">${texts.unavailable}</p></section>`;
  return frame(language, texts.title, content);
}

function whenOf({ visit, language }: PageView, texts: PageTexts): Html {
  const { startsAt, timeZone } = visit;
  // A calendar date has no zone: it is written out as that day in UTC.
  const date = new Date(localDate(startsAt, timeZone));
  const write = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { ...options, timeZone: 'UTC' }).format(date);
  return html`<p class="time">
    <span class="leaf" aria-hidden="true"><span>${write({ month: 'short' })}</span><b>${date.getUTCDate()}</b></span>
    <span>
      <span class="hidden">${texts.when}: </span>
      <time datetime="${formatInstant(startsAt, timeZone)}">
        <span class="day">${write({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })}</span>
        <span class="hour">${texts.hour.replace('{time}', timeOfDay(startsAt, timeZone, language))}</span>
      </time>
    </span>
  </p>`;
}

function timeOfDay(startsAt: Instant, timeZone: string, language: Language): string {
  const [hour = '', minute = ''] = localTime(startsAt, timeZone).split(':');
  return `${Number(hour)}${language === 'fi' || language === 'sv' ? '.' : ':'}${minute}`;
}

function question({ visit, language, now }: PageView, texts: PageTexts, token: string): Html {
  const until = sayTimes([visit.confirmBy ?? now], visit.timeZone, language, now);
  const [before = '', after = ''] = texts.answerBy.split('{until}');
  return html`<p class="until">${before}<span>${until}${after}</span></p>
    <form method="post" action="/a/${token}/confirm"><button>${texts.confirm}</button></form>`;
}

function phoneLine(text: string, phone: string): Html {
  const [before = '', after = ''] = text.split('{phone}');
  return html`<p>${before}<a href="tel:${phone}">${spacedPhone(phone)}</a>${after}</p>`;
}

// Made by hand: the policy names the digest of exactly this text.
const styleElement = raw(`<style>${style}</style>`);

function frame(language: Language, title: string, content: Html): Html {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="format-detection" content="telephone=no, address=no, date=no" />
        <title>${title}</title>
        ${styleElement}
      </head>
      <body>
        <main>${content}</main>
      </body>
    </html>`;
}
