import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { asId } from '../../../domain/ids.ts';
import { mailAccount } from '../../../simulator/account.ts';
import { startRig } from '../../../simulator/testing.ts';
import { outcomeOf, sendgridMailer, sendgridTransport } from './sendgrid.ts';
import type { OutgoingEmail } from './transport.ts';

const to = 'eino@example.org';
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

async function simulated(outcome?: string) {
  const rig = await startRig();
  closing.push(() => rig.close());
  if (outcome) await rig.control('/behaviour', { to, outcome });
  const mails = async () => {
    const response = await fetch(`${rig.url}/_sim/emails?to=${encodeURIComponent(to)}`);
    return (await response.json()) as Record<string, unknown>[];
  };
  return { rig, mails, transport: transportTo(rig.url) };
}

function transportTo(baseUrl: string, apiKey: string = mailAccount.apiKey) {
  return sendgridTransport({ apiKey, baseUrl, timeoutMs: 500, domain: 'vuoro.test' });
}

function message(patch: Partial<OutgoingEmail> = {}): OutgoingEmail {
  return {
    messageId: asId<OutgoingEmail['messageId']>(randomUUID()),
    attempt: 1,
    from: 'vuoro@kallio.example',
    fromName: 'Kallion hammashoitola',
    to,
    subject: 'Your appointment',
    text: 'See you at 9',
    html: '<p>See you at 9</p>',
    calendar: null,
    validForSeconds: 600,
    ...patch,
  };
}

/** A provider that answers whatever it is told to, and keeps what it was asked. */
async function answering(status: number, headers: Record<string, string> = {}, body = '') {
  const asked: { path: string; body: string }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((sent) => {
      asked.push({ path: request.url ?? '', body: sent });
      response.writeHead(status, headers).end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, url, transport: transportTo(url) };
}

describe('the address of the provider', () => {
  it('stays what it was set to, although the key resets it', () => {
    const mailer = sendgridMailer({ apiKey: mailAccount.apiKey, baseUrl: 'http://127.0.0.1:3001' });
    expect(mailer.client.defaultRequest.baseUrl).toBe('http://127.0.0.1:3001');
  });

  it('is the real one where nothing is said', () => {
    expect(sendgridMailer({ apiKey: 'SG.key' }).client.defaultRequest.baseUrl).toBe('https://api.sendgrid.com/');
  });

  it('belongs to one mailer alone', async () => {
    const { transport, mails } = await simulated();
    sendgridMailer({ apiKey: 'SG.another' });
    expect(await transport.send(message())).toMatchObject({ outcome: 'accepted' });
    expect(await mails()).toHaveLength(1);
  });
});

describe('sending', () => {
  it('hands the mail over once, with our id and attempt for the events', async () => {
    const { mails, transport } = await simulated();
    const sent = message({ attempt: 2, calendar: 'BEGIN:VCALENDAR ä' });
    const outcome = await transport.send(sent);
    const [mail, ...others] = await mails();
    expect(outcome).toEqual({ outcome: 'accepted', providerMessageId: mail?.['id'], status: 'queued' });
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      to,
      from: 'vuoro@kallio.example',
      fromName: 'Kallion hammashoitola',
      subject: 'Your appointment',
      text: 'See you at 9',
      html: '<p>See you at 9</p>',
      headers: { 'Auto-Submitted': 'auto-generated', 'Message-ID': `<${sent.messageId}@vuoro.test>` },
    });
    expect(mail?.['customArgs']).toEqual({ vuoro_message: sent.messageId, vuoro_attempt: '2' });
    const content = Buffer.from('BEGIN:VCALENDAR ä').toString('base64');
    expect(mail?.['attachments']).toEqual([{ filename: 'appointment.ics', type: 'text/calendar', content }]);
  });

  it('wants nobody followed, and attaches nothing where there is nothing', async () => {
    const { asked, transport } = await answering(202, { 'x-message-id': 'id' });
    await transport.send(message());
    expect(asked.map(({ path }) => path)).toEqual(['/v3/mail/send']);
    const body = JSON.parse(asked[0]?.body ?? '') as Record<string, unknown>;
    expect(body).not.toHaveProperty('attachments');
    expect(body['tracking_settings']).toEqual({
      click_tracking: { enable: false, enable_text: false },
      open_tracking: { enable: false },
    });
  });

  it.each([
    ['rateLimited:1', { outcome: 'busy', errorCode: '429' }],
    ['errorButSent', { outcome: 'unknown', errorCode: '500' }],
    ['errorNotSent:1', { outcome: 'unknown', errorCode: '500' }],
    ['acceptThenTimeout', { outcome: 'unknown', errorCode: 'ECONNABORTED' }],
  ])('tells what %s is', async (behaviour, outcome) => {
    const { transport } = await simulated(behaviour);
    expect(await transport.send(message())).toEqual(outcome);
  });

  it('is refused an address that is none', async () => {
    const { transport } = await simulated();
    const outcome = await transport.send(message({ to: 'eino' }));
    expect(outcome).toEqual({ outcome: 'rejected', errorCode: 'INVALID_RECIPIENT' });
  });

  it('does not blame the address for what else is wrong', async () => {
    const { transport } = await simulated();
    expect(await transport.send(message({ subject: '' }))).toEqual({ outcome: 'rejected', errorCode: '400' });
  });

  it('may be repeated where nobody was reached', async () => {
    const outcome = await transportTo('http://127.0.0.1:1').send(message());
    expect(outcome).toEqual({ outcome: 'busy', errorCode: 'ECONNREFUSED' });
  });

  it('waits for a refused key to be put right, since nothing was processed', async () => {
    const { rig } = await simulated();
    const outcome = await transportTo(rig.url, 'SG.changed').send(message());
    expect(outcome).toEqual({ outcome: 'busy', errorCode: '401' });
  });

  it.each([
    [200, { 'x-message-id': 'id' }, 'unknown'],
    [202, {}, 'unknown'],
    [408, {}, 'unknown'],
    [502, {}, 'unknown'],
    [503, {}, 'unknown'],
    [403, {}, 'busy'],
    [429, {}, 'busy'],
    [404, {}, 'rejected'],
    [413, {}, 'rejected'],
  ])('takes an answer of %d with %j as %s', async (status, headers, outcome) => {
    const { transport } = await answering(status, headers, '<html>');
    expect(await transport.send(message())).toMatchObject({ outcome });
  });

  it('follows no redirection with a mail', async () => {
    const other = await answering(202, { 'x-message-id': 'id' });
    const { transport } = await answering(307, { location: `${other.url}/v3/mail/send` });
    expect(await transport.send(message())).toMatchObject({ outcome: 'unknown' });
    expect(other.asked).toEqual([]);
  });

  it.each([
    [{ code: 400, response: { body: 'text' } }, 'rejected'],
    [{ code: 400, response: { body: { errors: [null] } } }, 'rejected'],
    [{ code: 'ENOTFOUND' }, 'busy'],
    [{ code: 'ECONNRESET' }, 'unknown'],
    [undefined, 'unknown'],
  ])('is not confused by an error like %j', (error, outcome) => expect(outcomeOf(error)).toMatchObject({ outcome }));
});
