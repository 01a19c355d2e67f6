import { createHash, randomBytes, randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, describe, expect, it } from 'vitest';
import { Refusal } from '../../domain/errors.ts';
import { testApi } from '../support/api.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const DAY = 86_400_000;
const { adminUrl, appUrl } = await testDatabase();
const clinic = await addClinic(adminUrl, { languages: ['fi'] });
const api = testApi(appUrl);
const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
afterAll(() => admin.end());

let days = 30;

/** A pre-reservation, and a link to it as a message would carry it. */
async function asked(language = 'fi') {
  const { patientId, visitTypeId, providerId, staffKey } = clinic;
  const startsAt = new Date((Math.floor(Date.now() / DAY) + days++) * DAY + 10 * 3_600_000).toISOString();
  const body = { mode: 'preReserve', actor: 'staff', patientId, visitTypeId, providerId, startsAt };
  const { body: appointment } = await api.call(staffKey, 'POST', '/v1/appointments', body, {
    'idempotency-key': randomUUID(),
  });
  const token = randomBytes(16).toString('base64url');
  await admin`insert into page_tokens (clinic_id, digest, appointment_id, patient_id, language, created_at)
    values (${clinic.clinicId}, ${createHash('sha256').update(token).digest()}, ${appointment.id}, ${patientId}, ${language}, now())`;
  return {
    id: appointment.id as string,
    endsAt: Date.parse(appointment.endsAt),
    confirmBy: Date.parse(appointment.confirmBy),
    link: `/a/${token}`,
  };
}

async function open(link: string, init: RequestInit = {}) {
  const response = await api.request(link, init);
  return { status: response.status, html: await response.text(), headers: response.headers };
}

const confirm = (link: string) => open(`${link}/confirm`, { method: 'POST' });
const status = async (id: string) => (await api.call(clinic.staffKey, 'GET', `/v1/appointments/${id}`)).body.status;

describe('the patient’s page', () => {
  it('shows clinic, time, place and the question, in the patient’s language, and nothing of the treatment', async () => {
    const { link } = await asked();
    const { status: code, html } = await open(link);
    expect(code).toBe(200);
    for (const shown of [
      'lang="fi"',
      'Test Clinic',
      'Test Street 1',
      'klo 1',
      'Odottaa vastaustasi',
      '<form method="post"',
    ]) {
      expect(html).toContain(shown);
    }
    for (const hidden of ['Patient', 'Visit', 'Room', '<script']) expect(html).not.toContain(hidden);
    expect((await open((await asked('de')).link)).html).toContain('Termin bestätigen');
    expect((await open((await asked('sv-FI')).link)).html).toContain('Bekräfta tiden');
  });

  it('changes nothing by being looked at, by a mail scanner either', async () => {
    const { link, id } = await asked();
    for (const method of ['GET', 'HEAD']) {
      await open(link, { method });
      expect((await open(`${link}/confirm`, { method })).status).toBe(404);
    }
    expect(await status(id)).toBe('pending');
  });

  it('confirms by its button, leads back, and says so; a second press changes nothing', async () => {
    const { link, id } = await asked();
    for (let press = 0; press < 2; press++) {
      const pressed = await confirm(link);
      expect([pressed.status, pressed.headers.get('location')]).toEqual([303, link]);
    }
    expect(await status(id)).toBe('booked');
    const { html } = await open(link);
    expect(html).toContain('Vahvistettu');
    expect(html).not.toContain('<form');
    const { body } = await api.call(clinic.staffKey, 'GET', `/v1/appointments/${id}/timeline`);
    expect(body.past.at(-1)).toMatchObject({ what: 'confirmed', by: 'patient' });
  });

  it('tells of an end, offers nothing then, and takes no answer', async () => {
    const { link, id } = await asked();
    await api.call(clinic.staffKey, 'POST', `/v1/appointments/${id}/cancel`, { actor: 'staff' });
    expect((await confirm(link)).status).toBe(303);
    const { html } = await open(link);
    expect(html).toContain('Peruttu');
    expect(html).not.toContain('<form');
    expect(await status(id)).toBe('cancelled');
  });

  it('takes no more answers once the time to answer is over, whether or not the expiry has been written', async () => {
    const { link, confirmBy } = await asked();
    api.clock.at = confirmBy;
    expect((await open(link)).html).toContain('<form');
    api.clock.at = confirmBy + 1;
    const { html } = await open(link);
    api.clock.at = undefined;
    expect(html).toContain('Varaus rauennut');
    expect(html).not.toContain('<form');
  });

  it('says that an answer could not be saved, and keeps the button', async () => {
    const { link } = await asked();
    const { act } = api.temporal;
    api.temporal.act = async () => {
      throw new Refusal('TEMPORARILY_UNAVAILABLE', 'Nobody there.');
    };
    const pressed = await confirm(link);
    api.temporal.act = act;
    expect([pressed.status, pressed.headers.get('retry-after')]).toEqual([503, '5']);
    expect(pressed.html).toContain('role="alert"');
    expect(pressed.html).toContain('<form');
  });

  it('is one and the same nothing for every link that opens nothing', async () => {
    const { link, endsAt } = await asked();
    const unknown = await open(`/a/${randomBytes(16).toString('base64url')}`);
    expect(unknown.status).toBe(404);
    for (const path of ['/a/x', `/a/${'A'.repeat(500)}`, link.slice(0, -1), `${link}A`]) {
      expect({ path, ...(await open(path)) }).toMatchObject({ path, status: 404, html: unknown.html });
    }
    api.clock.at = endsAt + 7 * DAY;
    expect((await open(link)).status).toBe(200);
    api.clock.at = endsAt + 7 * DAY + 1;
    expect(await open(link)).toMatchObject({ status: 404, html: unknown.html });
    expect((await confirm(link)).status).toBe(404);
    api.clock.at = undefined;
  });

  it('is kept, indexed, framed and logged nowhere', async () => {
    const { link } = await asked();
    for (const { headers } of [await open(link), await confirm(link), await open('/a/unknown')]) {
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
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
