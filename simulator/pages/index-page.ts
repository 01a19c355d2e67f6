import { html } from 'hono/html';
import type { Phone } from './conversation.ts';
import { formatNumber, formatTime, idPart, toneOf } from './format.ts';
import { icon } from './icons.ts';
import { brand, layout } from './layout.ts';
import type { Markup } from './layout.ts';
import { mailboxPath } from './mailbox.ts';
import type { Mailbox } from './mailbox.ts';
import { badge, phonePath } from './phone.ts';
import { endingsCard, howToCard } from './reference-cards.ts';
import { wallPath } from './wall.ts';

interface IndexPage {
  phones: readonly Phone[];
  mailboxes: readonly Mailbox[];
  /** The simulator's own address, for the commands to copy. */
  origin: string;
  live: string;
}

export function indexPage({ phones, mailboxes, origin, live }: IndexPage): Markup {
  return layout({
    title: 'Virtual phones and mailboxes · Vuoro simulator',
    live,
    content: html`<header class="top">${brand()}</header>
      <main class="index">
        <div class="hero">
          <div>
            <h1>Phones and mailboxes</h1>
            <p class="lead">
              This program stands in for Twilio and SendGrid. Every number that Vuoro texts gets a virtual phone here,
              every address a mailbox: read it, answer it, let it fail.
            </p>
          </div>
          ${openForm()}
        </div>
        <div class="row heading">
          <h2>Phones</h2>
          <a href="${wallPath([])}">All of them side by side</a>
        </div>
        <ul id="phones" class="phones">
          ${phones.map(phoneCard)}
        </ul>
        <div class="nothing">
          ${icon('phone')}
          <p>
            <b>No phone has been texted yet.</b> Run <code>npm run demo</code>, or book an appointment; it appears here
            by itself.
          </p>
        </div>
        <h2>Mailboxes</h2>
        <ul id="mailboxes" class="phones">
          ${mailboxes.map(mailboxCard)}
        </ul>
        <div class="nothing">
          ${icon('mail')}
          <p><b>No mail has been sent yet.</b> Patients who have an address get theirs here.</p>
        </div>
        <div class="columns">${endingsCard()} ${howToCard(origin)}</div>
      </main>`,
  });
}

function openForm(): Markup {
  return html`<form class="open" action="/open" method="get">
    <label for="recipient">Open a phone or a mailbox</label>
    <div>
      <input
        id="recipient"
        name="recipient"
        required
        pattern="\\+[1-9][0-9 ]{6,20}|[^\\s@]+@[^\\s@]+"
        placeholder="+358… or eino@…"
        title="A number with + and country code, or a mail address"
      />
      <button type="submit">Open</button>
    </div>
  </form>`;
}

export function cardId(recipient: string): string {
  // Letters and digits alone would not tell two addresses apart.
  if (recipient.includes('@')) return `mailbox-${Buffer.from(recipient).toString('hex')}`;
  return `phone-${idPart(recipient)}`;
}

/** One phone in short: what lies on its lock screen. */
export function phoneCard({ number, conversations, last, unread }: Phone): Markup {
  const senders = conversations.map((each) => each.sender);
  return html`<li id="${cardId(number)}" class="phone-card ${unread > 0 ? 'has-unread' : ''}">
    <a href="${phonePath(number)}">
      <span class="row"><strong>${formatNumber(number)}</strong>${unread > 0 ? badge(unread) : ''}</span>
      ${
        last
          ? html`<span class="last">${last.direction === 'inbound' ? 'You: ' : ''}${last.body}</span>
              <span class="row quiet">
                <span
                  >${senders.map((sender) => html`<span class="sender"><span class="dot ${toneOf(sender)}"></span>${formatNumber(sender)}</span>`)}</span
                >
                <time datetime="${new Date(last.createdAt).toISOString()}">${formatTime(last.createdAt)}</time>
              </span>`
          : ''
      }
    </a>
  </li>`;
}

/** One mailbox in short: its latest mail. */
export function mailboxCard({ address, mails: [last], unread }: Mailbox): Markup {
  return html`<li id="${cardId(address)}" class="phone-card ${unread > 0 ? 'has-unread' : ''}">
    <a href="${mailboxPath(address)}">
      <span class="row"><strong>${address}</strong>${unread > 0 ? badge(unread) : ''}</span>
      ${
        last
          ? html`<span class="last">${last.subject}</span>
              <span class="row quiet">
                <span class="sender"><span class="dot ${toneOf(last.from)}"></span>${last.fromName ?? last.from}</span>
                <time datetime="${new Date(last.createdAt).toISOString()}">${formatTime(last.createdAt)}</time>
              </span>`
          : ''
      }
    </a>
  </li>`;
}
