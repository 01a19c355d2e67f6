import { html, raw } from 'hono/html';
import type { VisitPage } from '../../../db/queries/visit-page.ts';
import type { Instant } from '../../../domain/interval.ts';
import { spacedPhone } from '../../../domain/phone.ts';
import type { Language } from '../../../domain/spoken-time.ts';
import { style } from './style.ts';
import { pageTexts } from './texts/index.ts';
import type { Notice, PageTexts } from './texts/texts.ts';

export type Html = ReturnType<typeof html>;

/** What every page of a visit is drawn from. */
export interface View {
  visit: VisitPage;
  token: string;
  language: Language;
  now: Instant;
  /** What stood against the last press: said first, and in the window's title, which is what is read aloud first. */
  notice?: Notice | undefined;
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

/** A page of a visit: the clinic above, its card, the telephone below. */
export function visitFrame(view: View, title: string, card: Html): Html {
  const { visit, language, notice } = view;
  const texts = pageTexts[language];
  const isToCome = visit.status === 'pending' || visit.status === 'booked';
  const said = notice ? `${texts.notices[notice]} ${title}` : title;
  return frame(
    language,
    `${said} · ${visit.clinic}`,
    html`<header>${visit.clinic}</header>
      ${card}
      <footer><p>${withPhone(isToCome ? texts.call : texts.callUs, visit.phone)}</p></footer>`,
  );
}

export function noticeLine({ notice, language }: View): Html | '' {
  return notice ? html`<p class="trouble" role="alert">${pageTexts[language].notices[notice]}</p>` : '';
}

/** The text with what stands in its braces filled in by something drawn. */
export function filled(text: string, name: string, drawn: Html): Html {
  const [before = '', after = ''] = text.split(`{${name}}`);
  return html`${before}${drawn}${after}`;
}

export function withPhone(text: string, phone: string): Html {
  return filled(text, 'phone', html`<a class="phone" href="tel:${phone}">${spacedPhone(phone)}</a>`);
}

/** A form that changes something. It tells which time it is about: pressed after another change, it does nothing. */
export function pressForm({ visit, token }: View, action: 'confirm' | 'move' | 'cancel', content: Html): Html {
  return html`<form method="post" action="/a/${token}/${action}" autocomplete="off">
    <input type="hidden" name="version" value="${visit.version}" />
    ${content}
  </form>`;
}

/** For every link that opens nothing, whatever the reason: it tells nothing. */
export function nothingPage(language: Language): Html {
  const { notFound, notFoundMeaning } = pageTexts[language];
  return plainPage(language, notFound, notFoundMeaning);
}

/** For an address from which too many wrong links come; it is not looked whether this one is right. */
export function busyPage(language: Language): Html {
  const { busy, busyMeaning } = pageTexts[language];
  return plainPage(language, busy, busyMeaning);
}

/** For a press that did not come from our own page. */
export function foreignPage(language: Language): Html {
  const { foreign, foreignMeaning } = pageTexts[language];
  return plainPage(language, foreign, foreignMeaning);
}

export function unavailablePage(language: Language): Html {
  const texts: PageTexts = pageTexts[language];
  const content = html`<section class="card plain"><p role="alert">${texts.notices.notSaved}</p></section>`;
  return frame(language, texts.title, content);
}

function plainPage(language: Language, title: string, meaning: string): Html {
  const content = html`<section class="card plain">
    <h1>${title}</h1>
    <p class="meaning">${meaning}</p>
  </section>`;
  return frame(language, title, content);
}
