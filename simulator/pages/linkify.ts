import { html } from 'hono/html';
import type { Markup } from './layout.ts';

/** Only http and https become links; what ends a sentence does not belong to the address. */
export function linkify(text: string): (string | Markup)[] {
  return text
    .split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)'\]])/)
    .map((part, at) =>
      at % 2 === 1 ? html`<a href="${part}" target="_blank" rel="noopener noreferrer">${part}</a>` : part,
    );
}
