import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sender, startRig } from '../testing.ts';
import type { Rig } from '../testing.ts';
import { heardUntil } from './heard.ts';
import { isWallPath, numbersIn } from './wall.ts';

let rig: Rig;
const [aino, eino, olga] = ['+358401111111', '+358402222222', '+358403333333'] as const;
const otherSender = '+4915110000001';

beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

const pageAt = async (path: string) => (await fetch(`${rig.url}${path}`)).text();
const liveAddress = async (path: string) =>
  /data-live="([^"]+)"/.exec(await pageAt(path))![1]!.replaceAll('&amp;', '&');
const phonesOn = (page: string) => [...page.matchAll(/id="wall-(\d+)"/g)].map(([, digits]) => `+${digits}`);
const post = (path: string, fields: [string, string][], headers: Record<string, string> = {}) =>
  fetch(`${rig.url}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual', headers });
const scripted = { accept: 'application/json' };

describe('the wall', () => {
  it('shows every phone in the order in which they were first texted', async () => {
    for (const to of [olga, aino, olga]) await rig.send({ to });
    expect(phonesOn(await pageAt('/phones'))).toEqual([olga, aino]);
  });

  it('shows the chosen phones only, in their order, texted or not', async () => {
    await rig.send({ to: aino });
    expect(phonesOn(await pageAt(`/phones?numbers=${eino},%20${aino},${eino},12,x`))).toEqual([eino, aino]);
  });

  it('turns what its form chooses into an address to keep', async () => {
    const query = new URLSearchParams([
      ['numbers', `${aino} ${sender}`],
      ['numbers', eino],
      ['body', ''],
    ]);
    const response = await fetch(`${rig.url}/phones?${query.toString()}`, { redirect: 'manual' });
    expect(response.headers.get('location')).toBe(`/phones?numbers=${aino},${eino}`);
  });

  it('offers the codes of the latest text as replies, and none once there are none', async () => {
    const codes = (page: string) => [...page.matchAll(/name="body" value="([A-Z]\d)"/g)].map(([, code]) => code);
    await rig.send({ to: aino, body: 'Free at 14:30. Reply K7 to take it, M4 to pass' });
    await rig.control('/reply', { from: aino, to: sender, body: 'STOP' });
    expect(codes(await pageAt('/phones'))).toEqual(['K7', 'M4']);
    await rig.control('/reply', { from: aino, to: sender, body: 'START' });
    await rig.send({ to: aino, body: 'It is gone.' });
    expect(codes(await pageAt('/phones'))).toEqual([]);
  });

  it('marks as unread what came since the patient wrote, however often the wall is looked at', async () => {
    const unread = (page: string) => /id="unread-\d+"[^>]*>(?:<span class="badge">(\d))?/.exec(page)?.[1];
    for (const body of ['one', 'two']) await rig.send({ to: aino, body });
    await pageAt('/phones');
    expect(unread(await pageAt('/phones'))).toBe('2');
    await post(`/phones/${aino}/reply`, [
      ['to', sender],
      ['body', 'Yes please'],
    ]);
    expect(unread(await pageAt('/phones'))).toBeUndefined();
  });

  it('leads back to itself after a reply without scripts, and nowhere else', async () => {
    await rig.send({ to: aino });
    const [, backTo] = /name="backTo" value="([^"]+#[^"]+)"/.exec(await pageAt(`/phones?numbers=${aino}`))!;
    const placeAfter = async (place: string) => {
      const fields = Object.entries({ to: sender, body: 'K7', backTo: place });
      return (await post(`/phones/${aino}/reply`, fields)).headers.get('location');
    };
    expect(await placeAfter(backTo!)).toBe(`/phones?numbers=${aino}#wall-358401111111`);
    expect(await placeAfter('/phones.example.org/')).toBe(`/phones/${aino}?with=${encodeURIComponent(sender)}`);
  });
});

it.each([
  [['+358401111111,+358402222222'], [aino, eino]],
  [[' 358401111111, 358402222222'], [aino, eino]],
  [['358401111111', '+358401111111 +358401000001'], [aino]],
  [['', 'x', '+12', '+1234567890123456'], []],
])('reads the numbers in %j', (values, numbers) => expect(numbersIn(values)).toEqual(numbers));

