import twilio from 'twilio';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { account } from '../account.ts';
import { patient, sender, startRig } from '../testing.ts';
import type { Rig } from '../testing.ts';

let rig: Rig;
const otherSender = '+4915110000001';
const messagingServiceSid = `MG${'a'.repeat(32)}`;

beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const write = (body: string, to = sender) => rig.control('/reply', { from: patient, to, body });
const sentBodies = async () => {
  const response = await fetch(`${rig.url}/_sim/messages`);
  return ((await response.json()) as { body: string }[]).map((message) => message.body);
};

it('hands a reply to the API as the carrier would, signed', async () => {
  const response = await write('Kiitos & hei!');
  const [request] = await rig.api.received(1);
  expect(await response.json()).toEqual({ id: request?.form['MessageSid'], status: 204, body: '' });
  expect(request?.url).toBe(`${rig.api.url}/webhooks/twilio/messages`);
  expect(request?.form).toMatchObject({
    SmsMessageSid: request?.form['MessageSid'],
    AccountSid: account.sid,
    From: patient,
    To: sender,
    Body: 'Kiitos & hei!',
    NumMedia: '0',
    NumSegments: '1',
    FromCity: '',
  });
  const signature = String(request?.headers['x-twilio-signature']);
  expect(twilio.validateRequest(account.authToken, signature, request!.url, request!.form)).toBe(true);
});

it('tells what the API answered', async () => {
  rig.api.status = 403;
  expect(await (await write('Hello')).json()).toMatchObject({ status: 403 });
});

it('says so when nobody answers', async () => {
  await rig.api.close();
  const response = await write('Hello');
  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({ error: expect.stringContaining(rig.api.url) });
});

it.each([
  ['stop', 'STOP'],
  [' Unsubscribe ', 'STOP'],
  ['START', 'START'],
  ['Yes', 'START'],
  ['info', 'HELP'],
  ['STOP it', undefined],
  ['peruuta', undefined],
])('with Advanced Opt-Out marks %j alone as the carrier does', async (body, optOutType) => {
  await rig.control('/carrier', { advancedOptOut: true });
  const { from } = await rig.client.messages.create({ to: patient, messagingServiceSid, body: 'Hello' });
  await write(body, from);
  const [request] = await rig.api.received(1);
  expect(request?.form['OptOutType']).toBe(optOutType);
});

it('marks nothing without Advanced Opt-Out, nor for a number outside a messaging service', async () => {
  const { from } = await rig.client.messages.create({ to: patient, messagingServiceSid, body: 'Hello' });
  await write('STOP', from);
  await rig.control('/carrier', { advancedOptOut: true });
  await write('STOP');
  const marks = (await rig.api.received(2)).map(({ form }) => form['OptOutType']);
  expect(marks).toEqual([undefined, undefined]);
});

it('blocks the pair of sender and phone after STOP, until START', async () => {
  await write('STOP');
  await expect(rig.send()).rejects.toMatchObject({ status: 400, code: 21610 });
  await rig.send({ from: otherSender, body: 'another clinic' });
  await rig.send({ to: '+358401111111', body: 'another phone' });
  await write('START');
  await rig.send({ body: 'again' });
  expect(await sentBodies()).toEqual(['another clinic', 'another phone', 'again']);
});

it('lets the carrier confirm a STOP once, apart from what the API sent', async () => {
  await write('STOP');
  await write('STOP');
  const list = await rig.client.messages.list({ to: patient });
  expect(list.map((message) => message.direction)).toEqual(['outbound-reply']);
  expect(await sentBodies()).toEqual([]);
});

it('names the messaging service that the conversation runs over', async () => {
  const { from } = await rig.client.messages.create({ to: patient, messagingServiceSid, body: 'Hello' });
  await write('Hello', from);
  const [request] = await rig.api.received(1);
  expect(request?.form['MessagingServiceSid']).toBe(messagingServiceSid);
});
