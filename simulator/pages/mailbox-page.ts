import { html } from 'hono/html';
import type { Outcome } from '../behaviour.ts';
import { behaviourCard } from './behaviour-card.ts';
import { icon } from './icons.ts';
import { brand, layout } from './layout.ts';
import type { Markup } from './layout.ts';
import { letter } from './letter.ts';
import { mailboxPath } from './mailbox.ts';
import type { Mailbox } from './mailbox.ts';

export interface MailboxPage extends Mailbox {
  outcome: Outcome;
  live: string;
}

/** How many mails are drawn; older ones stay in the store. */
const drawn = 100;

export const mailListId = 'mails';

export function mailboxPage({ address, mails, outcome, live }: MailboxPage): Markup {
  return layout({
    title: `${address} · Vuoro simulator`,
    live,
    content: html`<header class="top">${brand()}<a class="back" href="/">${icon('back')}Overview</a></header>
      <main class="mailbox-page">
        <div class="inbox">
          <h1>${address}</h1>
          <p class="lead">A virtual mailbox. What Vuoro writes to this address appears here, the newest first.</p>
          <ol id="${mailListId}" class="mails">
            ${mails.slice(0, drawn).map((mail, at) => letter(mail, at === 0))}
          </ol>
          <div class="nothing">
            ${icon('mail')}
            <p><b>No mail yet.</b> It appears the moment it is sent.</p>
          </div>
        </div>
        <div class="side">
          ${behaviourCard({ recipient: address, outcome, action: `${mailboxPath(address)}/behaviour` })} ${legendCard()}
        </div>
      </main>`,
  });
}

function legendCard(): Markup {
  return html`<section class="card">
    <h2>Beside each mail</h2>
    <ul class="legend">
      <li>${icon('clock')}<b>Accepted</b> taken by SendGrid</li>
      <li>${icon('sent')}<b>Processed</b> on its way</li>
      <li class="good">${icon('delivered')}<b>Delivered</b> the mailbox has it</li>
      <li class="bad">${icon('alert')}<b>Bounced, blocked</b> turned away</li>
      <li class="bad">${icon('alert')}<b>Dropped</b> by SendGrid itself</li>
    </ul>
    <p>The formatted part is shown without scripts, and without anything from other machines.</p>
  </section>`;
}
