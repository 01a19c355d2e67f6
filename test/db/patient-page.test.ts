import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { shippedLanguages } from '../../domain/spoken-time.ts';
import { DAY, startPatientPages, text, waysOf } from './patient-pages.ts';

const { clinic, api, admin, linked, open, press, appointment, status, doneBy, confirm, cancel, refuse, beAway } =
  await startPatientPages();

const asked = (language: string) => linked({ mode: 'preReserve', language });

describe('the page', () => {
  it('shows clinic, time, place and the question, in the patient’s language, and nothing of the treatment', async () => {
    const { link } = await asked('fi');
    const { status: code, html } = await open(link);
    expect(code).toBe(200);
    for (const shown of [
      'lang="fi"',
      'Test Clinic',
      'Test Street 1',
      'klo 1',
      'Odottaa vastaustasi',
      'Vahvista aika',
    ]) {
      expect(html).toContain(shown);
    }
    for (const address of [link, `${link}/move`, `${link}/cancel`]) {
      const page = (await open(address)).html;
      for (const hidden of ['Patient', 'Visit', 'Room', '<script', clinic.providerId])
        expect(page).not.toContain(hidden);
    }
    expect((await open((await asked('de')).link)).html).toContain('Termin bestätigen');
    expect((await open((await asked('sv-FI')).link)).html).toContain('Bekräfta tiden');
  });

  it('changes nothing by being looked at, by a mail scanner either', async () => {
    const { link, id } = await asked('fi');
    const before = await appointment(id);
    for (const method of ['GET', 'HEAD']) {
      for (const part of ['', '/move', '/cancel', '?done=cancelled']) {
        expect((await open(`${link}${part}`, { method })).status).toBe(200);
      }
      expect((await open(`${link}/confirm`, { method })).status).toBe(303);
    }
    expect(await appointment(id)).toEqual(before);
  });

  it('says until when the visit may be moved or cancelled, to the very millisecond', async () => {
    api.clock.at = Date.UTC(2027, 0, 4, 10);
    const { link, cancelUntil } = await linked({ startsAt: Date.UTC(2027, 1, 10, 8) });
    expect(text((await open(link)).html)).toMatch(
      /Move to another time until Tue 9 Feb at 10:00 Cancel the appointment until Tue 9 Feb at 10:00/,
    );
    api.clock.at = cancelUntil;
    expect(waysOf((await open(link)).html)).toEqual([`${link}/move`, `${link}/cancel`]);
    api.clock.at = cancelUntil + 1;
    const late = await open(link);
    expect(waysOf(late.html)).toEqual([]);
    expect(text(late.html)).toContain(
      'It is too late to move or cancel this appointment here. Please call us: +358 40 1999000',
    );
    expect(late.html).toContain('href="tel:+358401999000"');
    for (const way of ['move', 'cancel']) {
      const led = await open(`${link}/${way}`);
      expect([led.status, led.headers.get('location')]).toEqual([303, link]);
    }
  });

  it('says where only the clinic can move or cancel, and why each is closed where the reasons differ', async () => {
    const locked = await linked({ visitTypeId: clinic.lockedVisitTypeId });
    const { html } = await open(locked.link);
    expect(waysOf(html)).toEqual([]);
    expect(text(html)).toContain('can be moved or cancelled by phone only');
    expect(html).toContain('href="tel:+358401999000"');

    const mixed = await linked();
    await admin`update appointments set move_until = null where id = ${mixed.id}`;
    const partly = await open(mixed.link);
    expect(waysOf(partly.html)).toEqual([`${mixed.link}/cancel`]);
    expect(text(partly.html)).toContain('To move this appointment, please call us');
    expect(waysOf((await open(`${mixed.link}/cancel`)).html)).toEqual([]);
    api.clock.at = mixed.cancelUntil + 1;
    const both = text((await open(mixed.link)).html);
    expect(both).toContain('To move this appointment, please call us');
    expect(both).toContain('It is too late to cancel this appointment here');
  });

  it('offers moving and giving up below the question, until the answer is due', async () => {
    const { link, confirmBy } = await asked('en');
    const { html } = await open(link);
    expect(html.indexOf('/confirm')).toBeLessThan(html.indexOf('/move'));
    expect(waysOf(html)).toEqual([`${link}/move`, `${link}/cancel`]);
    expect(text(html)).toMatch(
      /Please answer by ([^.]+)\. Confirm this time Choose another time until \1 Give this time up until \1/,
    );
    api.clock.at = confirmBy;
    expect((await open(link)).html).toContain('<form');
    api.clock.at = confirmBy + 1;
    const late = await open(link);
    expect(late.html).toContain('No longer held');
    expect([late.html.includes('<form'), waysOf(late.html)]).toEqual([false, []]);
  });

  it('believes what its address says of the past only where the visit agrees', async () => {
    const { link, id } = await linked();
    const said = async (done: string) => (await open(`${link}?done=${done}`)).html.includes('role="status"');
    const all = () => Promise.all(['confirmed', 'moved', 'cancelled', 'anything', '<b>'].map(said));
    expect(await all()).toEqual([true, false, false, false, false]);
    await admin`update appointments set version = 2 where id = ${id}`;
    expect(await all()).toEqual([true, true, false, false, false]);
    await admin`update appointments set status = 'cancelled' where id = ${id}`;
    expect(await all()).toEqual([false, false, true, false, false]);
  });

  it.each(shippedLanguages)('has all its words in %s', async (language) => {
    const pages: string[] = [];
    const show = async (address: string, form?: Record<string, string>) =>
      void pages.push((await (form ? press(address, form) : open(address))).html);
    const waiting = await linked({ mode: 'preReserve', language });
    const booked = await linked({ language });
    for (const { link } of [waiting, booked]) {
      for (const part of ['', '/move', '/cancel', '?done=confirmed']) await show(link + part);
      await show(`${link}/move`, {});
      await show(`${link}/move`, { startsAt: '2020-01-01T00:00:00Z' });
      await show(`${link}/cancel`, { version: '99' });
    }
    await show((await linked({ language, visitTypeId: clinic.lockedVisitTypeId })).link);
    await cancel(booked.link);
    await show(`${booked.link}?done=cancelled`);
    const foreign = language === 'en' ? /\b(aika|tid|zeit|orario)\b/i : /\b(the|time|please|appointment)\b/i;
    for (const html of pages) {
      expect(html).toContain(`<html lang="${language}">`);
      expect(text(html)).not.toMatch(/[{}]|undefined|NaN/);
      expect(text(html)).not.toMatch(foreign);
    }
  });
});

