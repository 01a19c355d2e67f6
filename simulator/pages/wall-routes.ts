import { Hono } from 'hono';
import type { Context } from 'hono';
import type { Carrier } from '../carrier.ts';
import { phoneOf, senderOf } from '../message.ts';
import type { SimMessage } from '../message.ts';
import { liveStream } from './live.ts';
import type { Fragment } from './live.ts';
import { threadId } from './phone.ts';
import type { PhoneView } from './phone.ts';
import { chromeFragments, messageFragments, receiptFragment, viewOf } from './phone-view.ts';
import { replyFromAll } from './race.ts';
import { heardId, heardLine, unreadMark, unreadMarkId, wallListId, wallPage, wallPhone } from './wall-page.ts';
import { busiestPhones, numbersIn, placeOnWall, wallPath, wallPhoneId } from './wall.ts';

/** Many phones on one page, their live stream, and replies from several at the same moment. */
export function wallRoutes(carrier: Carrier): Hono {
  const routes = new Hono();
  routes.get('/phones', (c) => showWall(carrier, c));
  routes.get('/phones/events', (c) => wallEvents(carrier, c));
  routes.post('/phones/replies', (c) => replyFromAll(carrier, c));
  return routes;
}

function showWall(carrier: Carrier, c: Context): Response | Promise<Response> {
  const chosen = numbersIn(c.req.queries('numbers') ?? []);
  // The form sends along its other fields, and each number by itself.
  if (c.req.query('body') !== undefined) return c.redirect(wallPath(chosen), 303);
  const { numbers, isAll } = chosen.length > 0 ? { numbers: chosen, isAll: true } : busiestPhones(carrier);
  const query = new URLSearchParams({ since: String(carrier.store.revision), numbers: numbers.join(',') });
  if (chosen.length === 0) query.set('andNew', '');
  const phones = numbers.map((number) => viewOnWall(carrier, number, chosen));
  return c.html(wallPage({ phones, chosen, isCut: !isAll, live: `/phones/events?${query.toString()}` }));
}

function viewOnWall(carrier: Carrier, number: string, chosen: readonly string[], sender?: string): PhoneView {
  return { ...viewOf(carrier, number, sender), backTo: placeOnWall(chosen, number) };
}

/** Follows the phones that the page was drawn with; on a wall of all, others join when they are texted. */
function wallEvents(carrier: Carrier, c: Context): Response {
  const drawn = new Set(numbersIn(c.req.queries('numbers') ?? []));
  const takesNew = c.req.query('andNew') !== undefined;
  const chosen = takesNew ? [] : [...drawn];
  return liveStream(carrier, c, (message, since) => {
    if (message.kind !== 'text') return [];
    const number = phoneOf(message);
    const isNew = !drawn.has(number);
    if (isNew && !takesNew) return [];
    if (message.addedIn <= since) return [receiptFragment(message)];
    drawn.add(number);
    const view = viewOnWall(carrier, number, chosen, senderOf(message));
    const change = isNew
      ? [{ id: wallPhoneId(number), markup: wallPhone(view), into: wallListId }]
      : phoneFragments(carrier, view, message);
    return [...change, ...heard(message)];
  });
}

/** The phone turns to the conversation that has news, unless somebody is busy with the other one; then only its mark tells. */
function phoneFragments(carrier: Carrier, view: PhoneView, message: SimMessage): Fragment[] {
  const { number } = view;
  const before = carrier.store.texts
    .all()
    .findLast((each) => phoneOf(each) === number && each.addedIn < message.addedIn);
  const turns = !before || senderOf(before) !== senderOf(message);
  const beside = threadId(number, senderOf(message));
  return [
    ...(turns ? [{ id: wallPhoneId(number), markup: wallPhone(view), unlessBusy: true }] : []),
    ...[...messageFragments(view, message), ...chromeFragments(view)].map((each) => ({ ...each, beside })),
    { id: unreadMarkId(number), markup: unreadMark(view) },
  ];
}

function heard(message: SimMessage): Fragment[] {
  if (message.direction === 'inbound') return [];
  return [{ id: `${heardId}-line`, markup: heardLine(phoneOf(message), message), into: heardId }];
}
