import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, patient, sender, startRig } from '../testing.ts';
import type { Rig } from '../testing.ts';

let rig: Rig;
let now: number;

beforeEach(async () => {
  now = Date.parse('2026-11-22T10:00:00Z');
  rig = await startRig({ now: () => now });
});
afterEach(() => rig.close());

describe('sending with the real client library', () => {
  it('accepts a message and answers with what the library reads', async () => {
    const message = await rig.send({ body: 'Tervetuloa!' });
    expect(message).toMatchObject({
      sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
      status: 'queued',
      direction: 'outbound-api',
      to: patient,
      from: sender,
      body: 'Tervetuloa!',
      numSegments: '1',
      errorCode: null,
      dateCreated: new Date(now),
      uri: `/2010-04-01/Accounts/${message.accountSid}/Messages/${message.sid}.json`,
    });
  });

  it('accepts a message for a messaging service, which picks the number', async () => {
    const messagingServiceSid = `MG${'0'.repeat(32)}`;
    const message = await rig.client.messages.create({ to: patient, messagingServiceSid, body: 'Hello' });
    expect(message).toMatchObject({
      status: 'accepted',
      messagingServiceSid,
      from: expect.stringMatching(/^\+1500555\d{4}$/),
    });
  });

  it.each([
    ['a'.repeat(160), '1'],
    ['a'.repeat(161), '2'],
    ['“quoted”', '1'],
    ['“'.repeat(71), '2'],
  ])('counts the segments that the carrier bills', async (body, numSegments) => {
    expect(await rig.send({ body })).toMatchObject({ numSegments });
  });

  it.each([
    ['no recipient', { to: '' }, 400, 21604],
    ['a recipient that is no number', { to: '0401234567' }, 400, 21211],
    ['no sender', { from: '' }, 400, 21603],
    ['a sender that is no number', { from: '+3' }, 400, 21212],
    ['a sender of somebody else', { from: '+358401009920' }, 400, 21606],
    ['an unknown messaging service', { messagingServiceSid: 'MG1' }, 404, 21701],
    ['no body', { body: '' }, 400, 21602],
    ['a body over 1600 characters', { body: 'a'.repeat(1_601) }, 400, 21617],
    ['a validity of no time', { validityPeriod: 0 }, 400, 21621],
    ['a callback to another machine', { statusCallback: 'http://192.0.2.1/status' }, 400, 21609],
    ['a callback that only looks local', { statusCallback: 'http://127.0.0.1.example.org/' }, 400, 21609],
  ])('refuses %s', async (_, fields, status, code) => {
    await expect(rig.send(fields)).rejects.toMatchObject({
      status,
      code,
      moreInfo: expect.stringContaining(String(code)),
    });
    expect(await rig.client.messages.list()).toEqual([]);
  });

  it('refuses wrong credentials', async () => {
    const stranger = clientOf(rig.url, { authToken: 'wrong' });
    const refusal = stranger.messages.create({ to: patient, from: sender, body: 'Hello' });
    await expect(refusal).rejects.toMatchObject({ status: 401, code: 20003 });
  });
});

describe('looking up', () => {
  it('finds a message by its SID', async () => {
    const { sid } = await rig.send();
    expect(await rig.client.messages(sid).fetch()).toMatchObject({ sid, body: 'Hello' });
  });

  it('answers 404 for a SID that it never gave', async () => {
    const missing = rig.client.messages(`SM${'0'.repeat(32)}`).fetch();
    await expect(missing).rejects.toMatchObject({ status: 404, code: 20404 });
  });

  it('lists what one number was sent, newest first, over as many pages as it takes', async () => {
    for (const body of ['1', '2', '3', '4', '5']) await rig.send({ body });
    await rig.send({ to: '+4915112345678', body: 'another number' });
    const list = await rig.client.messages.list({ to: patient, pageSize: 2 });
    expect(list.map((message) => message.body)).toEqual(['5', '4', '3', '2', '1']);
  });

  it('lists by the time of sending, the second itself included', async () => {
    await rig.send({ body: 'early', statusCallback: rig.api.url });
    await rig.api.received(3);
    now += 60_500;
    await rig.send({ body: 'late' });
    const from = await rig.client.messages.list({ to: patient, dateSentAfter: new Date(now) });
    const until = await rig.client.messages.list({ to: patient, dateSentBefore: new Date(now - 1_000) });
    const onDay = await rig.client.messages.list({ dateSent: new Date(now) });
    expect([from, until, onDay].map((list) => list.map((message) => message.body))).toEqual([
      ['late'],
      ['early'],
      ['late', 'early'],
    ]);
  });
});
