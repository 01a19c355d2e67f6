import { html } from 'hono/html';
import { describeOutcome, endingOf, foreignSenderEnding, outcomeKindsOf, outcomeWord } from '../behaviour.ts';
import { account } from '../account.ts';
import type { Phone } from './conversation.ts';
import { formatNumber, formatTime, idPart, toneOf } from './format.ts';
import { icon } from './icons.ts';
import { brand, layout } from './layout.ts';
import type { Markup } from './layout.ts';
import { badge, phonePath } from './phone.ts';

interface IndexPage {
  phones: readonly Phone[];
  /** The simulator's own address, for the commands to copy. */
  origin: string;
  live: string;
}

export function indexPage({ phones, origin, live }: IndexPage): Markup {
  return layout({
    title: 'Virtual phones · Vuoro simulator',
    live,
    content: html`<header class="top">${brand()}</header>
      <main class="index">
        <div class="hero">
          <div>
            <h1>Virtual phones</h1>
            <p class="lead">
              This program stands in for the text-message carrier. Every number that Vuoro writes to gets a phone here:
              read it, answer it, let it fail.
            </p>
          </div>
          ${openForm()}
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
        <div class="columns">${endingsCard()} ${howToCard(origin)}</div>
      </main>`,
  });
}

function openForm(): Markup {
  return html`<form class="open" action="/phones" method="get">
    <label for="number">Open a phone by its number</label>
    <div>
      <input
        id="number"
        name="number"
        type="tel"
        required
        pattern="\\+[1-9][0-9]{6,14}"
        placeholder="+358401234567"
        title="With + and country code"
      />
      <button type="submit">Open</button>
    </div>
  </form>`;
}

export function cardId(number: string): string {
  return `phone-${idPart(number)}`;
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

function endingsCard(): Markup {
  const reserved = outcomeKindsOf('text').filter((kind) => endingOf(kind));
  return html`<section class="card" id="endings">
    <h2>Numbers that misbehave</h2>
    <p>
      A number with one of these endings behaves like this by itself; any other can be told to, on its page or by a
      call.
    </p>
    <table>
      <thead>
        <tr>
          <th scope="col">Ending</th>
          <th scope="col">What happens</th>
        </tr>
      </thead>
      <tbody>
        ${reserved.map((kind) => endingRow(endingOf(kind) ?? '', outcomeWord(kind, 'text'), describeOutcome(kind, 'text') ?? ''))}
        ${endingRow(foreignSenderEnding, 'as a sender', 'Refused with 21606: this sender is not ours.')}
      </tbody>
    </table>
  </section>`;
}

function endingRow(ending: string, outcome: string, says: string): Markup {
  return html`<tr>
    <th scope="row"><code>…${ending}</code></th>
    <td>
      <code>${outcome}</code>
      <p>${says}</p>
    </td>
  </tr>`;
}

function howToCard(origin: string): Markup {
  const post = (path: string, body: string): string =>
    `curl ${origin}${path} \\\n  -H 'content-type: application/json' \\\n  -d '${body}'`;
  return html`<section class="card">
    <h2>By command</h2>
    ${command('Answer as the patient', post('/_sim/reply', '{"from":"+358401234567","to":"+358401000001","body":"Thanks!"}'))}
    ${command('Tell a number to fail', post('/_sim/behaviour', '{"to":"+358401234567","outcome":"undelivered:30003"}'))}
    ${command('Let a workflow travel in time', post('/_sim/time-travel', '{"workflowId":"appointment/…","by":"P39D"}'))}
    ${command('Read what was sent', `curl ${origin}/_sim/messages?to=%2B358401234567`)}
    ${command('Forget everything', `curl -X DELETE ${origin}/_sim/messages`)}
    <h3>Account</h3>
    <dl class="facts">
      <div>
        <dt>Account SID</dt>
        <dd><code>${account.sid}</code></dd>
      </div>
      <div>
        <dt>Auth token</dt>
        <dd><code>${account.authToken}</code></dd>
      </div>
      <div>
        <dt>Base URL</dt>
        <dd><code>${origin}</code></dd>
      </div>
    </dl>
  </section>`;
}

function command(title: string, text: string): Markup {
  return html`<h3>${title}</h3>
    <pre tabindex="0" role="region" aria-label="${title}"><code>${text}</code></pre>`;
}
