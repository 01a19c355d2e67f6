import { html } from 'hono/html';
import type { Markup } from './layout.ts';

const paths = {
  clinic: 'M4 21V6.5L12 3l8 3.5V21M9 21v-5h6v5M12 7.5v5M9.5 10h5',
  clock: 'M12 7v5l3 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z',
  sent: 'm5 13 4 4L19 7',
  delivered: 'm2 13 4 4L16 7M11 16l1 1L22 7',
  alert: 'M12 8v5M12 16.5v.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z',
  send: 'M12 19V5M6 11l6-6 6 6',
  back: 'M15 5l-7 7 7 7',
  phone:
    'M8 2.5h8A1.5 1.5 0 0 1 17.5 4v16a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 20V4A1.5 1.5 0 0 1 8 2.5ZM10.5 18.5h3',
} as const;

export type IconName = keyof typeof paths;

/** Always beside words that say the same. */
export function icon(name: IconName): Markup {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${paths[name]}" /></svg>`;
}
