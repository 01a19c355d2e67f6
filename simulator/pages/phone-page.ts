import { html } from 'hono/html';
import type { Outcome } from '../behaviour.ts';
import { behaviourCard } from './behaviour-card.ts';
import { formatNumber } from './format.ts';
import { icon } from './icons.ts';
import { brand, layout } from './layout.ts';
import type { Markup } from './layout.ts';
import { phone, phonePath } from './phone.ts';
import type { PhoneView } from './phone.ts';

export interface PhonePage extends PhoneView {
  outcome: Outcome;
  live: string;
}

export function phonePage(view: PhonePage): Markup {
  const number = formatNumber(view.number);
  return layout({
    title: `${number} · Vuoro simulator`,
    live: view.live,
    content: html`<header class="top">${brand()}<a class="back" href="/">${icon('back')}Overview</a></header>
      <main class="phone-page">
        ${phone(view)}
        <div class="side">
          <h1>${number}</h1>
          <p class="lead">
            A virtual phone. What Vuoro sends to this number appears on it; what you write goes back as a signed
            webhook, as it would from the carrier.
          </p>
          ${behaviourCard({ recipient: view.number, outcome: view.outcome, action: `${phonePath(view.number)}/behaviour` })}
          ${view.shown ? wordsCard(view.number, view.shown.sender) : ''} ${legendCard()}
        </div>
      </main>`,
  });
}

function wordsCard(number: string, sender: string): Markup {
  const words = ['STOP', 'START', 'HELP'];
  return html`<section class="card">
    <h2>The carrier's own words</h2>
    <form method="post" action="${phonePath(number)}/reply" class="words" data-reply>
      <input type="hidden" name="to" value="${sender}" />
      ${words.map((word) => html`<button type="submit" name="body" value="${word}">${word}</button>`)}
      <p class="problem" role="status"></p>
    </form>
    <p>Alone in a message, STOP blocks this sender for this phone, START lifts it, HELP is answered by the carrier.</p>
  </section>`;
}

function legendCard(): Markup {
  return html`<section class="card">
    <h2>Under each message</h2>
    <ul class="legend">
      <li>${icon('clock')}<b>Queued</b> accepted by the carrier</li>
      <li>${icon('sent')}<b>Sent</b> handed on, no receipt yet</li>
      <li class="good">${icon('delivered')}<b>Delivered</b> the phone has it</li>
      <li class="bad">${icon('alert')}<b>Not delivered</b> with a code</li>
    </ul>
    <p>One segment costs one credit. Open the line to see the SID and what each receipt was answered with.</p>
  </section>`;
}
