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
const pages = ['/', thread, '/phones/+4915112345678', '/phones/+358409999999', ...mailboxes];
const looks = pages.flatMap((path) => [`light 1280 ${path}`, `dark 360 ${path}`]);

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
