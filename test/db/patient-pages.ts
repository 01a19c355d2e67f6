import { createHash, randomBytes, randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, afterEach, expect } from 'vitest';
import { type ErrorCode, Refusal } from '../../domain/errors.ts';
import { testApi } from '../support/api.ts';
import { type TestClinic, addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
const today = Math.floor(Date.now() / DAY) * DAY;

interface Wanted {
  mode?: 'book' | 'preReserve';
  language?: string;
  startsAt?: number;
  visitTypeId?: string;
  providerId?: string;
  of?: TestClinic;
}

export interface Linked {
  id: string;
  startsAt: number;
  endsAt: number;
  confirmBy: number;
  cancelUntil: number;
  /** As a message would carry it. */
  link: string;
}

/** A clinic whose patients have links, and what they find behind them. Call it at the top of a test file. */
export async function startPatientPages() {
  const { adminUrl, appUrl } = await testDatabase();
  const clinic = await addClinic(adminUrl, { languages: ['fi'] });
  const api = testApi(appUrl);
  const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
  const { act } = api.temporal;
  let days = 30;
  afterEach(() => {
    api.clock.at = undefined;
    api.temporal.act = act;
  });
  afterAll(() => admin.end());

  /** Ten in the morning, UTC, of a day of its own. */
  const freshDay = () => today + days++ * DAY + 10 * HOUR;

  /** A visit on a day of its own, and a link to it. */
  async function linked({ mode = 'book', language = 'en', of = clinic, ...wanted }: Wanted = {}): Promise<Linked> {
    const { patientId } = of;
    const { startsAt = freshDay(), visitTypeId = of.visitTypeId, providerId = of.providerId } = wanted;
    const answer = await reserve({ mode, patientId, visitTypeId, providerId, startsAt: instant(startsAt) }, of);
    expect(answer.status).toBe(201);
    const { id, endsAt, confirmBy, cancelUntil } = answer.body;
    const token = randomBytes(16).toString('base64url');
    await admin`insert into page_tokens (clinic_id, digest, appointment_id, patient_id, language, created_at)
      values (${of.clinicId}, ${createHash('sha256').update(token).digest()}, ${id}, ${patientId}, ${language}, now())`;
    const [end, answerBy, until] = [endsAt, confirmBy, cancelUntil].map((at) => Date.parse(at ?? ''));
    return { id, startsAt, endsAt: end!, confirmBy: answerBy!, cancelUntil: until!, link: `/a/${token}` };
  }

  function reserve(body: Record<string, unknown>, of: TestClinic = clinic) {
    const key = { 'idempotency-key': randomUUID() };
    return api.call(of.staffKey, 'POST', '/v1/appointments', { mode: 'book', actor: 'staff', ...body }, key);
  }

  async function open(link: string, init: RequestInit = {}) {
    const response = await api.request(link, init);
    return { status: response.status, html: await response.text(), headers: response.headers };
  }

  /** Presses a button, with what its form holds. */
  const press = (address: string, form: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    open(address, { method: 'POST', body: new URLSearchParams(form), headers });

  const read = async (path: string) => (await api.call(clinic.staffKey, 'GET', path)).body;
  const appointment = (id: string) => read(`/v1/appointments/${id}`);

  return {
    clinic,
    api,
    admin,
    adminUrl,
    freshDay,
    linked,
    reserve,
    open,
    press,
    appointment,
    status: async (id: string): Promise<string> => (await appointment(id)).status,
    /** By whom this was done, each time that it was. */
    doneBy: async (id: string, what: string): Promise<string[]> => {
      const { past } = await read(`/v1/appointments/${id}/timeline`);
      return past.filter((entry: { what: string }) => entry.what === what).map(({ by }: { by: string }) => by);
    },
    confirm: (link: string) => press(`${link}/confirm`),
    cancel: (link: string) => press(`${link}/cancel`),
    move: (link: string, startsAt: number, more: Record<string, string> = {}) =>
      press(`${link}/move`, { startsAt: instant(startsAt), ...more }),
    localDay: (at: number) => new Intl.DateTimeFormat('sv', { timeZone: clinic.timeZone }).format(at),
    /** The appointment's own answer, in place of what it would say. */
    refuse: (code: ErrorCode): void => {
      api.temporal.act = async () => ({ outcome: 'refused', refusal: new Refusal(code, 'No.') });
    },
    beAway: (): void => {
      api.temporal.act = async () => {
        throw new Refusal('TEMPORARILY_UNAVAILABLE', 'Nobody there.');
      };
    },
  };
}

export const instant = (at: number) => new Date(at).toISOString().replace('.000', '');

/** What a page says, without its tags. */
export const text = (html: string) =>
  html
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

/** Where the large links of a page lead. */
export const waysOf = (html: string) =>
  [...html.matchAll(/class="way[^"]*" href="([^"]+)"/g)].map(([, href = '']) => href.replace(/\?.*/, ''));

/** The times that can be chosen. */
export const offered = (html: string) =>
  [...html.matchAll(/name="startsAt"\s+value="([^"]+)"/g)].map(([, value = '']) => Date.parse(value));

export const hiddenOf = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(html)?.[1];
