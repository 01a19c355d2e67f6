import postgres from 'postgres';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { daysAhead, reserve, untilStatus } from '../support/bookings.ts';
import { inspect, launchBrowser } from '../support/browser.ts';
import { eventually } from '../support/product.ts';
import { type RunningStack, startRunningStack } from './running-stack.ts';

let desk: RunningStack;
let browser: Browser;
let owner: postgres.Sql;

beforeAll(async () => {
  desk = await startRunningStack({ clinic: { policy: { quietHours: null } } });
  owner = postgres(desk.stack.addresses.migrationDatabase, { max: 1, onnotice: () => {} });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await owner?.end();
  await desk?.stack.stop();
});

const smallPhone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } as const;

async function withPage(options: BrowserContextOptions, look: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ ...smallPhone, ...options });
  try {
    await look(await context.newPage());
  } finally {
    await context.close();
  }
}

let visits = 0;

interface Asked {
  id: string;
  revision: number;
  mobile: string;
  /** As it stands in the text on the phone. */
  link: string;
}

/** A time that is kept for a patient who speaks that language and has been asked about it. */
async function ask(language: string, more: Record<string, unknown> = {}): Promise<Asked> {
  const number = ++visits;
  const mobile = `+35850700${String(number).padStart(4, '0')}`;
  const person = { firstName: 'Test', lastName: `Patient ${number}`, mobile, language };
  const { body: patient } = await desk.call('POST', '/v1/patients', { body: person });
  const { body } = await reserve(desk, daysAhead(20 + number), { mode: 'preReserve', patientId: patient.id, ...more });
  const text = await eventually('the question', async () => (await desk.phone(mobile))[0]);
  return { id: body.id, revision: body.revision, mobile, link: /http\S+/.exec(text.body)![0] };
}

const appointment = async (id: string) => (await desk.call('GET', `/v1/appointments/${id}`)).body;
const act = (id: string, action: string) =>
  desk.call('POST', `/v1/appointments/${id}/${action}`, { body: { actor: 'staff', reason: 'For the test.' } });

describe('the link in the text', () => {
  it('leads to the question, which the keyboard alone answers, on a small phone without scripts', async () => {
    const { id, link } = await ask('en');
    await withPage({ javaScriptEnabled: false }, async (page) => {
      await page.goto(link);
      await page.getByText('Waiting for your answer').waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
      await page.keyboard.press('Tab');
      expect(await page.locator(':focus').textContent()).toBe('Confirm this time');
      await page.keyboard.press('Enter');
      await page.getByText('Confirmed', { exact: true }).waitFor();
      expect(page.url()).toBe(link);
      expect(await page.getByRole('button').count()).toBe(0);
    });
    expect((await appointment(id)).status).toBe('booked');
  });

  it('changes nothing when it is opened, by whatever opens links', async () => {
    const { id, link, revision } = await ask('fi');
    for (const method of ['GET', 'HEAD', 'GET', 'HEAD', 'GET']) {
      const response = await fetch(link, { method });
      expect([method, response.status, response.headers.get('cache-control')]).toEqual([method, 200, 'no-store']);
    }
    expect(await appointment(id)).toMatchObject({ status: 'pending', revision });
  });

  it('tells nothing once it is too old, nor does one that was never sent', async () => {
    const { id, link } = await ask('de');
    await owner`update appointments set starts_at = now() - interval '8 days', ends_at = now() - interval '7 days 1 minute'
      where id = ${id}`;
    const tooOld = await fetch(link);
    const wrong = await fetch(link.replace(/.{22}$/, 'A'.repeat(22)));
    const [tooOldPage, wrongPage] = [await tooOld.text(), await wrong.text()];
    expect([tooOld.status, wrong.status]).toEqual([404, 404]);
    expect(tooOldPage).toBe(wrongPage);
    expect((await fetch(`${link}/confirm`, { method: 'POST', redirect: 'manual' })).status).toBe(404);
  });
});

/** Brings a page into each of its states; answers its address. */
const states: Record<string, (language: string) => Promise<string>> = {
  waiting: async (language) => (await ask(language)).link,
  booked: async (language) => {
    const { id, link } = await ask(language);
    await act(id, 'confirm');
    return link;
  },
  cancelled: async (language) => {
    const { id, link } = await ask(language);
    await act(id, 'cancel');
    return link;
  },
  expired: async (language) => {
    const { id, link } = await ask(language, { confirmBy: new Date(Date.now() + 4_000).toISOString() });
    await untilStatus(desk, id, 'expired');
    return link;
  },
  over: async (language) => {
    const { id, link } = await ask(language);
    await act(id, 'confirm');
    await owner`update appointments set starts_at = now() - interval '1 hour', ends_at = now() where id = ${id}`;
    return link;
  },
  wrong: async (language) => `${desk.stack.addresses.api}/a/${language.repeat(11)}`,
};

/** English is looked at by the keyboard. */
const looks = [
  { locale: 'fi', colorScheme: 'light', viewport: { width: 320, height: 740 } },
  { locale: 'de', colorScheme: 'dark', viewport: { width: 320, height: 740 } },
  { locale: 'it', colorScheme: 'light', viewport: { width: 1280, height: 800 }, isMobile: false },
  { locale: 'sv', colorScheme: 'dark', viewport: { width: 1280, height: 800 }, isMobile: false },
] as const;

it.each(Object.keys(states))('is accessible, fits, speaks its language and loads nothing: %s', async (state) => {
  const links = await Promise.all(looks.map(({ locale }) => states[state]!(locale)));
  for (const [index, look] of looks.entries()) {
    await withPage(look, async (page) => {
      await page.goto(links[index]!);
      const seen = { look, ...(await inspect(page)) };
      expect(seen).toEqual({ look, violations: [], overflow: 0, language: look.locale, loaded: [] });
    });
  }
});

describe('the virtual phone', () => {
  it('shows a text as it arrives, and what is answered there becomes something for staff', async () => {
    const { mobile, otherPatientId: patientId, sender } = { ...desk.clinic, mobile: desk.clinic.otherMobile };
    await withPage({}, async (page) => {
      await page.goto(`${desk.stack.addresses.simulator}/phones/${mobile}?with=${encodeURIComponent(sender)}`);
      await reserve(desk, daysAhead(3), { patientId });
      await page
        .locator('.message.theirs', { hasText: 'Test Clinic' })
        .getByText('Delivered', { exact: true })
        .waitFor();
      await page.getByRole('textbox', { name: /^Reply to/ }).fill('I may be a little late');
      await page.keyboard.press('Enter');
      await page.locator('.message.mine').getByText('Taken by the API').waitFor();
    });
    const task = await eventually('the task', async () => {
      const { body } = await desk.call('GET', '/v1/tasks?status=open');
      return body.items.find(({ kind }: { kind: string }) => kind === 'inboundText');
    });
    expect(task.patientId).toBe(patientId);
    const { body } = await desk.call('GET', `/v1/messages?patientId=${patientId}`);
    expect(body.items[0]).toMatchObject({ direction: 'received', body: 'I may be a little late', from: mobile });
  });
});