describe('confirming', () => {
  it('is done by a button, leads back, and is said; a second press changes nothing', async () => {
    const { link, id } = await asked('fi');
    for (let presses = 0; presses < 2; presses++) {
      const pressed = await confirm(link);
      expect([pressed.status, pressed.headers.get('location')]).toEqual([303, `${link}?done=confirmed`]);
    }
    expect(await status(id)).toBe('booked');
    const { html } = await open(`${link}?done=confirmed`);
    expect(html).toContain('Vahvistettu');
    expect(html).toMatch(/role="status">Kiitos vahvistuksesta!/);
    expect(html).not.toContain('<form');
    expect(await doneBy(id, 'confirmed')).toEqual(['patient']);
  });

  it('is no longer possible after an end, which is told', async () => {
    const { link, id } = await asked('fi');
    await api.call(clinic.staffKey, 'POST', `/v1/appointments/${id}/cancel`, { actor: 'staff' });
    expect((await confirm(link)).status).toBe(303);
    const { html } = await open(link);
    expect(html).toContain('Peruttu');
    expect(html).not.toContain('<form');
    expect(await status(id)).toBe('cancelled');
  });

  it('says that an answer could not be saved, and keeps the button', async () => {
    const { link } = await asked('fi');
    beAway();
    const pressed = await confirm(link);
    expect([pressed.status, pressed.headers.get('retry-after')]).toEqual([503, '5']);
    expect(pressed.html).toContain('role="alert"');
    expect(pressed.html).toContain('<form');
  });
});

describe('cancelling', () => {
  it('offers another time first, then cancels by a button; a second press changes nothing', async () => {
    const { link, id } = await linked();
    const { html } = await open(`${link}/cancel`);
    expect(waysOf(html)).toEqual([`${link}/move`]);
    expect(html.indexOf('Would another time suit you better?')).toBeLessThan(html.indexOf('Yes, cancel it'));
    expect(await status(id)).toBe('booked');
    for (let presses = 0; presses < 2; presses++) {
      const pressed = await cancel(link);
      expect([pressed.status, pressed.headers.get('location')]).toEqual([303, `${link}?done=cancelled`]);
    }
    expect(await doneBy(id, 'cancelled')).toEqual(['patient']);
    const after = text((await open(`${link}?done=cancelled`)).html);
    expect(after).toMatch(/Thank you for letting us know.*Cancelled/);
    expect((await open(`${link}/cancel`)).headers.get('location')).toBe(link);
  });

  it('gives up a time that waits for an answer', async () => {
    const { link, id } = await asked('en');
    expect((await open(`${link}/cancel`)).html).toContain('Give this time up?');
    await cancel(link);
    expect(await status(id)).toBe('cancelled');
  });

  it('is refused by the appointment itself when it is too late or locked, which the page says, with the phone number', async () => {
    const { link, id, cancelUntil } = await linked();
    api.clock.at = cancelUntil + 1;
    const late = await cancel(link);
    expect(late.status).toBe(409);
    expect(late.html).toMatch(/role="alert">That is not possible here\. Your appointment stands as it was\./);
    expect(text(late.html)).toContain('It is too late to move or cancel this appointment here');
    expect(late.html).toContain('href="tel:+358401999000"');
    api.clock.at = undefined;
    expect(await status(id)).toBe('booked');

    const locked = await linked({ visitTypeId: clinic.lockedVisitTypeId });
    expect(text((await cancel(locked.link)).html)).toContain('by phone only');
    expect(await status(locked.id)).toBe('booked');
  });

  it('believes the appointment where its clock says otherwise than the wall', async () => {
    const { link } = await linked();
    refuse('TOO_LATE_TO_CANCEL');
    const late = await cancel(link);
    expect(text(late.html)).toContain('It is too late to cancel this appointment here. Please call us');
    expect(waysOf(late.html)).toEqual([`${link}/move`]);
  });

  it('says that it could not be saved, and keeps the button', async () => {
    const { link, id } = await linked();
    beAway();
    const pressed = await cancel(link);
    expect(pressed.status).toBe(503);
    expect(text(pressed.html)).toMatch(/We could not save your answer.*Yes, cancel it/);
    expect(await status(id)).toBe('booked');
  });
});

