import { Hono } from 'hono';
import type { Context } from 'hono';
import { parseOutcome } from '../behaviour.ts';
import type { Carrier } from '../carrier.ts';
import { conversationKey, phoneOf, senderOf } from '../message.ts';
import { receiveText } from '../twilio/inbound.ts';
import { liveStream } from './live.ts';
import { conversationPath, phonePath } from './phone.ts';
import { phonePage } from './phone-page.ts';
import { chromeFragments, messageFragments, receiptFragment, viewOf } from './phone-view.ts';
import { isWallPath } from './wall.ts';

// A plus sign may come encoded; the router sees the path as it was sent.
const phone = '/phones/:number{(?:\\+|%2[Bb])[1-9][0-9]{6,14}}';

/** One page per number, its live stream, and what is done there. */
export function phoneRoutes(carrier: Carrier): Hono {
  const routes = new Hono();
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

function showPhone(carrier: Carrier, c: Context, number: string): Response | Promise<Response> {
  const sender = viewOf(carrier, number, c.req.query('with')).shown?.sender;
  if (sender) carrier.store.markSeen(conversationKey(number, sender));
  const view = viewOf(carrier, number, sender);
  const query = new URLSearchParams({ since: String(carrier.store.revision), ...(sender ? { with: sender } : {}) });
  const live = `${phonePath(number)}/events?${query.toString()}`;
  return c.html(phonePage({ ...view, outcome: carrier.behaviours.of(number), live }));
}

/** A new message of the shown conversation is added, an old one gets a new receipt line; what stands around them follows. */
function phoneEvents(carrier: Carrier, c: Context, number: string): Response {
  const sender = c.req.query('with');
  return liveStream(carrier, c, (message, since) => {
    if (message.kind !== 'text' || phoneOf(message) !== number) return [];
    if (sender === undefined) return null;
    const isShown = senderOf(message) === sender;
    if (message.addedIn <= since) return isShown ? [receiptFragment(message)] : [];
    if (isShown) carrier.store.markSeen(conversationKey(number, sender));
    const view = viewOf(carrier, number, sender);
    return isShown ? [...messageFragments(view, message), ...chromeFragments(view)] : chromeFragments(view);
  });
}

async function reply(carrier: Carrier, c: Context, number: string): Promise<Response> {
  const fields = await c.req.parseBody<{ to?: string; body?: string; backTo?: string }>();
  const { to = '', body = '', backTo = '' } = fields;
  if (!to || !body.trim() || body.length > 1_600) return c.text('Write something, up to 1600 characters.', 400);
  await receiveText(carrier, { from: number, to, body });
  const isScripted = c.req.header('accept') === 'application/json';
  return isScripted ? c.body(null, 204) : c.redirect(isWallPath(backTo) ? backTo : conversationPath(number, to), 303);
}
