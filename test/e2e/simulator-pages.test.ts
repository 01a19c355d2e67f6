import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inspect, launchBrowser } from '../support/browser.ts';
import { calendarFile, mailTo, patient, sender, startRig } from '../../simulator/testing.ts';
import type { Rig } from '../../simulator/testing.ts';

let rig: Rig;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  rig = await startRig();
  browser = await launchBrowser();
  page = await browser.newPage();
  await rig.send({ body: 'Kallion hammashoitola: http://127.0.0.1:3000/a/t0k3n', statusCallback: rig.api.url });
  await rig.send({ from: '+4915110000001', body: 'Praxis am Markt' });
  await rig.control('/behaviour', { to: '+4915112345678', outcome: 'undelivered:30003' });
  await rig.send({ to: '+4915112345678', statusCallback: rig.api.url });
  await rig.control('/reply', { from: patient, to: sender, body: 'STOP' });
  const whole = { html: '<p>Hello <b>Eino</b></p><script>document.body.textContent = "ran"</script>' };
  await rig.mail({ subject: 'First', ...whole, attachments: [calendarFile()] });
  await rig.mail({ subject: 'Turned away', to: 'eino9901@example.org', ...whole });
  await rig.mail({ subject: 'Second', ...whole, attachments: [calendarFile()] });
  await rig.api.received(13);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await rig?.close();
});

const thread = `/phones/${patient}?with=${encodeURIComponent(sender)}`;
const mailboxes = [`/mailboxes/${mailTo}`, '/mailboxes/eino9901@example.org', '/mailboxes/nobody@example.org'];
const walls = ['/phones', `/phones?numbers=${patient},+358409999999`];
const pages = ['/', thread, '/phones/+4915112345678', '/phones/+358409999999', ...walls, ...mailboxes];
const looks = pages.flatMap((path) => [`light 1280 ${path}`, `dark 320 ${path}`]);

it.each(looks)('is accessible and fits: %s', { timeout: 30_000 }, async (look) => {
  const [colorScheme, width, path] = look.split(' ') as ['light' | 'dark', string, string];
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width: Number(width), height: 800 });
  await page.goto(rig.url + path);
  const { violations, overflow } = await inspect(page);
  expect(violations).toEqual([]);
  expect(overflow).toBeLessThanOrEqual(0);
});

it('shows a reply, its receipt and the answer at once, by keyboard alone', { timeout: 30_000 }, async () => {
  await page.goto(`${rig.url}/phones/+4915112345678`);
  await page.getByRole('textbox', { name: /^Reply to/ }).fill('Danke');
  await page.keyboard.press('Enter');
  const mine = page.locator('.message.mine');
  await mine.getByText('Taken by the API').waitFor();
  await rig.control('/behaviour', { to: '+4915112345678', outcome: 'delivered' });
  await rig.send({ to: '+4915112345678', body: 'Gern' });
  await page.locator('.message.theirs', { hasText: 'Gern' }).getByText('Delivered').waitFor();
  expect(await mine.count()).toBe(1);
  expect(await page.getByRole('textbox', { name: /^Reply to/ }).inputValue()).toBe('');
});

const [aino, olga] = ['+358401111111', '+358402222222'] as const;
const wall = `/phones?numbers=${aino},${olga}`;
const phoneOn = (number: string) => page.locator(`#wall-${number.slice(1)}`);
const offer = (to: string, body: string) => rig.send({ to, body, statusCallback: rig.api.url });

it('answers an offer by one press on its code, and keeps the focus for the next', { timeout: 30_000 }, async () => {
  await page.goto(rig.url + wall);
  await offer(aino, 'Free at 14:30: reply K7 to take it, M4 to pass');
  const phone = phoneOn(aino);
  await phone.getByText('Delivered', { exact: true }).waitFor();
  await phone.getByRole('button', { name: 'Reply M4' }).focus();
  await page.keyboard.press('Enter');
  await phone.locator('.mine', { hasText: 'M4' }).getByText('Taken by the API').waitFor();
  await offer(aino, 'Or at 15:00: reply C3');
  await phone.getByRole('button', { name: 'Reply C3' }).waitFor();
  expect(await page.evaluate('document.activeElement.value')).toBe('C3');
  await offer(aino, 'That is all');
  await phone.getByText('That is all').waitFor();
  expect(await page.evaluate('document.activeElement.name')).toBe('body');
  expect(await phone.getByRole('button', { name: /^Reply/ }).count()).toBe(0);
});

