import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { patient, sender, startRig } from '../testing.ts';
import type { Rig } from '../testing.ts';
import { heardUntil } from './heard.ts';

let rig: Rig;
const otherSender = '+4915110000001';

beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const pageAt = async (path: string) => (await fetch(`${rig.url}${path}`)).text();
const post = (path: string, fields: Record<string, string>) =>
  fetch(`${rig.url}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });

describe('a virtual phone', () => {
  it('shows what was sent, escaped, with its links to click', async () => {
    await rig.send({ body: '<b>Hei</b> & "moi": http://127.0.0.1:3000/a/t0k3n.' });
    const page = await pageAt(`/phones/${patient}`);
    expect(page).toContain('&lt;b&gt;Hei&lt;/b&gt; &amp; &quot;moi&quot;: <a href="http://127.0.0.1:3000/a/t0k3n"');
    expect(page).not.toContain('<b>Hei</b>');
  });

  it('makes no link of other schemes', async () => {
    await rig.send({ body: 'javascript:alert(1) data:text/html,x' });
    expect(await pageAt(`/phones/${patient}`)).not.toMatch(/href="(javascript|data):/);
  });

  it('keeps the conversations of two clinics apart', async () => {
    await rig.send({ body: 'From Kallio' });
    await rig.send({ body: 'Vom Markt', from: otherSender });
    const page = await pageAt(`/phones/${patient}?with=${encodeURIComponent(sender)}`);
    expect(page).toContain('From Kallio');
    expect(page).not.toContain('Vom Markt');
    expect(page).toContain(`href="/phones/${patient}?with=${encodeURIComponent(otherSender)}"`);
  });

  it('sends a reply to the API without any script, and shows it on reload', async () => {
    await rig.send();
    const response = await post(`/phones/${patient}/reply`, { to: sender, body: 'Kiitos!' });
    const [webhook] = await rig.api.received(1);
    expect(webhook?.form).toMatchObject({ From: patient, To: sender, Body: 'Kiitos!' });
    expect(response.status).toBe(303);
    expect(await pageAt(response.headers.get('location') ?? '')).toMatch(/Kiitos!.*Taken by the API/s);
  });

  it('says that the API refused a reply', async () => {
    rig.api.status = 403;
    await post(`/phones/${patient}/reply`, { to: sender, body: 'Hello' });
    expect(await pageAt(`/phones/${patient}`)).toContain('The API answered 403');
  });

  it('shows that STOP blocks the sender', async () => {
    const notice = /<p id="notice-[^"]*" class="notice"\s*>/;
    await rig.send();
    expect(await pageAt(`/phones/${patient}`)).not.toMatch(notice);
    await post(`/phones/${patient}/reply`, { to: sender, body: 'STOP' });
    expect(await pageAt(`/phones/${patient}`)).toMatch(notice);
  });

  it('can be told how to behave', async () => {
    expect((await post(`/phones/${patient}/behaviour`, { outcome: 'invalid' })).status).toBe(303);
    await expect(rig.send()).rejects.toMatchObject({ code: 21211 });
    expect((await post(`/phones/${patient}/behaviour`, { outcome: 'explode' })).status).toBe(400);
  });

  it('allows nothing from elsewhere on its pages', async () => {
    const { headers } = await fetch(`${rig.url}/phones/${patient}`);
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    for (const page of [await pageAt('/'), await pageAt(`/phones/${patient}`)]) {
      expect(page).not.toMatch(/(src|href)="(https?:)?\/\//);
      expect(page).not.toMatch(/ style="| on[a-z]+="/);
    }
  });
});

describe('the live stream', () => {
  const liveAddress = async (path: string) =>
    /data-live="([^"]+)"/.exec(await pageAt(path))![1]!.replaceAll('&amp;', '&');

  it('catches up with everything since the page was drawn', async () => {
    const write = (body: string) => rig.control('/reply', { from: patient, to: sender, body });
    await write('drawn');
    const live = await liveAddress(`/phones/${patient}`);
    await write('written meanwhile');
    const heard = await heardUntil(rig, live, /written meanwhile.*Taken by the API/s);
    expect(heard).not.toContain('drawn');
  });

  it('goes on from the last event that the browser names', async () => {
    await rig.send({ body: 'one' });
    const live = await liveAddress(`/phones/${patient}`);
    await rig.send({ body: 'two' });
    const [, id] = /id: (\d+)/.exec(await heardUntil(rig, live, /id: \d+/))!;
    await rig.send({ body: 'three' });
    expect(await heardUntil(rig, live, />three</, { 'last-event-id': id! })).not.toContain('>two<');
  });

  it('tells of all that came meanwhile, whichever of it changed last', async () => {
    await rig.send({ body: 'one' });
    const live = await liveAddress(`/phones/${patient}`);
    const texts = ['two', 'three', 'four', 'five'];
    const sent = await Promise.all(texts.map((body) => rig.send({ body })));
    const isDelivered = async () => {
      const all = await Promise.all(sent.map(({ sid }) => rig.client.messages(sid).fetch()));
      return all.every(({ status }) => status === 'delivered');
    };
    await expect.poll(isDelivered).toBe(true);
    const heard = await heardUntil(rig, live, /id: \d+/);
    for (const body of texts) expect(heard).toContain(`>${body}<`);
  });

  it('tells of new messages while it is open, and of another conversation by its tab only', async () => {
    await rig.send();
    const live = await liveAddress(`/phones/${patient}?with=${encodeURIComponent(sender)}`);
    const heard = heardUntil(rig, live, /1<span class=.{1,3}visually-hidden.{1,3}> unread/);
    await rig.send({ body: 'Vom Markt', from: otherSender });
    expect(await heard).not.toContain('Vom Markt');
  });

  it('has a page drawn anew when everything was forgotten, or the simulator restarted', async () => {
    await rig.send();
    const live = await liveAddress(`/phones/${patient}`);
    const heard = heardUntil(rig, live, /event: reset/);
    await rig.control('/messages', undefined, 'DELETE');
    expect(await heard).toContain('event: reset');
    expect(await heardUntil(rig, `/phones/${patient}/events?since=1000`, /event: reset/)).toContain('event: reset');
  });

  it('brings a phone to the top of the list when it is texted', async () => {
    const live = await liveAddress('/');
    const heard = heardUntil(rig, live, /phone-358401234567/);
    await rig.send({ body: 'Hello' });
    expect(await heard).toContain('"at":"start"');
  });
});

it('counts unread messages in the list until the phone is opened', async () => {
  await rig.send();
  expect(await pageAt('/')).toContain('has-unread');
  await pageAt(`/phones/${patient}`);
  expect(await pageAt('/')).not.toContain('has-unread');
});

it('opens any number, written with spaces too', async () => {
  const response = await fetch(`${rig.url}/open?recipient=%2B358+40+1234567`, { redirect: 'manual' });
  expect(response.headers.get('location')).toBe(`/phones/${patient}`);
});
