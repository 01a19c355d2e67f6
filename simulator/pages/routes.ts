import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import type { Carrier } from '../carrier.ts';
import { phoneOf } from '../message.ts';
import type { Item } from '../store.ts';
import { phonesOf } from './conversation.ts';
import { cardId, indexPage, mailboxCard, phoneCard } from './index-page.ts';
import { liveStream } from './live.ts';
import type { Fragment } from './live.ts';
import { mailboxAt, mailboxPath, mailboxesOf } from './mailbox.ts';
import { mailboxRoutes } from './mailbox-routes.ts';
import { phonePath } from './phone.ts';
import { phoneRoutes } from './phone-routes.ts';
import { wallRoutes } from './wall-routes.ts';

const assets = {
  'simulator.css': 'text/css; charset=utf-8',
  'mailbox.css': 'text/css; charset=utf-8',
  'wall.css': 'text/css; charset=utf-8',
  'simulator.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

/** The virtual phones and mailboxes: `/`, one page per number and address, many phones on one, and their live streams. */
export function pageRoutes(carrier: Carrier): Hono {
  const routes = new Hono();
  routes.use('*', pageHeaders());
  for (const [name, type] of Object.entries(assets)) {
    const content = readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8');
    routes.get(`/assets/${name}`, (c) => c.body(content, 200, { 'content-type': type, 'cache-control': 'no-cache' }));
  }
  routes.get('/', (c) => {
    const live = `/events?since=${carrier.store.revision}`;
    const { origin } = new URL(c.req.url);
    return c.html(indexPage({ phones: phonesOf(carrier.store), mailboxes: mailboxesOf(carrier.store), origin, live }));
  });
  routes.get('/events', (c) => liveStream(carrier, c, (item) => cardFragments(carrier, item)));
  routes.get('/open', (c) => c.redirect(pathOf(c.req.query('recipient') ?? '')));
  routes.route('/', mailboxRoutes(carrier));
  routes.route('/', wallRoutes(carrier));
  routes.route('/', phoneRoutes(carrier));
  return routes;
}

function pageHeaders(): ReturnType<typeof secureHeaders> {
  return secureHeaders({
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  });
}

/** The page of a number or an address, however it was typed. */
function pathOf(recipient: string): string {
  return recipient.includes('@') ? mailboxPath(recipient) : phonePath(recipient.replaceAll(/[^\d+]/g, ''));
}

function cardFragments({ store }: Carrier, item: Item): Fragment[] {
  if (item.kind === 'mail') {
    const mailbox = mailboxAt(store, item.to);
    return [{ id: cardId(mailbox.address), markup: mailboxCard(mailbox), into: 'mailboxes', at: 'start' }];
  }
  const phoneOfItem = phonesOf(store).find(({ number }) => number === phoneOf(item));
  if (!phoneOfItem) return [];
  return [{ id: cardId(phoneOfItem.number), markup: phoneCard(phoneOfItem), into: 'phones', at: 'start' }];
}
