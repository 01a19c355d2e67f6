import twilio from 'twilio';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { account } from '../account.ts';
import { clientOf, patient, sender, startRig } from '../testing.ts';
import type { Rig, WebhookRequest } from '../testing.ts';

let rig: Rig;
let statusCallback: string;

beforeEach(async () => {
  rig = await startRig();
  statusCallback = `${rig.api.url}/webhooks/twilio/status?m=b1f0&a=1`;
});
afterEach(() => rig.close());

const statuses = (requests: WebhookRequest[]) => requests.map(({ form }) => form['MessageStatus']);
const isSigned = ({ headers, url, form }: WebhookRequest) =>
  twilio.validateRequest(account.authToken, String(headers['x-twilio-signature']), url, form);

it('reports queued, sent and delivered, signed over the whole address', async () => {
  const { sid } = await rig.send({ statusCallback });
  const requests = await rig.api.received(3);
  expect(statuses(requests)).toEqual(['queued', 'sent', 'delivered']);
  expect(requests.map(({ url }) => url)).toEqual([statusCallback, statusCallback, statusCallback]);
  expect(requests.every(isSigned)).toBe(true);
  expect(requests[2]?.form).toMatchObject({
    MessageSid: sid,
    SmsSid: sid,
    SmsStatus: 'delivered',
    To: patient,
    From: sender,
    AccountSid: account.sid,
    ApiVersion: '2010-04-01',
  });
});

it('signs so that a changed field is noticed', async () => {
  await rig.send({ statusCallback });
  const [request] = await rig.api.received(1);
  expect(isSigned({ ...request!, form: { ...request!.form, MessageStatus: 'delivered' } })).toBe(false);
});

it('says why a message did not arrive, in the receipt and in the look-up', async () => {
  await rig.control('/behaviour', { to: patient, outcome: 'undelivered:30005' });
  const { sid } = await rig.send({ statusCallback });
  const requests = await rig.api.received(3);
  expect(requests[2]?.form).toMatchObject({ MessageStatus: 'undelivered', ErrorCode: '30005' });
  expect(isSigned(requests[2]!)).toBe(true);
  expect(await rig.client.messages(sid).fetch()).toMatchObject({ status: 'undelivered', errorCode: 30005 });
});

it.each([
  ['noReceipt', ['queued', 'sent'], 'sent'],
  ['duplicateReceipts', ['queued', 'queued', 'sent', 'sent', 'delivered', 'delivered'], 'delivered'],
  ['reversedReceipts', ['delivered', 'sent', 'queued'], 'delivered'],
])('with %s posts the receipts as told, and its own status only rises', async (outcome, expected, status) => {
  await rig.control('/behaviour', { to: patient, outcome });
  const { sid } = await rig.send({ statusCallback });
  await rig.send({ to: '+358401111111', statusCallback: `${rig.api.url}/other` });
  const requests = await rig.api.received(expected.length + 3);
  expect(statuses(requests.filter(({ url }) => url === statusCallback))).toEqual(expected);
  expect((await rig.client.messages(sid).fetch()).status).toBe(status);
});

it.each([
  [
    'in time',
    60,
    ['queued', 'sent', 'delivered'],
    { status: 'delivered', errorCode: null, dateSent: expect.any(Date) },
  ],
  ['not at all', 59, ['queued', 'undelivered'], { status: 'undelivered', errorCode: 30036, dateSent: null }],
])('sends a text that is late by 60 seconds %s if it may wait for %d', async (_, validityPeriod, expected, look) => {
  await rig.control('/behaviour', { to: patient, outcome: 'late:60' });
  const { sid } = await rig.send({ statusCallback, validityPeriod });
  expect(statuses(await rig.api.received(expected.length))).toEqual(expected);
  expect(await rig.client.messages(sid).fetch()).toMatchObject(look);
});

it('tries a failed connection once more', async () => {
  rig.api.connectionsToDrop = 1;
  await rig.send({ statusCallback });
  expect(statuses(await rig.api.received(4))).toEqual(['queued', 'queued', 'sent', 'delivered']);
});

it('does not repeat what was answered, however unhappily', async () => {
  rig.api.status = 503;
  await rig.send({ statusCallback });
  expect(statuses(await rig.api.received(3))).toEqual(['queued', 'sent', 'delivered']);
});

it('follows no redirect', async () => {
  rig.api.status = 307;
  rig.api.redirectTo = '/elsewhere';
  await rig.send({ statusCallback });
  expect((await rig.api.received(3)).map(({ url }) => url)).toEqual([statusCallback, statusCallback, statusCallback]);
});

it('never answers a request that it was told to keep, but sends the message', async () => {
  await rig.control('/behaviour', { to: patient, outcome: 'acceptThenTimeout' });
  const impatient = clientOf(rig.url, { timeout: 1_000 });
  const send = impatient.messages.create({ to: patient, from: sender, body: 'Hello', statusCallback });
  await expect(send).rejects.toMatchObject({ code: 'ECONNABORTED' });
  expect(statuses(await rig.api.received(3))).toEqual(['queued', 'sent', 'delivered']);
  expect(await rig.client.messages.list({ to: patient })).toHaveLength(1);
});

it('answers 500 to a message that it sends all the same', async () => {
  await rig.control('/behaviour', { to: patient, outcome: 'errorButSent' });
  await expect(rig.send({ statusCallback })).rejects.toMatchObject({ status: 500 });
  expect(statuses(await rig.api.received(3))).toEqual(['queued', 'sent', 'delivered']);
});