it.each([
  ['/phones', true],
  ['/phones?numbers=+358401111111,+358402222222#wall-1', true],
  ['/phones/+358401111111', false],
  ['//example.org/phones', false],
  ['/phones\r\nset-cookie: a', false],
])('knows that %j is a wall: %s', (path, expected) => expect(isWallPath(path)).toBe(expected));

describe('the live stream of the wall', () => {
  it('adds a phone when it is first texted, and to a phone its texts', async () => {
    await rig.send({ to: aino });
    const live = await liveAddress('/phones');
    const heard = heardUntil(rig, live, /M4 to pass/);
    await rig.send({ to: eino, body: 'Reply K7' });
    await rig.send({ to: eino, body: 'M4 to pass' });
    const all = await heard;
    expect(all.match(/"into":"wall"/g)).toHaveLength(1);
    expect(all).toContain(`"into":"thread-358402222222-358401000001"`);
  });

  it('leaves a wall of chosen phones as it was chosen', async () => {
    const live = await liveAddress(`/phones?numbers=${aino}`);
    const heard = heardUntil(rig, live, /for Aino/);
    await rig.send({ to: eino, body: 'for Eino' });
    await rig.send({ to: aino, body: 'for Aino' });
    expect(await heard).not.toContain('for Eino');
  });

  it('turns a phone to the conversation that has news, where nobody is busy with the other', async () => {
    await rig.send({ to: aino });
    const live = await liveAddress('/phones');
    const heard = heardUntil(rig, live, /Vom Markt/);
    await rig.send({ to: aino, body: 'Vom Markt', from: otherSender });
    expect(await heard).toMatch(/"id":"wall-358401111111".*"unlessBusy":true/);
  });
});

describe('replies from several phones at the same moment', () => {
  const from = (...phones: string[]) => phones.map((phone): [string, string] => ['numbers', `${phone} ${sender}`]);
  const received = async (count: number) =>
    Object.fromEntries((await rig.api.received(count)).map(({ form }) => [form['From'], form['Body']]));

  it('send each its own first code, from those that have one', async () => {
    await rig.send({ to: aino, body: 'Reply K7 or M4' });
    await rig.send({ to: eino, body: 'Reply C3 or T8' });
    await rig.send({ to: olga, body: 'See you tomorrow' });
    const answer = await post('/phones/replies', [...from(aino, eino, olga), ['with', 'code'], ['body', '']], scripted);
    expect(await answer.text()).toBe('Sent from 2 phones at once. 1 phone had nothing to reply.');
    expect(await received(2)).toEqual({ [aino]: 'K7', [eino]: 'C3' });
  });

  it('send one text from the ticked phones only, and lead back to the wall without scripts', async () => {
    for (const to of [aino, eino, olga]) await rig.send({ to });
    const backTo: [string, string] = ['backTo', `/phones?numbers=${aino},${eino}`];
    const answer = await post('/phones/replies', [...from(aino, eino), ['with', 'text'], ['body', 'Kyllä'], backTo]);
    expect(answer.headers.get('location')).toBe(backTo[1]);
    expect(await received(2)).toEqual({ [aino]: 'Kyllä', [eino]: 'Kyllä' });
  });

  it('are all on their way before the first is answered', async () => {
    const phones = Array.from({ length: 8 }, (_, at) => `+35840111000${at}`);
    for (const to of phones) await rig.send({ to });
    rig.api.holdUntil = phones.length;
    await post('/phones/replies', [...from(...phones), ['with', 'text'], ['body', 'Me']], scripted);
    expect(Object.keys(await received(8)).toSorted()).toEqual(phones);
  });

  it.each<[string, [string, string][], string, string]>([
    ['no phone is ticked', [], 'code', 'Tick a phone first.'],
    ['no phone has a code', from(aino), 'code', 'None of these phones was sent a code in its latest text.'],
    ['nothing is written', from(aino), 'text', 'Write something, up to 1600 characters'],
    ['the phone was never texted', [['numbers', eino]], 'text', 'Write something'],
  ])('say so when %s', async (_, ticked, how, reason) => {
    await rig.send({ to: aino });
    const answer = await post('/phones/replies', [...ticked, ['with', how], ['body', ' ']], scripted);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(reason);
  });
});
