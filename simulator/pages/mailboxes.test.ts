import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endingOf, outcomeKinds } from '../behaviour.ts';
import { calendarFile, mailTo, startRig } from '../testing.ts';
import type { Rig } from '../testing.ts';
import { heardUntil } from './heard.ts';

let rig: Rig;
const mailbox = `/mailboxes/${mailTo}`;

beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const get = (path: string) => fetch(`${rig.url}${path}`);
const pageAt = async (path: string) => (await get(path)).text();
const sendMail = async (fields: Parameters<Rig['mail']>[0] = {}) =>
  String((await rig.mail(fields))[0].headers['x-message-id']);

describe('a mailbox', () => {
  it('shows a mail with its text escaped and its links to click', async () => {
    await sendMail({ subject: 'Your <visit>', text: '<b>Hei</b>: http://127.0.0.1:3000/a/t0k3n.' });
    const page = await pageAt(mailbox);
    expect(page).toContain('Your &lt;visit&gt;');
    expect(page).toContain('&lt;b&gt;Hei&lt;/b&gt;: <a href="http://127.0.0.1:3000/a/t0k3n"');
    expect(page).toContain('Kallion hammashoitola &lt;kallio@vuoro.test&gt;');
  });

  it('holds what was sent to its address in whatever case, newest first and nothing else', async () => {
    await sendMail({ subject: 'First' });
    await sendMail({ subject: 'Second', to: mailTo.toUpperCase() });
    await sendMail({ subject: 'Not here', to: 'another@example.org' });
    const page = await pageAt(`/mailboxes/${encodeURIComponent(mailTo.toUpperCase())}`);
    expect(page).toMatch(/Second.*First/s);
    expect(page).not.toContain('Not here');
  });

  it('keeps the formatted part out of the page, in a frame where it may do nothing', async () => {
    const id = await sendMail({ html: '<head></head><script>alert(1)</script><a href="http://127.0.0.1/">x</a>' });
    expect(await pageAt(mailbox)).not.toContain('alert(1)');
    const part = await get(`${mailbox}/${id}/html`);
    expect(await part.text()).toBe(
      '<!doctype html><head><base target="_blank"></head><script>alert(1)</script><a href="http://127.0.0.1/">x</a>',
    );
    const policy = part.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/sandbox .*default-src 'none'/);
    expect(policy).not.toMatch(/allow-scripts|allow-forms|allow-top-navigation|http/);
    expect(policy).toContain("frame-ancestors 'self'");
  });

  it('offers an attachment exactly as it came, to keep and not to open', async () => {
    const file = { filename: 'käynti 1.html', type: 'text/html', content: Buffer.from('<p>å</p>').toString('base64') };
    const id = await sendMail({ attachments: [file] });
    const answer = await get(`${mailbox}/${id}/attachments/0`);
    expect(await answer.text()).toBe('<p>å</p>');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.filename)}`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
  });

  it('shows a calendar file as a person would read it, and as it is', async () => {
    await sendMail({ attachments: [calendarFile({ STATUS: 'CANCELLED', LOCATION: 'Hämeentie 1\\, Helsinki' })] });
    const page = await pageAt(mailbox);
    expect(page).toMatch(/class="event is-cancelled".*Kallion hammashoitola.*4 January 2027/s);
    expect(page).toContain('<p>Hämeentie 1, Helsinki</p>');
    expect(page).toContain('LOCATION:Hämeentie 1\\, Helsinki');
  });

  it.each(['html', 'attachments/0'])('has nothing at the address of what it was not sent: %s', async (part) => {
    const id = await sendMail({ html: '<p>Hi</p>', attachments: [calendarFile()] });
    expect((await get(`${mailbox}/${id}/${part}`)).status).toBe(200);
    expect((await get(`/mailboxes/another@example.org/${id}/${part}`)).status).toBe(404);
    expect((await get(`${mailbox}/${id}x/${part}`)).status).toBe(404);
    expect((await get(`${mailbox}/${id}/${part}9`)).status).toBe(404);
  });

  it('says why a mail did not arrive, and what the API answered to that', async () => {
    rig.api.status = 403;
    await sendMail({ to: 'eino9903@example.org' });
    await rig.api.received(5);
    const page = await heardUntil(rig, '/mailboxes/eino9903@example.org/events?since=0', /Invalid.*API answered 403/s);
    expect(page).toContain('Dropped');
  });

  it('can be told how to behave', async () => {
    const tell = (outcome: string) =>
      fetch(`${rig.url}${mailbox}/behaviour`, {
        method: 'POST',
        body: new URLSearchParams({ outcome }),
        redirect: 'manual',
      });
    expect((await tell('rateLimited:1')).status).toBe(303);
    await expect(rig.mail()).rejects.toMatchObject({ code: 429 });
    expect((await tell('undelivered:30003')).status).toBe(400);
  });

  it('allows nothing from elsewhere on its page', async () => {
    await sendMail({ attachments: [calendarFile()] });
    const { headers } = await get(mailbox);
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    const page = await pageAt(mailbox);
    expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(page).not.toMatch(/ style="| on[a-z]+="/);
  });
});

describe('the live stream of a mailbox', () => {
  it('puts a new mail on top, then changes its status alone', async () => {
    const live = /data-live="([^"]+)"/.exec(await pageAt(mailbox))![1]!;
    const heard = heardUntil(rig, live, /Delivered/);
    const id = await sendMail({ subject: 'Fresh' });
    await sendMail({ subject: 'Elsewhere', to: 'another@example.org' });
    const patches = await heard;
    expect(patches).toContain('"at":"start"');
    expect(patches).toContain(`"id":"${id}-status"`);
    expect(patches.match(/Fresh/g)).toHaveLength(patches.match(/"at":"start"/g)!.length);
    expect(patches).not.toContain('Elsewhere');
  });
});

describe('the first page', () => {
  it('lists mailboxes, and counts what nobody has looked at', async () => {
    await sendMail({ subject: 'Your visit' });
    expect(await pageAt('/')).toMatch(new RegExp(`has-unread.*href="${mailbox}".*Your visit`, 's'));
    await pageAt(mailbox);
    expect(await pageAt('/')).not.toContain('has-unread');
  });

  it('brings a mailbox to the top of the list when it is written to', async () => {
    const heard = heardUntil(rig, `/events?since=0`, /"into":"mailboxes"/);
    await sendMail();
    expect(await heard).toContain('"at":"start"');
  });

  it('lists the endings of numbers and addresses that misbehave', async () => {
    const page = await pageAt('/');
    for (const kind of outcomeKinds.filter(endingOf)) expect(page).toContain(`…${endingOf(kind)}</code>`);
  });

  it('opens the mailbox of any address', async () => {
    const response = await fetch(`${rig.url}/open?recipient=Eino%40Example.org`, { redirect: 'manual' });
    expect(response.headers.get('location')).toBe(mailbox);
  });
});
