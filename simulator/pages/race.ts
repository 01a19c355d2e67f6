import type { Context } from 'hono';
import type { Carrier } from '../carrier.ts';
import { receiveText } from '../twilio/inbound.ts';
import type { Text } from '../twilio/inbound.ts';
import { codesToAnswer } from './codes.ts';
import { conversationsOn } from './conversation.ts';
import { isWallPath, wallPath } from './wall.ts';

type Place = Pick<Text, 'from' | 'to'>;

/**
 * Replies from all ticked conversations at the same moment: the same text, or each the first code it was sent. The order is
 * left to chance, so that no phone wins because of its place on the page.
 */
export async function replyFromAll(carrier: Carrier, c: Context): Promise<Response> {
  const form = new URLSearchParams(await c.req.text());
  const ticked = form.getAll('numbers').map(placeOf);
  const texts = ticked.flatMap((place) => replyFrom(carrier, place, form));
  if (texts.length === 0) return c.text(whyNone(ticked.length, form), 400);
  const lots = texts.map((text) => ({ text, lot: Math.random() })).toSorted((a, b) => a.lot - b.lot);
  await Promise.all(lots.map(({ text }) => receiveText(carrier, text)));
  if (c.req.header('accept') === 'application/json') return c.text(whatHappened(ticked.length, texts.length));
  const backTo = form.get('backTo') ?? '';
  return c.redirect(isWallPath(backTo) ? backTo : wallPath([]), 303);
}

/** A number and its sender, as the page's ticks name them; a number alone was never texted. */
function placeOf(ticked: string): Place {
  const [from = '', ...sender] = ticked.split(' ');
  return { from, to: sender.join(' ') };
}

function replyFrom(carrier: Carrier, place: Place, form: URLSearchParams): Text[] {
  const conversation = conversationsOn(carrier.store, place.from).find(({ sender }) => sender === place.to);
  if (!conversation) return [];
  const body = form.get('with') === 'code' ? codesToAnswer(conversation)[0] : form.get('body');
  return body?.trim() && body.length <= 1_600 ? [{ ...place, body }] : [];
}

function whyNone(ticked: number, form: URLSearchParams): string {
  if (ticked === 0) return 'Tick a phone first.';
  if (form.get('with') === 'code') return 'None of these phones was sent a code in its latest text.';
  return 'Write something, up to 1600 characters, on phones that have been texted.';
}

function whatHappened(ticked: number, sent: number): string {
  const left = ticked - sent;
  return `Sent from ${phones(sent)} at once.${left > 0 ? ` ${phones(left)} had nothing to reply.` : ''}`;
}

function phones(count: number): string {
  return count === 1 ? '1 phone' : `${count} phones`;
}
