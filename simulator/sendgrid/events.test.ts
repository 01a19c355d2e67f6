import { createPublicKey, verify } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mailAccount } from '../account.ts';
import { mailTo, startRig } from '../testing.ts';
import type { Rig, WebhookRequest } from '../testing.ts';

const now = Date.parse('2026-11-22T10:00:00.900Z');
let rig: Rig;

beforeEach(async () => {
  rig = await startRig({ now: () => now });
});
afterEach(() => rig.close());

type Event = Record<string, unknown> & { event: string };
const eventsIn = ({ body }: WebhookRequest) => JSON.parse(body) as Event[];
const wordsIn = (requests: WebhookRequest[]) => requests.map((each) => eventsIn(each).map(({ event }) => event));
const statusOf = async () => {
  const [mail] = (await (await fetch(`${rig.url}/_sim/emails`)).json()) as { status: string }[];
  return mail?.status;
};

const key = createPublicKey({ key: Buffer.from(mailAccount.eventPublicKey, 'base64'), format: 'der', type: 'spki' });
function isSigned({ headers, body }: WebhookRequest, timestamp = headers['x-twilio-email-event-webhook-timestamp']) {
  const signature = Buffer.from(String(headers['x-twilio-email-event-webhook-signature']), 'base64');
  return verify('sha256', Buffer.from(`${String(timestamp)}${body}`), key, signature);
}

it('reports processed and delivered, each in a signed batch with what the sender gave along', async () => {
  const [answer] = await rig.mail({ customArgs: { vuoro_message: 'b1f0', vuoro_attempt: '1' } });
  const requests = await rig.api.received(2);
  expect(wordsIn(requests)).toEqual([['processed'], ['delivered']]);
  const [processed] = eventsIn(requests[0]!);
  expect(processed).toMatchObject({
    email: mailTo,
    timestamp: Math.floor(now / 1_000),
    sg_event_id: expect.stringMatching(/^[\w-]{20,100}$/),
    sg_message_id: expect.stringMatching(new RegExp(`^${String(answer.headers['x-message-id'])}\\.recvd-`)),
    vuoro_message: 'b1f0',
    vuoro_attempt: '1',
  });
  expect(requests.map(({ url }) => url)).toEqual(Array(2).fill(`${rig.api.url}/webhooks/sendgrid/events`));
  expect(requests.every((request) => isSigned(request))).toBe(true);
});

it('signs the time together with the body', async () => {
  await rig.mail();
  const [request] = await rig.api.received(1);
  expect(isSigned(request!, String(Math.floor(now / 1_000) + 1))).toBe(false);
  expect(isSigned({ ...request!, body: `${request!.body} ` })).toBe(false);
});

it.each<[string, string[][], string]>([
  ['noReceipt', [['processed']], 'processed'],
  ['undelivered:5.1.1', [['processed'], ['bounce']], 'bounce'],
  ['undelivered:4.2.2', [['processed'], ['bounce']], 'blocked'],
  ['invalid', [['dropped']], 'dropped'],
  ['optedOut', [['dropped']], 'dropped'],
  ['deferred', [['processed'], ['deferred'], ['delivered']], 'delivered'],
  ['sentBack', [['processed'], ['delivered'], ['bounce']], 'bounce'],
  ['reversedReceipts', [['delivered', 'processed']], 'delivered'],
  ['duplicateReceipts', [['processed', 'processed'], ['delivered', 'delivered'], ['delivered']], 'delivered'],
])('with %s posts the events as told, and its own status only rises', async (outcome, expected, status) => {
  await rig.control('/behaviour', { to: mailTo, outcome });
  await rig.mail();
  expect(wordsIn(await rig.api.received(expected.length))).toEqual(expected);
  expect(await statusOf()).toBe(status);
});

it('tells a repeated event by its id', async () => {
  await rig.mail({ to: 'eino9909@example.org' });
  const events = (await rig.api.received(3)).flatMap(eventsIn);
  const idsOf = (word: string) => events.filter(({ event }) => event === word).map((event) => event['sg_event_id']);
  expect([new Set(idsOf('processed')).size, new Set(idsOf('delivered')).size]).toEqual([1, 1]);
  expect(idsOf('delivered')).toHaveLength(3);
});

it.each([
  ['undelivered:5.1.1', { type: 'bounce', status: '5.1.1' }],
  ['undelivered:4.2.2', { type: 'blocked', status: '4.2.2' }],
  ['invalid', { reason: 'Invalid' }],
  ['optedOut', { reason: 'Unsubscribed Address' }],
])('says why, with %s', async (outcome, fields) => {
  await rig.control('/behaviour', { to: mailTo, outcome });
  await rig.mail();
  const batches = await rig.api.received(outcome.startsWith('undelivered') ? 2 : 1);
  expect(eventsIn(batches.at(-1)!)).toMatchObject([fields]);
});

it('comes again with whatever was not answered well, signed anew', async () => {
  rig.api.status = 503;
  await rig.mail({ to: 'eino9908@example.org' });
  await rig.api.received(1);
  rig.api.connectionsToDrop = 1;
  const requests = await rig.api.received(3);
  rig.api.status = 204;
  expect(wordsIn(requests)).toEqual([['processed'], ['processed'], ['processed']]);
  expect(requests.every((request) => isSigned(request))).toBe(true);
});

it('goes on to the next event only when it has given up on one', async () => {
  rig.api.status = 403;
  await rig.mail();
  expect(wordsIn(await rig.api.received(10))).toEqual([
    ...Array(5).fill(['processed']),
    ...Array(5).fill(['delivered']),
  ]);
});
