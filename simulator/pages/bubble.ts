import { html } from 'hono/html';
import type { MessageStatus, SimMessage } from '../message.ts';
import { formatDay, formatTime } from './format.ts';
import { icon } from './icons.ts';
import type { IconName } from './icons.ts';
import type { Markup } from './layout.ts';
import { linkify } from './linkify.ts';

/** One message in a conversation; the day stands above it where the one before is of another day. */
export function bubble(message: SimMessage, before: SimMessage | undefined): Markup {
  const side = { inbound: 'mine', 'outbound-api': 'theirs', 'outbound-reply': 'theirs carrier' }[message.direction];
  const day = formatDay(message.createdAt);
  const isNewDay = !before || formatDay(before.createdAt) !== day;
  const speaker = { inbound: 'You', 'outbound-api': 'Clinic', 'outbound-reply': 'Carrier' }[message.direction];
  return html`<li id="${message.id}" class="message ${side}">
    ${isNewDay ? html`<p class="day">${day}</p>` : ''}
    <p class="bubble"><span class="visually-hidden">${speaker}: </span>${linkify(message.body)}</p>
    ${receiptLine(message)}
  </li>`;
}

/** What stands under a bubble: receipt, time and length, and on request what went over the wire. */
export function receiptLine(message: SimMessage): Markup {
  const { label, tone, symbol } = receiptOf(message);
  return html`<details id="${message.id}-receipt" class="receipt ${tone}">
    <summary>
      ${icon(symbol)}<span>${label}</span
      ><time datetime="${new Date(message.createdAt).toISOString()}">${formatTime(message.createdAt)}</time>
      <span>${message.segments === 1 ? '1 segment' : `${message.segments} segments`}</span>
    </summary>
    <dl>
      <div>
        <dt>SID</dt>
        <dd>${message.id}</dd>
      </div>
      <div>
        <dt>Text</dt>
        <dd>${message.body.length} characters, ${message.encoding}</dd>
      </div>
      ${message.calls.map(
        (call) =>
          html`<div>
            <dt>${call.what}</dt>
            <dd>${call.answer === null ? 'no answer from the API' : `API answered ${call.answer}`}</dd>
          </div>`,
      )}
    </dl>
  </details>`;
}

interface ReceiptLook {
  label: string;
  tone: 'calm' | 'good' | 'bad';
  symbol: IconName;
}

const outboundLooks: Record<MessageStatus, ReceiptLook> = {
  accepted: { label: 'Accepted', tone: 'calm', symbol: 'clock' },
  queued: { label: 'Queued', tone: 'calm', symbol: 'clock' },
  sent: { label: 'Sent', tone: 'calm', symbol: 'sent' },
  delivered: { label: 'Delivered', tone: 'good', symbol: 'delivered' },
  undelivered: { label: 'Not delivered', tone: 'bad', symbol: 'alert' },
  received: { label: 'Received', tone: 'good', symbol: 'delivered' },
};

function receiptOf(message: SimMessage): ReceiptLook {
  if (message.direction === 'inbound') return inboundLook(message);
  if (message.direction === 'outbound-reply') return { ...outboundLooks.delivered, label: 'From the carrier' };
  const look = outboundLooks[message.status];
  return message.errorCode === null ? look : { ...look, label: `${look.label} (${message.errorCode})` };
}

function inboundLook({ calls }: SimMessage): ReceiptLook {
  const [call] = calls;
  if (!call) return { label: 'On its way', tone: 'calm', symbol: 'clock' };
  if (call.answer === null) return { label: 'The API cannot be reached', tone: 'bad', symbol: 'alert' };
  if (call.answer >= 300) return { label: `The API answered ${call.answer}`, tone: 'bad', symbol: 'alert' };
  return { label: 'Taken by the API', tone: 'good', symbol: 'delivered' };
}
