import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mailAccount } from '../account.ts';
import { mailFields, mailServiceOf, mailTo, startRig } from '../testing.ts';
import type { Rig } from '../testing.ts';

const now = Date.parse('2026-11-22T10:00:00Z');
let rig: Rig;

beforeEach(async () => {
  rig = await startRig({ now: () => now });
});
afterEach(() => rig.close());

const emails = async (to = mailTo) => {
  const response = await fetch(`${rig.url}/_sim/emails?to=${encodeURIComponent(to)}`);
  return (await response.json()) as Record<string, unknown>[];
};
const post = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${rig.url}/v3/mail/send`, {
    method: 'POST',
    headers: { authorization: `Bearer ${mailAccount.apiKey}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const whole = {
  personalizations: [{ to: [{ email: mailTo }] }],
  from: { email: 'kallio@vuoro.test' },
  subject: 'Your visit',
  content: [{ type: 'text/plain', value: 'Hello' }],
};
const recipient = (more: object) => ({ personalizations: [{ to: [{ email: mailTo }], ...more }] });

describe('sending with the real client library', () => {
  it('accepts a mail and keeps all of it', async () => {
    const calendar = { filename: 'visit.ics', type: 'text/calendar; method=PUBLISH', content: 'QkVHSU46VkNBTEVOREFS' };
    const [answer] = await rig.mail({
      html: '<p>Hello</p>',
      attachments: [{ ...calendar, disposition: 'attachment' }],
      headers: { 'Auto-Submitted': 'auto-generated' },
      customArgs: { vuoro_message: 'm1', vuoro_attempt: '1' },
      trackingSettings: { clickTracking: { enable: false }, openTracking: { enable: false } },
    });
    expect(answer.statusCode).toBe(202);
    expect(await emails()).toEqual([
      {
        id: answer.headers['x-message-id'],
        to: mailTo,
        from: 'kallio@vuoro.test',
        fromName: 'Kallion hammashoitola',
        subject: 'Your visit',
        text: 'Hello',
        html: '<p>Hello</p>',
        attachments: [calendar],
        headers: { 'Auto-Submitted': 'auto-generated' },
        customArgs: { vuoro_message: 'm1', vuoro_attempt: '1' },
        status: expect.any(String),
        at: '2026-11-22T10:00:00.000Z',
      },
    ]);
  });

  it('gives each recipient a mail, under the one id that the sender is told', async () => {
    const [answer] = await rig.mail({ to: [mailTo, 'another@example.org'], customArgs: { vuoro_message: 'm1' } });
    expect((await emails()).map(({ id }) => id)).toEqual([answer.headers['x-message-id']]);
    expect(await emails('another@example.org')).toMatchObject([{ customArgs: { vuoro_message: 'm1' } }]);
  });

  it('refuses a wrong key', async () => {
    const stranger = mailServiceOf(rig.url, 'SG.stranger').send(mailFields());
    const body = { errors: [expect.objectContaining({ message: expect.stringMatching(/grant is invalid/) })] };
    await expect(stranger).rejects.toMatchObject({ code: 401, response: { body } });
    expect(await emails()).toEqual([]);
  });
});

