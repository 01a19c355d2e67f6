import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { asId } from '../../../domain/ids.ts';
import { account } from '../../../simulator/account.ts';
import { startRig } from '../../../simulator/testing.ts';
import type { OutgoingText } from './transport.ts';
import { outcomeOf, twilioTransport } from './twilio.ts';

const publicUrl = 'http://127.0.0.1:9';
const to = '+358401234567';
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function simulated(outcome?: string) {
  const rig = await startRig();
  closing.push(() => rig.close());
  if (outcome) await rig.control('/behaviour', { to, outcome });
  return { rig, transport: transportTo(rig.url, rig.api.url) };
}

function transportTo(baseUrl: string, webhooks = publicUrl, timeoutMs = 500) {
  const { sid: accountSid, authToken } = account;
  return twilioTransport({ accountSid, authToken, baseUrl, timeoutMs, publicUrl: webhooks });
}

function message(patch: Partial<OutgoingText> = {}): OutgoingText {
  const messageId = asId<OutgoingText['messageId']>(randomUUID());
  return { messageId, attempt: 1, from: '+358401000001', to, text: 'See you at 9', validForSeconds: 600, ...patch };
}

/** A provider that answers whatever it is told to. */
async function answering(status: number, body: string) {
  const server = createServer((_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(body),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return transportTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

describe('sending', () => {
  it('hands the text over once, with our id and attempt in the address for receipts', async () => {
    const { rig, transport } = await simulated();
    const sent = message({ attempt: 2 });
    const outcome = await transport.send(sent);
    expect(outcome).toMatchObject({
      outcome: 'accepted',
      providerMessageId: expect.stringMatching(/^SM/),
      status: 'queued',
    });
    const [receipt] = await rig.api.received(1);
    expect(receipt?.url).toBe(`${rig.api.url}/webhooks/twilio/status?m=${sent.messageId}&a=2`);
  });

  it.each([0.2, 99_999, 36_000])(
    'keeps the time that it is valid within what the provider takes (%d s)',
    async (seconds) => {
      const { transport } = await simulated();
      expect(await transport.send(message({ validForSeconds: seconds }))).toMatchObject({ outcome: 'accepted' });
    },
  );

  it.each([
    ['invalid', { outcome: 'rejected', errorCode: '21211' }],
    ['optedOut', { outcome: 'rejected', errorCode: '21610' }],
    ['rateLimited:1', { outcome: 'busy', errorCode: '20429' }],
    ['errorButSent', { outcome: 'unknown', errorCode: '20500' }],
    ['errorNotSent:1', { outcome: 'unknown', errorCode: '20500' }],
    ['acceptThenTimeout', { outcome: 'unknown', errorCode: 'ECONNABORTED' }],
  ])('tells what %s is', async (behaviour, outcome) => {
    const { transport } = await simulated(behaviour);
    expect(await transport.send(message())).toEqual(outcome);
  });

  it('may be repeated where nobody was reached', async () => {
    expect(await transportTo('http://127.0.0.1:1').send(message())).toEqual({
      outcome: 'busy',
      errorCode: 'ECONNREFUSED',
    });
  });

  it('waits for a refused account to be put right, since nothing was processed', async () => {
    const { rig } = await simulated();
    const { sid: accountSid } = account;
    const stranger = twilioTransport({ accountSid, authToken: 'changed', baseUrl: rig.url, publicUrl });
    expect(await stranger.send(message())).toEqual({ outcome: 'busy', errorCode: '20003' });
  });

  it.each([
    [200, '{}', 'unknown'],
    [200, '<html>', 'unknown'],
    [302, '', 'unknown'],
    [408, '', 'unknown'],
    [502, '<html>', 'unknown'],
    [503, '{"code":20503,"message":"Service unavailable"}', 'unknown'],
    [400, '', 'rejected'],
    [404, 'null', 'rejected'],
    [429, '', 'busy'],
  ])('takes an answer of %d "%s" as %s', async (status, body, outcome) => {
    const transport = await answering(status, body);
    expect(await transport.send(message())).toMatchObject({ outcome });
  });

  it.each([
    'ENOTFOUND',
    'EAI_AGAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'CERT_HAS_EXPIRED',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ])('knows that with %s nothing left', (code) =>
    expect(outcomeOf(Object.assign(new Error(code), { code }))).toEqual({ outcome: 'busy', errorCode: code }),
  );

  it.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ERR_BAD_RESPONSE'])(
    'does not know what became of it with %s',
    (code) => {
      expect(outcomeOf(Object.assign(new Error(code), { code }))).toEqual({ outcome: 'unknown', errorCode: code });
    },
  );
});

describe('looking up', () => {
  it('finds a text that was taken although the answer was lost', async () => {
    const { transport } = await simulated('acceptThenTimeout');
    await transport.send(message({ text: 'another text' }));
    await transport.send(message({ text: 'the text' }));
    const found = await transport.find(to, (text) => text === 'the text');
    expect(found).toMatchObject({ providerMessageId: expect.stringMatching(/^SM/), errorCode: '' });
  });

  it('finds nothing where nothing was taken', async () => {
    const { transport } = await simulated('errorNotSent:1');
    await transport.send(message());
    expect(await transport.find(to, () => true)).toBeNull();
  });

  it('does not take silence for an answer', async () => {
    await expect(transportTo('http://127.0.0.1:1').find(to, () => true)).rejects.toThrow('ECONNREFUSED');
  });
});
