import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

/** A piece of a page, escaped already. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

interface Page {
  title: string;
  /** Where the page hears of changes; null for one that does not change. */
  live: string | null;
  content: Markup;
}

export function layout({ title, live, content }: Page): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/simulator.css" />
        <link rel="stylesheet" href="/assets/mailbox.css" />
        <link rel="stylesheet" href="/assets/wall.css" />
        <script type="module" src="/assets/simulator.js"></script>
      </head>
      <body ${live ? html`data-live="${live}"` : ''}>
        ${content}
      </body>
    </html>`;
}

export function brand(): Markup {
  return html`<a class="brand" href="/">
    <svg viewBox="0 0 32 32" aria-hidden="true"><use href="/assets/icon.svg#mark" /></svg>
    <span>Vuoro <b>simulator</b></span>
  </a>`;
}