describe('the wire', () => {
  it('answers an accepted mail with nothing but its id', async () => {
    const answer = await post(whole);
    expect([answer.status, await answer.text()]).toEqual([202, '']);
    expect(answer.headers.get('x-message-id')).toMatch(/^[\w-]{22}$/);
  });

  it.each<[string, object, string, RegExp]>([
    ['no recipients', { personalizations: [] }, 'personalizations', /at least one personalization/],
    ['an empty list of recipients', recipient({ to: [] }), 'personalizations.0.to', /to array is required/],
    [
      'a recipient that is no address',
      recipient({ to: [{ email: 'eino' }] }),
      'personalizations.0.to.0.email',
      /valid address/,
    ],
    [
      'a recipient named twice',
      recipient({ cc: [{ email: mailTo.toUpperCase() }] }),
      'personalizations.0',
      /should be unique/,
    ],
    ['no sender', { from: undefined }, 'from', /from object must be provided/],
    ['no subject', { subject: '' }, 'subject', /subject is required/],
    ['no content', { content: [] }, 'content', /at least one defined content block/],
    ['an empty part', { content: [{ type: 'text/plain', value: '' }] }, 'content.0.value', /at least one character/],
    [
      'HTML before the plain text',
      {
        content: [
          { type: 'text/html', value: '<p>Hi</p>' },
          { type: 'text/plain', value: 'Hi' },
        ],
      },
      'content',
      /text\/plain needs to be first/,
    ],
    [
      'two plain texts',
      {
        content: [
          { type: 'text/plain', value: 'Hi' },
          { type: 'text/plain', value: 'Hi' },
        ],
      },
      'content',
      /text\/plain needs to be first/,
    ],
    [
      'an attachment as it is',
      { attachments: [{ content: 'BEGIN:VCALENDAR', filename: 'a.ics' }] },
      'attachments.0.content',
      /base64/,
    ],
    [
      'an attachment without a name',
      { attachments: [{ content: 'QUJD' }] },
      'attachments.0.filename',
      /filename is required/,
    ],
    ['a header of its own', { headers: { Subject: 'Other' } }, 'headers', /reserved/],
    [
      'custom arguments that are not text',
      { custom_args: { vuoro_attempt: 1 } },
      'custom_args.vuoro_attempt',
      /string/,
    ],
    ['custom arguments over 10000 bytes', { custom_args: { a: 'x'.repeat(10_000) } }, 'custom_args', /10000 bytes/],
  ])('refuses %s', async (_, fields, field, message) => {
    const answer = await post({ ...whole, ...fields });
    expect(answer.status).toBe(400);
    const help = expect.stringContaining(`errors.html#message.${field.replaceAll(/\.\d/g, '')}`);
    expect(await answer.json()).toEqual({ errors: [{ field, message: expect.stringMatching(message), help }] });
    expect(await emails()).toEqual([]);
  });

  it('names everything that is wrong at once', async () => {
    const { errors } = (await (await post({})).json()) as { errors: { field: string }[] };
    expect(errors.map(({ field }) => field)).toEqual(['personalizations', 'from', 'content']);
  });

  it.each<[string, unknown, Record<string, string>, number]>([
    ['what is not JSON', '{', {}, 400],
    ['another media type', whole, { 'content-type': 'text/plain' }, 415],
    ['no key', whole, { authorization: '' }, 401],
    ['more than 30 MB', { ...whole, subject: 'x'.repeat(31 * 1024 * 1024) }, {}, 413],
  ])('refuses %s', async (_, body, headers, status) => {
    const answer = await post(body, headers);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ errors: [{ message: expect.any(String), field: null, help: null }] });
  });

  it('only checks a mail in sandbox mode', async () => {
    expect((await post({ ...whole, mail_settings: { sandbox_mode: { enable: true } } })).status).toBe(200);
    expect(await emails()).toEqual([]);
  });
});

describe('addresses that misbehave', () => {
  it('limit the rate as often as they were told, then accept', async () => {
    await rig.control('/behaviour', { to: mailTo, outcome: 'rateLimited:2' });
    for (const _ of [1, 2]) {
      const limited = await post(whole);
      expect([limited.status, limited.headers.get('x-ratelimit-remaining')]).toEqual([429, '0']);
    }
    expect((await post(whole)).status).toBe(202);
    expect(await emails()).toHaveLength(1);
  });

  it('answer 500 to a mail that is sent all the same, and to one that is not', async () => {
    await rig.control('/behaviour', { to: mailTo, outcome: 'errorButSent' });
    await expect(rig.mail()).rejects.toMatchObject({ code: 500 });
    expect(await emails()).toHaveLength(1);
    await expect(rig.mail({ to: 'eino9907@example.org' })).rejects.toMatchObject({ code: 500 });
    expect(await emails('eino9907@example.org')).toHaveLength(0);
  });

  it('never answer, but get their mail', async () => {
    await rig.control('/behaviour', { to: mailTo, outcome: 'acceptThenTimeout' });
    await expect(mailServiceOf(rig.url, mailAccount.apiKey, 1_000).send(mailFields())).rejects.toMatchObject({
      code: 'ECONNABORTED',
    });
    await rig.api.received(2);
    expect(await emails()).toMatchObject([{ status: 'delivered' }]);
  });
});
