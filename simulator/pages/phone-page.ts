import { html } from 'hono/html';
import { describeOutcome, formatOutcome, outcomeKindsOf, outcomeWord } from '../behaviour.ts';
import type { Outcome } from '../behaviour.ts';
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
    content: html`<header class="top">${brand()}<a class="back" href="/">${icon('back')}All phones</a></header>
      <main class="phone-page">
        ${phone(view)}
        <div class="side">
          <h1>${number}</h1>
          <p class="lead">
            A virtual phone. What Vuoro sends to this number appears on it; what you write goes back as a signed
            webhook, as it would from the carrier.
          </p>
          ${behaviourCard(view)} ${view.shown ? wordsCard(view.number, view.shown.sender) : ''} ${legendCard()}
        </div>
      </main>`,
  });
}

function behaviourCard({ number, outcome }: PhonePage): Markup {
  const current = formatOutcome(outcome);
  const words = outcomeKindsOf('text').map((kind) => (kind === outcome.kind ? current : outcomeWord(kind, 'text')));
  return html`<section class="card">
    <h2>What happens to the next text</h2>
    <form method="post" action="${phonePath(number)}/behaviour" class="behaviour">
      <label for="outcome">Behaviour of this number</label>
      <div>
        <select id="outcome" name="outcome">
          ${words.map((word) => html`<option value="${word}" ${word === current ? html`selected` : ''}>${word}</option>`)}
        </select>
        <button type="submit">Apply</button>
      </div>
    </form>
    <p>${describeOutcome(outcome.kind, 'text')}</p>
  </section>`;
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
