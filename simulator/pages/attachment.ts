import { html } from 'hono/html';
import type { Attachment, SimMail } from '../mail.ts';
import { readCalendar } from './calendar.ts';
import type { CalendarEvent, CalendarFile, CalendarMoment } from './calendar.ts';
import { formatDate, formatTime, zoneName } from './format.ts';
import { icon } from './icons.ts';
import type { Markup } from './layout.ts';
import { mailPath } from './mailbox.ts';

/** What lies with a mail: to download, and to read where it is text. */
export function attachmentList(mail: SimMail): Markup {
  return html`<ul class="attachments" aria-label="Attachments">
    ${mail.attachments.map((attachment, at) => attachmentItem(mail, attachment, at))}
  </ul>`;
}

function attachmentItem(mail: SimMail, attachment: Attachment, at: number): Markup {
  const { filename, type, content } = attachment;
  const bytes = Buffer.from(content, 'base64');
  const text = /^text\//i.test(type) ? bytes.toString('utf8') : null;
  const name = filename || 'unnamed part';
  return html`<li class="attachment">
    ${text !== null && /^text\/calendar\b/i.test(type) ? calendarCard(readCalendar(text)) : ''}
    <p class="file">
      ${icon('attachment')}<a href="${mailPath(mail)}/attachments/${at}" download>${name}</a>
      <span class="quiet">${type} · ${formatSize(bytes.length)}</span>
    </p>
    ${
      text === null
        ? ''
        : html`<details class="source">
            <summary>Read the file</summary>
            <pre tabindex="0" role="region" aria-label="${name}"><code>${text}</code></pre>
          </details>`
    }
  </li>`;
}

function calendarCard({ method, events }: CalendarFile): Markup {
  return html`${events.map((event) => eventCard(event, method))}`;
}

function eventCard({ summary, start, end, location, status, sequence }: CalendarEvent, method: string): Markup {
  const isCancelled = method === 'CANCEL' || status === 'CANCELLED';
  const facts = [method, status, sequence && `sequence ${sequence}`].filter(Boolean);
  return html`<div class="event ${isCancelled ? 'is-cancelled' : ''}">
    ${icon('calendar')}
    <div>
      <p class="name">${summary || 'No summary'}</p>
      <p>${period(start, end)}</p>
      ${location ? html`<p>${location}</p>` : ''}
      <p class="quiet">${facts.join(' · ')}</p>
    </div>
  </div>`;
}

function period(start: CalendarMoment | null, end: CalendarMoment | null): string {
  if (!start) return 'No time';
  if (!('at' in start)) return [start.written, end && 'written' in end ? end.written : ''].filter(Boolean).join(' – ');
  const until = end && 'at' in end ? `–${formatTime(end.at)}` : '';
  return `${formatDate(start.at)}, ${formatTime(start.at)}${until} (${zoneName()})`;
}

function formatSize(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  return bytes < 1_024 * 1_024 ? `${Math.ceil(bytes / 1_024)} KB` : `${(bytes / 1_024 / 1_024).toFixed(1)} MB`;
}
