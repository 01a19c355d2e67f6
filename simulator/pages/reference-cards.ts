import { html } from 'hono/html';
import { account, mailAccount } from '../account.ts';
import { describeOutcome, endingOf, foreignSenderEnding, outcomeKinds, outcomeWord } from '../behaviour.ts';
import type { OutcomeKind } from '../behaviour.ts';
import type { Markup } from './layout.ts';

/** What the last four digits of a number or address are reserved for. */
export function endingsCard(): Markup {
  return html`<section class="card" id="endings">
    <h2>Numbers and addresses that misbehave</h2>
    <p>
      A number with one of these endings behaves like this by itself, and so does an address with it before the @; any
      other can be told to, on its page or by a call.
    </p>
    <table>
      <thead>
        <tr>
          <th scope="col">Ending</th>
          <th scope="col">What happens</th>
        </tr>
      </thead>
      <tbody>
        ${outcomeKinds.filter(endingOf).map(outcomeRow)}
        ${row(foreignSenderEnding, ['as a sender'], ['Text: Refused with 21606: this sender is not ours.'])}
      </tbody>
    </table>
  </section>`;
}

function outcomeRow(kind: OutcomeKind): Markup {
  const [text, mail] = [describeOutcome(kind, 'text'), describeOutcome(kind, 'mail')];
  const words = [text && outcomeWord(kind, 'text'), mail && outcomeWord(kind, 'mail')];
  const says = text === mail ? [text] : [text && `Text: ${text}`, mail && `Mail: ${mail}`];
  return row(endingOf(kind) ?? '', [...new Set(words)], says);
}

function row(ending: string, words: readonly (string | undefined)[], says: readonly (string | undefined)[]): Markup {
  return html`<tr>
    <th scope="row"><code>…${ending}</code></th>
    <td>
      ${words.filter(Boolean).map((word) => html`<code>${word}</code> `)}
      ${says.filter(Boolean).map((sentence) => html`<p>${sentence}</p>`)}
    </td>
  </tr>`;
}

/** The same by calls, and what to set to get here. */
export function howToCard(origin: string): Markup {
  const post = (path: string, body: string): string =>
    `curl ${origin}${path} \\\n  -H 'content-type: application/json' \\\n  -d '${body}'`;
  return html`<section class="card">
    <h2>By command</h2>
    ${command('Answer as the patient', post('/_sim/reply', '{"from":"+358401234567","to":"+358401000001","body":"Thanks!"}'))}
    ${command('Tell a number to fail', post('/_sim/behaviour', '{"to":"+358401234567","outcome":"undelivered:30003"}'))}
    ${command('Tell an address to fail', post('/_sim/behaviour', '{"to":"eino@example.org","outcome":"undelivered:5.1.1"}'))}
    ${command('Take 100 texts a second, answer 429 above; null lifts it', post('/_sim/carrier', '{"textsPerSecond":100}'))}
    ${command('Mark STOP, START, HELP to messaging services', post('/_sim/carrier', '{"advancedOptOut":true}'))}
    ${command('Let a workflow travel in time', post('/_sim/time-travel', '{"workflowId":"appointment/…","by":"P39D"}'))}
    ${command('Read the texts', `curl ${origin}/_sim/messages?to=%2B358401234567`)}
    ${command('Read the mails', `curl ${origin}/_sim/emails?to=eino@example.org`)}
    ${command('Forget everything', `curl -X DELETE ${origin}/_sim/messages`)}
    <h3>Account</h3>
    <dl class="facts">
      ${fact('Twilio SID', account.sid)} ${fact('Twilio token', account.authToken)}
      ${fact('SendGrid key', mailAccount.apiKey)} ${fact('SendGrid verification key', mailAccount.eventPublicKey)}
      ${fact('Base URL', origin)}
    </dl>
  </section>`;
}

function fact(name: string, value: string): Markup {
  return html`<div>
    <dt>${name}</dt>
    <dd><code>${value}</code></dd>
  </div>`;
}

function command(title: string, text: string): Markup {
  return html`<h3>${title}</h3>
    <pre tabindex="0" role="region" aria-label="${title}"><code>${text}</code></pre>`;
}