describe('a link', () => {
  const actions = ['', '/confirm', '/cancel', '/move'];

  it('is one and the same nothing where it opens nothing', async () => {
    const { link, endsAt, id } = await asked('fi');
    const unknown = await open(`/a/${randomBytes(16).toString('base64url')}`);
    expect(unknown.status).toBe(404);
    for (const path of ['/a/x', `/a/${'A'.repeat(500)}`, link.slice(0, -1), `${link}A`]) {
      for (const action of actions) {
        const isPress = action === '/confirm';
        const answer = await (isPress ? press(path + action) : open(path + action));
        expect({ path, action, ...answer }).toMatchObject({ path, action, status: 404, html: unknown.html });
      }
    }
    api.clock.at = endsAt + 7 * DAY;
    expect((await open(link)).status).toBe(200);
    api.clock.at = endsAt + 7 * DAY + 1;
    expect(await open(link)).toMatchObject({ status: 404, html: unknown.html });
    const asking = api.temporal.asked;
    for (const action of ['/confirm', '/cancel', '/move']) {
      expect(await press(link + action)).toMatchObject({ status: 404, html: unknown.html });
    }
    api.clock.at = undefined;
    await admin`update appointments set patient_id = ${clinic.otherPatientId} where id = ${id}`;
    for (const action of actions) {
      const isPress = action === '/confirm';
      expect(await (isPress ? press(link + action) : open(link + action))).toMatchObject({
        status: 404,
        html: unknown.html,
      });
    }
    expect(await press(`${link}/cancel`)).toMatchObject({ status: 404, html: unknown.html });
    expect(api.temporal.asked).toBe(asking);
  });

  it.each([
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://elsewhere.example' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1' }, 403],
    [{ origin: 'https://elsewhere.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'same-origin', origin: 'http://127.0.0.1' }, 303],
    [{ 'sec-fetch-site': 'none' }, 303],
    [{ origin: 'http://127.0.0.1' }, 303],
    [{ origin: 'http://localhost' }, 303],
    [{}, 303],
  ] as const)('is pressed from our own page alone: %o', async (headers, code) => {
    const { link, id } = await asked('en');
    const pressed = await press(`${link}/confirm`, {}, { ...headers, 'accept-language': 'de' });
    expect(pressed.status).toBe(code);
    expect(await status(id)).toBe(code === 403 ? 'pending' : 'booked');
    if (code !== 403) return;
    const unknown = await press('/a/x/cancel', {}, { ...headers, 'accept-language': 'de' });
    expect(unknown).toMatchObject({ status: 403, html: pressed.html });
    expect(pressed.html).toContain('Bitte öffnen Sie den Link noch einmal');
    expect((await open(link, { headers })).status).toBe(200);
  });

  it('leads back to the visit where the place of a press is opened, and changes nothing', async () => {
    const { link, id } = await asked('en');
    const opened = await open(`${link}/confirm`);
    expect(opened.status).toBe(303);
    expect(opened.headers.get('location')).toMatch(/^\/a\/[\w-]{22}$/);
    expect(await status(id)).toBe('pending');
    expect((await open('/a/unknown/confirm')).status).toBe(404);
  });

  it('takes no more than a form’s worth', async () => {
    const { link, id } = await linked();
    expect((await press(`${link}/cancel`, { version: 'x'.repeat(5_000) })).status).toBe(413);
    expect(await status(id)).toBe('booked');
  });

  it('is kept, indexed, framed and logged nowhere, nor told to another site', async () => {
    const { link } = await asked('fi');
    const answers = [await open(link), await confirm(link), await open('/a/unknown'), await open(`${link}/move`)];
    for (const { headers } of answers) {
      expect(headers.get('cache-control')).toBe('no-store');
      // Without any referrer, browsers would send our own forms from nowhere.
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('x-robots-tag')).toContain('noindex');
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
    }
    const { html, headers } = await open(link);
    const style = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? '';
    expect(headers.get('content-security-policy')).toContain(createHash('sha256').update(style).digest('base64'));
    const token = link.slice(3);
    expect(api.log.join('')).not.toContain(token);
    expect(api.log.some((line) => line.includes('"route":"/a/:token"'))).toBe(true);
    const metrics = await (await api.request('/metrics')).text();
    expect(metrics).not.toContain(token);
    expect(metrics).toContain('route="/a/:token/confirm"');
  });
});
