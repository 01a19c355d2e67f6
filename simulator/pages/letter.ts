import { html } from 'hono/html';
import type { MailStatus, SimMail } from '../mail.ts';
import { attachmentList } from './attachment.ts';
import { formatDay, formatTime, toneOf } from './format.ts';
import { icon } from './icons.ts';
import type { IconName } from './icons.ts';
import type { Markup } from './layout.ts';
import { linkify } from './linkify.ts';
import { mailPath } from './mailbox.ts';

/** One mail as its reader sees it: the line in the list, and behind it the letter. */
export function letter(mail: SimMail, isOpen: boolean): Markup {
  const sender = mail.fromName ?? mail.from;
  return html`<li id="${mail.id}" class="mail">
    <details class="letter" ${isOpen ? html`open` : ''}>
      <summary>
        <span class="avatar ${toneOf(mail.from)}" aria-hidden="true">${sender.slice(0, 1).toUpperCase()}</span>
        <span class="from">${sender}</span>
        <span class="subject">${mail.subject}</span>
        <time datetime="${new Date(mail.createdAt).toISOString()}">${formatTime(mail.createdAt)}</time>
        ${mailStatus(mail)}
      </summary>
      <div class="opened">
        <p class="quiet">
          ${formatDay(mail.createdAt)}, from
          ${mail.fromName === null ? '' : html`${mail.fromName} `}&lt;${mail.from}&gt; to &lt;${mail.to}&gt;
        </p>
        ${content(mail)} ${mail.attachments.length > 0 ? attachmentList(mail) : ''} ${mailReport(mail)}
      </div>
    </details>
  </li>`;
}

function content(mail: SimMail): Markup {
  const { html: formatted, text } = mail;
  return html`${formatted !== null && text !== null ? partChoice(mail) : ''} ${formatted === null ? '' : frame(mail)}
  ${text === null ? '' : html`<div class="part plain" data-part="text">${linkify(text)}</div>`}`;
}

/** Mail programs show one of both parts; which, is up to their reader. */
function partChoice({ id }: SimMail): Markup {
  const choice = (part: string, label: string, isChosen: boolean): Markup =>
    html`<label
      ><input type="radio" name="part-${id}" value="${part}" ${isChosen ? html`checked` : ''} />${label}</label
    >`;
  return html`<fieldset class="choice">
    <legend class="visually-hidden">Part to read</legend>
    ${choice('html', 'Formatted', true)} ${choice('text', 'Plain text', false)}
  </fieldset>`;
}

/** Without scripts, forms or anything from elsewhere; of the same origin only so that its height can be measured. */
function frame(mail: SimMail): Markup {
  return html`<iframe
    class="part"
    data-part="html"
    title="${mail.subject}"
    src="${mailPath(mail)}/html"
    sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    referrerpolicy="no-referrer"
    loading="lazy"
  ></iframe>`;
}

export function statusId(mail: SimMail): string {
  return `${mail.id}-status`;
}

interface StatusLook {
  label: string;
  tone: 'calm' | 'good' | 'bad';
  symbol: IconName;
}

const looks: Record<MailStatus, StatusLook> = {
  accepted: { label: 'Accepted', tone: 'calm', symbol: 'clock' },
  processed: { label: 'Processed', tone: 'calm', symbol: 'sent' },
  deferred: { label: 'Deferred', tone: 'calm', symbol: 'clock' },
  delivered: { label: 'Delivered', tone: 'good', symbol: 'delivered' },
  blocked: { label: 'Blocked', tone: 'bad', symbol: 'alert' },
  bounce: { label: 'Bounced', tone: 'bad', symbol: 'alert' },
  dropped: { label: 'Dropped', tone: 'bad', symbol: 'alert' },
};

/** How far the mail has come. */
export function mailStatus(mail: SimMail): Markup {
  const { label, tone, symbol } = looks[mail.status];
  return html`<span id="${statusId(mail)}" class="status ${tone}">${icon(symbol)}${label}</span>`;
}

export function reportId(mail: SimMail): string {
  return `${mail.id}-report`;
}

/** What went over the wire. */
export function mailReport(mail: SimMail): Markup {
  const { messageId, reason, calls } = mail;
  const given = [...Object.entries(mail.headers), ...Object.entries(mail.customArgs)];
  return html`<details id="${reportId(mail)}" class="source report">
    <summary>What was sent and reported</summary>
    <dl>
      ${fact('Id', messageId)} ${given.map(([name, value]) => fact(name, value))}
      ${reason === null ? '' : fact('Reason', reason)}
      ${calls.map(({ what, answer }) => fact(what, answer === null ? 'no answer from the API' : `API answered ${answer}`))}
    </dl>
  </details>`;
}

function fact(name: string, value: string): Markup {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
}
