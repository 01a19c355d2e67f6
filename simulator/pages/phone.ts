import { html } from 'hono/html';
import { bubble } from './bubble.ts';
import { codesToAnswer } from './codes.ts';
import type { Conversation } from './conversation.ts';
import { formatNumber, formatTime, idPart, toneOf } from './format.ts';
import { icon } from './icons.ts';
import type { Markup } from './layout.ts';

/** One virtual phone: what its screen shows. Ids carry the number and the sender, so that many phones fit on one page. */
export interface PhoneView {
  number: string;
  conversations: readonly Conversation[];
  /** The conversation on the screen; null on a phone that has none. */
  shown: Conversation | null;
  isBlocked: boolean;
  now: number;
  /** Where a reply leads back to, where there is no script; null for the conversation. */
  backTo: string | null;
}

/** How many messages of a conversation are drawn; older ones stay in the store. */
const drawn = 200;

export function threadId(phone: string, sender: string): string {
  return `thread-${idPart(phone)}-${idPart(sender)}`;
}

export function phone(view: PhoneView): Markup {
  return html`<section class="phone" aria-label="Phone ${formatNumber(view.number)}">
    <div class="screen">
      <div class="status-bar" aria-hidden="true">
        <time>${formatTime(view.now)}</time><span class="island"></span><span class="battery"></span>
      </div>
      ${view.shown ? conversation(view, view.shown) : emptyScreen(view)}
    </div>
  </section>`;
}

function conversation(view: PhoneView, shown: Conversation): Markup {
  const id = threadId(view.number, shown.sender);
  const messages = shown.messages.slice(-drawn);
  return html`<header class="contact">
      <span class="avatar ${toneOf(shown.sender)}">${icon('clinic')}</span>
      <div>
        <p class="name">${formatNumber(shown.sender)}</p>
        <p>Text message</p>
      </div>
    </header>
    ${tabs(view)}
    <div
      class="scroll"
      role="log"
      aria-label="Messages with ${formatNumber(shown.sender)}"
      tabindex="0"
      data-scroll
      ${view.backTo === null ? '' : html`aria-live="off"`}
    >
      <ol id="${id}">
        ${messages.map((message, at) => bubble(message, messages[at - 1]))}
      </ol>
    </div>
    ${notice(view)} ${codeButtons(view)} ${composer(view, shown)}`;
}

export function tabsId(phone: string): string {
  return `tabs-${idPart(phone)}`;
}

/** The other conversations of this phone; hidden where there is only one. */
export function tabs({ number, conversations, shown }: PhoneView): Markup {
  // By sender, so that no tab moves away under the pointer when a message comes.
  const inFixedOrder = conversations.toSorted((a, b) => (a.sender < b.sender ? -1 : 1));
  const hidden = conversations.length < 2 ? html`hidden` : '';
  return html`<nav id="${tabsId(number)}" class="tabs" aria-label="Conversations" ${hidden}>
    ${inFixedOrder.map(
      ({ sender, unread }) =>
        html`<a href="${conversationPath(number, sender)}" ${sender === shown?.sender ? html`aria-current="page"` : ''}
          ><span class="dot ${toneOf(sender)}"></span>${formatNumber(sender)} ${unread > 0 ? badge(unread) : ''}</a
        >`,
    )}
  </nav>`;
}

export function badge(unread: number): Markup {
  return html`<span class="badge">${unread}<span class="visually-hidden"> unread</span></span>`;
}

export function noticeId(phone: string): string {
  return `notice-${idPart(phone)}`;
}

export function notice({ number, isBlocked }: PhoneView): Markup {
  return html`<p id="${noticeId(number)}" class="notice" ${isBlocked ? '' : html`hidden`}>
    ${icon('alert')} This phone wrote STOP: sends are refused with 21610 until it writes START.
  </p>`;
}

export function codesId(phone: string): string {
  return `codes-${idPart(phone)}`;
}

/** The codes in the clinic's latest text, each a reply by one press; hidden where there are none. */
export function codeButtons({ number, shown, backTo }: PhoneView): Markup {
  const found = shown ? codesToAnswer(shown) : [];
  return html`<form
    id="${codesId(number)}"
    class="codes"
    method="post"
    action="${phonePath(number)}/reply"
    data-reply
    ${found.length > 0 ? '' : html`hidden`}
  >
    ${destination(shown?.sender ?? '', backTo)}
    ${found.map((code) => html`<button type="submit" name="body" value="${code}" aria-label="Reply ${code}">${code}</button>`)}
    <p class="problem" role="status"></p>
  </form>`;
}

function destination(sender: string, backTo: string | null): Markup {
  return html`<input type="hidden" name="to" value="${sender}" />${way(backTo)}`;
}

function way(backTo: string | null): Markup | string {
  return backTo === null ? '' : html`<input type="hidden" name="backTo" value="${backTo}" />`;
}

function composer({ number, backTo }: PhoneView, { sender }: Conversation): Markup {
  const field = `reply-${idPart(number)}`;
  return html`<form class="composer" method="post" action="${phonePath(number)}/reply" data-reply>
    ${destination(sender, backTo)}
    <label class="visually-hidden" for="${field}">Reply to ${formatNumber(sender)}</label>
    <textarea id="${field}" name="body" rows="1" maxlength="1600" placeholder="Text message" required></textarea>
    <button type="submit" aria-label="Send">${icon('send')}</button>
    <p class="problem" role="status"></p>
  </form>`;
}

function emptyScreen({ number, backTo }: PhoneView): Markup {
  return html`<div class="empty-screen">
    <span class="avatar tone-1">${icon('phone')}</span>
    <p class="name">No messages yet</p>
    <p>Texts to ${formatNumber(number)} appear here the moment they are sent.</p>
    <form method="post" action="${phonePath(number)}/reply">
      ${way(backTo)}
      <label
        >Write first, to <input name="to" type="tel" required pattern="\\+[1-9][0-9]{6,14}" placeholder="+358401000001"
      /></label>
      <label>Message <textarea name="body" rows="2" maxlength="1600" required></textarea></label>
      <button type="submit">Send</button>
    </form>
  </div>`;
}

export function phonePath(number: string): string {
  return `/phones/${number}`;
}

export function conversationPath(number: string, sender: string): string {
  return `${phonePath(number)}?with=${encodeURIComponent(sender)}`;
}
