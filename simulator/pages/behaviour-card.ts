import { html } from 'hono/html';
import { channelOf, describeOutcome, formatOutcome, outcomeKindsOf, outcomeWord } from '../behaviour.ts';
import type { Outcome } from '../behaviour.ts';
import type { Markup } from './layout.ts';

interface BehaviourCard {
  recipient: string;
  outcome: Outcome;
  /** Where a choice is posted to. */
  action: string;
}

/** Tells a number or address what to do with the next text or mail. */
export function behaviourCard({ recipient, outcome, action }: BehaviourCard): Markup {
  const channel = channelOf(recipient);
  const current = formatOutcome(outcome);
  const words = outcomeKindsOf(channel).map((kind) => (kind === outcome.kind ? current : outcomeWord(kind, channel)));
  return html`<section class="card">
    <h2>What happens to the next ${channel}</h2>
    <form method="post" action="${action}" class="behaviour">
      <label for="outcome">Behaviour of this ${channel === 'text' ? 'number' : 'address'}</label>
      <div>
        <select id="outcome" name="outcome">
          ${words.map((word) => html`<option value="${word}" ${word === current ? html`selected` : ''}>${word}</option>`)}
        </select>
        <button type="submit">Apply</button>
      </div>
    </form>
    <p>${describeOutcome(outcome.kind, channel)}</p>
  </section>`;
}
