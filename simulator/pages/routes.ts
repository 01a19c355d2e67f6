import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { parseOutcome } from '../behaviour.ts';
import type { Carrier } from '../carrier.ts';
import { conversationKey, phoneOf, senderOf } from '../message.ts';
import type { Item } from '../store.ts';
import { receiveText } from '../twilio/inbound.ts';
import { bubble, receiptLine } from './bubble.ts';
import { conversationsOn, phonesOf } from './conversation.ts';
import { cardId, indexPage, mailboxCard, phoneCard } from './index-page.ts';
import { liveStream } from './live.ts';
import type { Fragment } from './live.ts';
import { mailboxAt, mailboxPath, mailboxesOf } from './mailbox.ts';
import { mailboxRoutes } from './mailbox-routes.ts';
import { conversationPath, notice, noticeId, phonePath, tabs, tabsId, threadId } from './phone.ts';
import type { PhoneView } from './phone.ts';
import { phonePage } from './phone-page.ts';

// A plus sign may come encoded; the router sees the path as it was sent.
const phone = '/phones/:number{(?:\\+|%2[Bb])[1-9][0-9]{6,14}}';

const assets = {
  'simulator.css': 'text/css; charset=utf-8',
  'mailbox.css': 'text/css; charset=utf-8',
  'simulator.js': 'text/javascript; charset=utf-8',
  'icon.svg': 'image/svg+xml',
} as const;

/** The virtual phones and mailboxes: `/`, one page per number and address, and their live streams. */
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
  routes.get(phone, (c) => showPhone(carrier, c, c.req.param('number')));
  routes.get(`${phone}/events`, (c) => phoneEvents(carrier, c, c.req.param('number')));
  routes.post(`${phone}/reply`, (c) => reply(carrier, c, c.req.param('number')));
  routes.post(`${phone}/behaviour`, async (c) => {
    const { outcome = '' } = await c.req.parseBody<{ outcome?: string }>();
    const parsed = parseOutcome(outcome, 'text');
    if (!parsed) return c.text('That is none of the outcomes.', 400);
    carrier.behaviours.tell(c.req.param('number'), parsed);
    return c.redirect(c.req.header('referer') ?? phonePath(c.req.param('number')), 303);
  });
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

function viewOf(carrier: Carrier, number: string, sender: string | undefined): PhoneView {
  const conversations = conversationsOn(carrier.store, number);
  const shown = conversations.find((each) => each.sender === sender) ?? conversations[0] ?? null;
  const isBlocked = shown !== null && carrier.blocks.has(shown.sender, number);
  return { number, conversations, shown, isBlocked, now: carrier.now() };
}

function showPhone(carrier: Carrier, c: Context, number: string): Response | Promise<Response> {
  const sender = viewOf(carrier, number, c.req.query('with')).shown?.sender;
  if (sender) carrier.store.markSeen(conversationKey(number, sender));
  const view = viewOf(carrier, number, sender);
  const query = new URLSearchParams({ since: String(carrier.store.revision), ...(sender ? { with: sender } : {}) });
  const live = `${phonePath(number)}/events?${query.toString()}`;
  return c.html(phonePage({ ...view, outcome: carrier.behaviours.of(number), live }));
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

/** A new message of the shown conversation is added, an old one gets a new receipt line; tabs and notice follow. */
function phoneEvents(carrier: Carrier, c: Context, number: string): Response {
  const sender = c.req.query('with');
  return liveStream(carrier, c, (message, since) => {
    if (message.kind !== 'text' || phoneOf(message) !== number) return [];
    if (sender === undefined) return null;
    const isShown = senderOf(message) === sender;
    if (message.addedIn <= since) {
      return isShown ? [{ id: `${message.id}-receipt`, markup: receiptLine(message) }] : [];
    }
    if (isShown) carrier.store.markSeen(conversationKey(number, sender));
    const view = viewOf(carrier, number, sender);
    const chrome = [
      { id: tabsId(number), markup: tabs(view) },
      { id: noticeId(number), markup: notice(view) },
    ];
    const messages = view.shown?.messages ?? [];
    const before = messages[messages.findIndex((each) => each.id === message.id) - 1];
    const thread = threadId(number, sender);
    return isShown ? [{ id: message.id, markup: bubble(message, before), into: thread }, ...chrome] : chrome;
  });
}

async function reply(carrier: Carrier, c: Context, number: string): Promise<Response> {
  const { to = '', body = '' } = await c.req.parseBody<{ to?: string; body?: string }>();
  if (!to || !body.trim() || body.length > 1_600) return c.text('Write something, up to 1600 characters.', 400);
  await receiveText(carrier, { from: number, to, body });
  const isScripted = c.req.header('accept') === 'application/json';
  return isScripted ? c.body(null, 204) : c.redirect(conversationPath(number, to), 303);
}
