import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inspect, launchBrowser } from '../support/browser.ts';
import { patient, sender, startRig } from '../../simulator/testing.ts';
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
  await rig.api.received(7);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await rig?.close();
});

const thread = `/phones/${patient}?with=${encodeURIComponent(sender)}`;
const pages = ['/', thread, '/phones/+4915112345678', '/phones/+358409999999'];
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
