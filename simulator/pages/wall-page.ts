import { html } from 'hono/html';
import { conversationKey } from '../message.ts';
import type { SimMessage } from '../message.ts';
import { formatNumber, idPart } from './format.ts';
import { icon } from './icons.ts';
import { brand, layout } from './layout.ts';
import type { Markup } from './layout.ts';
import { badge, phone, phonePath } from './phone.ts';
import type { PhoneView } from './phone.ts';
import { mostOnWall, wallPath, wallPhoneId } from './wall.ts';

interface WallPage {
  phones: readonly PhoneView[];
  /** The numbers that were asked for; none for a wall of all. */
  chosen: readonly string[];
  /** Whether phones were left out because there are so many. */
  isCut: boolean;
  live: string;
}

export const wallListId = 'wall';
export const heardId = 'heard';

export function wallPage({ phones, chosen, isCut, live }: WallPage): Markup {
  return layout({
    title: 'Phones side by side · Vuoro simulator',
    live,
    content: html`<header class="top">${brand()}<a class="back" href="/">${icon('back')}Overview</a></header>
      <main class="wall-page">
        <h1>Phones side by side</h1>
        <p class="lead">
          ${chosen.length > 0 ? html`The phones that were chosen. <a href="${wallPath([])}">Show all of them</a>` : 'A phone appears here when it is first texted.'}
          ${isCut ? html`Only the ${mostOnWall} most recently busy ones are shown; <a href="/">all are listed here</a>.` : ''}
        </p>
        ${raceForm(wallPath(chosen))}
        <div id="${heardId}" class="visually-hidden" role="status"></div>
        <ul id="${wallListId}" class="wall phones">
          ${phones.map(wallPhone)}
        </ul>
        <div class="nothing">
          ${icon('phone')}
          <p><b>No phone has been texted yet.</b> It appears here the moment it is.</p>
        </div>
      </main>`,
  });
}

/** The text comes first, so that Enter in its field sends it. */
function raceForm(backTo: string): Markup {
  return html`<form
    id="race"
    class="race card"
    method="post"
    action="/phones/replies"
    aria-labelledby="race-title"
    data-reply
  >
    <h2 id="race-title">Reply from every ticked phone at the same moment</h2>
    <input type="hidden" name="backTo" value="${backTo}" />
    <div class="race-text">
      <label class="visually-hidden" for="race-body">The same text from all</label>
      <input id="race-body" name="body" type="text" maxlength="1600" placeholder="The same text from all" required />
      <button type="submit" name="with" value="text">Send</button>
    </div>
    <button type="submit" name="with" value="code" formnovalidate>Each its first code</button>
    <button class="plain-button" type="submit" formmethod="get" formaction="/phones" formnovalidate>
      Show only these
    </button>
    <button class="plain-button" type="button" data-tick hidden>Tick all or none</button>
    <p class="problem" role="status"></p>
  </form>`;
}

/** One phone on the wall, with its number and a tick for taking part. */
export function wallPhone(view: PhoneView): Markup {
  const number = formatNumber(view.number);
  const speaksFor = view.shown ? conversationKey(view.number, view.shown.sender) : view.number;
  return html`<li id="${wallPhoneId(view.number)}" class="wall-phone">
    <div class="wall-head">
      <input
        type="checkbox"
        form="race"
        name="numbers"
        value="${speaksFor}"
        aria-label="Reply from ${number}"
        checked
        autocomplete="off"
      />
      <h2><a href="${phonePath(view.number)}">${number}</a></h2>
      ${unreadMark(view)}
    </div>
    ${phone(view)}
  </li>`;
}

export function unreadMarkId(number: string): string {
  return `unread-${idPart(number)}`;
}

export function unreadMark({ number, conversations }: PhoneView): Markup {
  const unread = conversations.reduce((sum, each) => sum + each.unread, 0);
  return html`<span id="${unreadMarkId(number)}" class="unread-mark">${unread > 0 ? badge(unread) : ''}</span>`;
}

/** Said aloud by a screen reader, which would not know from the message alone whose phone it came to. */
export function heardLine(number: string, message: SimMessage): Markup {
  return html`<p id="${heardId}-line">${formatNumber(number)}: ${message.body}</p>`;
}