it('races from all ticked phones and says how many took part', { timeout: 30_000 }, async () => {
  await offer(aino, 'Reply K7');
  await offer(olga, 'Reply P5');
  await page.goto(rig.url + wall);
  await page.getByRole('button', { name: 'Each its first code' }).click();
  await page.getByText('Sent from 2 phones at once.').waitFor();
  await phoneOn(aino).locator('.mine').last().getByText('K7').waitFor();
  await phoneOn(olga).locator('.mine').last().getByText('P5').waitFor();
  await page.getByRole('checkbox', { name: /401111111|40 1111111/ }).uncheck();
  await page.getByRole('textbox', { name: 'The same text from all' }).fill('Thanks');
  await page.keyboard.press('Enter');
  await page.getByText('Sent from 1 phone at once.').waitFor();
  await page.getByRole('button', { name: 'Show only these' }).click();
  await page.waitForURL(`${rig.url}/phones?numbers=${olga}`);
});

it('turns to the clinic that has news, but not away from a text half written', { timeout: 30_000 }, async () => {
  await offer(olga, 'From Kallio');
  await page.goto(rig.url + wall);
  const phone = phoneOn(olga);
  const field = phone.getByRole('textbox');
  await phone.getByRole('checkbox').uncheck();
  await page.getByRole('heading', { level: 1 }).click();
  await rig.send({ to: olga, from: '+4915110000001', body: 'Vom Markt' });
  await phone.locator('.bubble', { hasText: 'Vom Markt' }).waitFor();
  expect(await phone.getByRole('checkbox').isChecked()).toBe(false);
  await field.fill('Ich komme');
  await offer(olga, 'Kallio again');
  await phone.locator('.unread-mark', { hasText: '3' }).waitFor();
  expect(await field.inputValue()).toBe('Ich komme');
  expect(await phone.getByText('Kallio again').count()).toBe(0);
});

it('reads and answers on the wall without any script', { timeout: 30_000 }, async () => {
  const plain = await browser.newPage({ javaScriptEnabled: false });
  await offer(aino, 'Reply K7');
  await plain.goto(rig.url + wall);
  await plain.getByRole('button', { name: 'Reply K7' }).click();
  await plain.waitForURL(`${rig.url}${wall}#wall-358401111111`);
  await plain.locator('#wall-358401111111 .mine').last().getByText('K7').waitFor();
  await plain.getByRole('button', { name: 'Each its first code' }).click();
  await plain.waitForURL(rig.url + wall);
  expect(await plain.locator('#wall-358401111111 .mine').last().innerText()).toContain('K7');
  await plain.close();
});

it('shows a mail as it looks, as tall as it is, and lets nothing in it run', { timeout: 30_000 }, async () => {
  await page.goto(`${rig.url}/mailboxes/${mailTo}`);
  const newest = page.locator('.mail').first();
  const content = newest.frameLocator('iframe').locator('body');
  await content.getByText('Hello').waitFor();
  expect(await content.innerText()).toBe('Hello Eino');
  const frame = newest.locator('iframe');
  await expect.poll(async () => (await frame.boundingBox())?.height).toBeLessThan(150);
  await newest.getByText('Plain text').click();
  expect(await frame.isVisible()).toBe(false);
  expect(await newest.locator('.plain').isVisible()).toBe(true);
});

it('puts a new mail on top and follows it, without closing what is being read', { timeout: 30_000 }, async () => {
  await page.goto(`${rig.url}/mailboxes/${mailTo}`);
  const read = page.locator('.mail', { hasText: 'Second' });
  await read.getByText('What was sent and reported').click();
  await rig.control('/behaviour', { to: mailTo, outcome: 'sentBack' });
  await rig.mail({ subject: 'Third' });
  await page.locator('.mail', { hasText: 'Third' }).getByText('Bounced').waitFor();
  expect(await page.locator('.subject').allInnerTexts()).toEqual(['Third', 'Second', 'First']);
  expect(await read.locator('dl').isVisible()).toBe(true);
});
