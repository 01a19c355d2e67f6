import postgres from 'postgres';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { daysAhead, reserve, story, untilStatus } from '../support/bookings.ts';
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
  workflowId: string;
  confirmBy: string;
  revision: number;
  mobile: string;
  /** As it stands in the text on the phone. */
  link: string;
}

/** Another page of the same address: the link as it was sent never changes. */
const at = (link: string, part: string) => `${link}/${part}`;

/** Goes on by the Tab key until something with this text, or of this kind, has the focus. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab');
    const focus = page.locator(':focus');
    if ((await focus.count()) === 0) continue;
    if ((await focus.getAttribute('type')) === wanted) return;
    if ((await focus.textContent())?.includes(wanted)) return;
  }
  throw new Error(`the Tab key does not lead to "${wanted}"`);
}

/** A time that is kept for a patient who speaks that language and has been asked about it. */
async function ask(language: string, more: Record<string, unknown> = {}): Promise<Asked> {
  const number = ++visits;
  const mobile = `+35850700${String(number).padStart(4, '0')}`;
  const person = { firstName: 'Test', lastName: `Patient ${number}`, mobile, language };
  const { body: patient } = await desk.call('POST', '/v1/patients', { body: person });
  const { body } = await reserve(desk, daysAhead(20 + number), { mode: 'preReserve', patientId: patient.id, ...more });
  const text = await eventually('the question', async () => (await desk.phone(mobile))[0]);
  const { id, workflowId, confirmBy, revision } = body;
  return { id, workflowId, confirmBy, revision, mobile, link: /http\S+/.exec(text.body)![0] };
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
      expect(page.url()).toBe(`${link}?done=confirmed`);
      expect(await page.getByRole('status').textContent()).toBe('Thank you for confirming.');
      expect(await page.getByRole('button').count()).toBe(0);
    });
    expect((await appointment(id)).status).toBe('booked');
  });

  it('leads to another time, by the keyboard alone, on the smallest phone without scripts', async () => {
    const { id, link, mobile } = await ask('en');
    await act(id, 'confirm');
    const before = await appointment(id);
    await withPage({ javaScriptEnabled: false, viewport: { width: 320, height: 568 } }, async (page) => {
      await page.goto(link);
      await tabTo(page, 'Move to another time');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Choose another time' }).waitFor();
      await tabTo(page, 'Later');
      await page.keyboard.press('Enter');
      await page.waitForURL(/from=/);
      await tabTo(page, 'radio');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      const chosen = await page.locator(':focus').getAttribute('value');
      expect(await page.locator(':checked').getAttribute('value')).toBe(chosen);
      await tabTo(page, 'Take this time');
      await page.keyboard.press('Enter');
      await page.getByText('Your appointment has been moved. This is the new time.').waitFor();
      const after = await appointment(id);
      expect(Date.parse(after.startsAt)).toBe(Date.parse(chosen!));
      expect(after).toMatchObject({ status: 'booked', version: 2 });
      expect(after.startsAt).not.toBe(before.startsAt);
    });
    const news = await eventually('the news of the move', async () =>
      (await desk.phone(mobile)).find(({ body }) => body.includes('has moved to')),
    );
    const pages = [link, /http\S+/.exec(news.body)![0]].map(async (address) => (await fetch(address)).text());
    const [first, later] = await Promise.all(pages);
    const day = (html = '') => /datetime="([^"]+)"/.exec(html)?.[1];
    expect(day(first)).toBe(day(later));
    expect(Date.parse(day(first)!)).toBe(Date.parse((await appointment(id)).startsAt));
  });

  it('leads to a cancellation, which offers another time first, by the keyboard alone', async () => {
    const { id, link } = await ask('en');
    await withPage({ javaScriptEnabled: false, viewport: { width: 320, height: 568 } }, async (page) => {
      await page.goto(link);
      await tabTo(page, 'Give this time up');
      await page.keyboard.press('Enter');
      await tabTo(page, 'See other times');
      await tabTo(page, 'Yes, give it up');
      expect((await appointment(id)).status).toBe('pending');
      await page.keyboard.press('Enter');
      await page.getByText('Thank you for letting us know.').waitFor();
      expect(await page.locator('.status').textContent()).toBe('Cancelled');
      expect(await page.getByRole('button').count()).toBe(0);
    });
    expect((await appointment(id)).status).toBe('cancelled');
  });

  it('does once what is pressed many times at once', async () => {
    const { id, link } = await ask('en');
    const startsAt = new Date(Date.parse((await appointment(id)).startsAt) + 7_200_000).toISOString();
    const press = (part: string, form: Record<string, string>) =>
      Promise.all(
        Array.from({ length: 6 }, async () => {
          const init = { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' } as const;
          return (await fetch(at(link, part), init)).status;
        }),
      );
    expect(await press('move', { startsAt, version: '1' })).toEqual(Array(6).fill(303));
    expect(await press('cancel', { version: '2' })).toEqual(Array(6).fill(303));
    expect(await appointment(id)).toMatchObject({ status: 'cancelled', version: 2 });
    const told = (await story(desk, id)).filter((what) => what === 'moved' || what === 'cancelled');
    expect(told).toEqual(['moved', 'cancelled']);
  });

  it('is not pressed by another site’s page', async () => {
    const { id, link } = await ask('en');
    await withPage({ javaScriptEnabled: false }, async (page) => {
      const form = `<form method="post" action="${at(link, 'cancel')}"><button>A prize</button></form>`;
      await page.goto(`data:text/html,${encodeURIComponent(form)}`);
      await page.getByRole('button').click();
      await page.getByRole('heading', { name: 'Please open the link again' }).waitFor();
    });
    expect((await appointment(id)).status).toBe('pending');
  });

  it('refuses what has become too late, with the phone number, and leaves the visit as it was', async () => {
    const { id, link } = await ask('en');
    await act(id, 'confirm');
    const soon = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 20 * 3_600_000).toISOString();
    const moved = await desk.call('POST', `/v1/appointments/${id}/move`, { body: { actor: 'staff', startsAt: soon } });
    expect(moved.status).toBe(200);
    for (const [part, form] of [
      ['cancel', {}],
      ['move', { startsAt: daysAhead(30) }],
    ] as const) {
      const refused = await fetch(at(link, part), { method: 'POST', body: new URLSearchParams(form) });
      const html = await refused.text();
      expect(refused.status).toBe(409);
      expect(html).toContain('That is not possible here. Your appointment stands as it was.');
      expect(html).toContain('It is too late to move or cancel this appointment here');
      expect(html).toContain('href="tel:+358401999000"');
    }
    expect(await appointment(id)).toMatchObject({ status: 'booked', version: 2 });
  });

  it('changes nothing when it is opened, by whatever opens links', async () => {
    const { id, link, revision } = await ask('fi');
    for (const method of ['GET', 'HEAD', 'GET', 'HEAD', 'GET']) {
      for (const address of [link, at(link, 'move'), at(link, 'cancel')]) {
        const response = await fetch(address, { method });
        expect([method, response.status, response.headers.get('cache-control')]).toEqual([method, 200, 'no-store']);
      }
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

interface State {
  link: string;
  /** What is only there in that state. */
  shows: string;
  /** What is pressed there, where that leads to the state. */
  press?: (page: Page) => Promise<unknown>;
}

async function booked(language: string, more: Record<string, unknown> = {}): Promise<Asked> {
  const visit = await ask(language, more);
  await act(visit.id, 'confirm');
  return visit;
}

/** Gives the first time that is offered to somebody else, and chooses it all the same. */
async function chooseWhatIsTaken(page: Page): Promise<void> {
  const first = page.getByRole('radio').first();
  const [startsAt, { otherPatientId: patientId }] = [(await first.getAttribute('value'))!, desk.clinic];
  for (const providerId of [desk.clinic.providerId, desk.clinic.otherProviderId]) {
    await reserve(desk, startsAt, { providerId, patientId, allowPatientOverlap: true, notify: false });
  }
  await first.check();
  await page.getByRole('button').click();
}

const update = async ({ id }: Asked, change: string) =>
  owner.unsafe(`update appointments set ${change} where id = '${id}'`);

/** How to come to each of the pages' states, in a language. */
const states: Record<string, (language: string) => Promise<State>> = {
  waiting: async (language) => ({ ...(await ask(language)), shows: '.waiting form' }),
  booked: async (language) => ({ ...(await booked(language)), shows: '.booked .way + .way' }),
  cancelled: async (language) => {
    const visit = await ask(language);
    await act(visit.id, 'cancel');
    return { ...visit, shows: '.cancelled' };
  },
  expired: async (language) => {
    const visit = await ask(language);
    const { workflowId, confirmBy } = visit;
    await desk.simulate('time-travel', { workflowId, to: new Date(Date.parse(confirmBy) + 1_000).toISOString() });
    await untilStatus(desk, visit.id, 'expired');
    return { ...visit, shows: '.expired' };
  },
  over: async (language) => {
    const visit = await booked(language);
    await update(visit, "starts_at = now() - interval '1 hour', ends_at = now()");
    return { ...visit, shows: '.over' };
  },
  'too late': async (language) => {
    const visit = await booked(language);
    await update(visit, "cancel_until = now() - interval '1 hour', move_until = now() - interval '1 hour'");
    return { ...visit, shows: '.booked .barred' };
  },
  locked: async (language) => ({
    ...(await booked(language, { visitTypeId: desk.clinic.lockedVisitTypeId })),
    shows: '.booked .barred:only-child',
  }),
  'partly locked': async (language) => {
    const visit = await booked(language);
    await update(visit, 'cancel_until = null');
    return { ...visit, shows: '.way + .barred' };
  },
  'asked to cancel': async (language) => ({ link: at((await booked(language)).link, 'cancel'), shows: '.instead' }),
  'asked to give up': async (language) => ({ link: at((await ask(language)).link, 'cancel'), shows: '.instead' }),
  'times to move to': async (language) => ({ link: at((await booked(language)).link, 'move'), shows: 'details[open]' }),
  'nothing chosen': async (language) => ({
    link: at((await ask(language)).link, 'move'),
    press: (page) => page.getByRole('button').click(),
    shows: '[role=alert]',
  }),
  'taken meanwhile': async (language) => ({
    link: at((await booked(language)).link, 'move'),
    press: chooseWhatIsTaken,
    shows: '[role=alert]',
  }),
  'no times in that week': async (language) => {
    const { link } = await booked(language);
    await owner`insert into provider_exceptions (clinic_id, id, provider_id, held_on, kind, opens_at, closes_at)
      select clinic_id, gen_random_uuid(), id, day::date, 'closed', '00:00', '24:00' from providers,
        generate_series(date_trunc('week', now() + interval '150 days'), now() + interval '163 days', '1 day') as day
      where clinic_id = ${desk.clinic.clinicId} on conflict do nothing`;
    return { link: at(link, `move?from=${daysAhead(150).slice(0, 10)}`), shows: '.weeks ~ .way.main' };
  },
  moved: async (language) => ({
    link: at((await ask(language)).link, 'move'),
    press: async (page) => {
      await page.getByRole('radio').first().check();
      await page.getByRole('button').click();
    },
    shows: '[role=status]',
  }),
  wrong: async (language) => ({ link: `${desk.stack.addresses.api}/a/${language.repeat(11)}`, shows: '.plain' }),
};

const looks = [
  { locale: 'en', colorScheme: 'light', viewport: { width: 320, height: 568 } },
  { locale: 'fi', colorScheme: 'dark', viewport: { width: 320, height: 740 } },
  { locale: 'de', colorScheme: 'light', viewport: { width: 320, height: 740 } },
  { locale: 'it', colorScheme: 'dark', viewport: { width: 1280, height: 800 }, isMobile: false },
  // 1280 pixels, at four times their size.
  { locale: 'sv', colorScheme: 'light', viewport: { width: 320, height: 256 }, isMobile: false },
] as const;

it.each(Object.keys(states))('is accessible, fits, speaks its language and loads nothing: %s', async (name) => {
  const reached = await Promise.all(looks.map(({ locale }) => states[name]!(locale)));
  for (const [index, look] of looks.entries()) {
    await withPage(look, async (page) => {
      const { link, press, shows } = reached[index]!;
      await page.goto(link);
      await press?.(page);
      await page.locator(shows).first().waitFor();
      const seen = { look, ...(await inspect(page)) };
      expect(seen).toEqual({ look, violations: [], overflow: 0, language: look.locale, loaded: [] });
    });
  }
});

it('lets nothing be smaller than a fingertip, nor lost under the button that stays in sight', async () => {
  const { link } = await booked('en');
  await withPage({ viewport: { width: 320, height: 568 } }, async (page) => {
    for (const part of ['', '/move', '/cancel']) {
      await page.goto(link + part);
      const heights = await page.evaluate<number[]>(
        `[...document.querySelectorAll('button, .way, .back, summary, label, nav a')]
          .map((element) => element.getBoundingClientRect().height).filter((height) => height > 0)`,
      );
      expect(heights.length).toBeGreaterThan(0);
      expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
    }
    await page.goto(at(link, 'move'));
    await tabTo(page, 'radio');
    for (let presses = 0; presses < 12; presses++) {
      await page.keyboard.press('ArrowDown');
      const [focused, button] = [await page.locator(':focus').boundingBox(), await page.locator('.take').boundingBox()];
      expect(focused!.y + focused!.height).toBeLessThanOrEqual(button!.y);
    }
  });
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
