import { beforeAll, expect, it } from 'vitest';
import { addDays, atLocal, formatInstant, localDate, localTime } from '../../domain/clinic-time.ts';
import type { Instant } from '../../domain/interval.ts';
import { outcomeOf, reserve } from '../support/bookings.ts';
import { addClinic } from '../support/clinic.ts';
import { callApi, eventually, startProduct } from '../support/product.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

// The night lasts eleven hours and the largest step between two of these is seven:
// whenever the tests run, it is night in one of them and day in another.
const zones = [
  'Pacific/Auckland',
  'Asia/Tokyo',
  'Asia/Kathmandu',
  'Europe/Helsinki',
  'America/New_York',
  'America/Los_Angeles',
  'Pacific/Honolulu',
];

const product = await startProduct();
const { temporal } = product;

beforeAll(async () => {
  const worker = await product.startWorker();
  return () => worker.stop();
});

interface Entry {
  at: string;
  what: string;
  kind?: string;
}

/** A clinic with the default policy, its night hours among it, in that zone. */
async function openIn(timeZone: string) {
  const clinic = await addClinic(product.adminUrl, { timeZone });
  const call: typeof product.call = (method, path, options) =>
    callApi(product.apiUrl, clinic.staffKey, method, path, options);
  const timelineOf = async (id: string): Promise<{ past: Entry[]; planned: Entry[] }> =>
    (await call('GET', `/v1/appointments/${id}/timeline`)).body;
  return { clinic, call, timelineOf };
}

const isNight = (instant: Instant, zone: string): boolean => {
  const time = localTime(instant, zone);
  return time < '08:00' || time >= '21:00';
};

it('finds it night in some of the zones, and day in others', () => {
  const nights = zones.map((zone) => isNight(Date.now(), zone));
  expect(new Set(nights)).toEqual(new Set([true, false]));
});

/** Asks by day, or at the end of the night; confirms by the link at 05:00 on the eve of the last day to answer; goes on to the end. */
async function live(zone: string) {
  const desk = await openIn(zone);
  const { mobile } = desk.clinic;
  const visitDay = addDays(localDate(Date.now(), zone), 40);
  const startsAt = formatInstant(atLocal(visitDay, '10:00', zone).instant);
  const { status, body } = await reserve({ ...product, ...desk }, startsAt, { mode: 'preReserve' });
  expect([status, body.status, body.timeZone]).toEqual([201, 'pending', zone]);

  const waiting = (await desk.timelineOf(body.id)).planned.find(({ kind }) => kind === 'ask');
  if (waiting) await temporal.advance(body.workflowId, { to: Date.parse(waiting.at) });
  const ask = await eventually('the question', async () => (await product.phone(mobile))[0]);

  const eve = addDays(localDate(Date.parse(body.confirmBy), zone), -1);
  await temporal.advance(body.workflowId, { to: atLocal(eve, '05:00', zone).instant });
  const link = /http\S+/.exec(ask.body)?.[0] ?? '';
  expect((await fetch(`${link}/confirm`, { method: 'POST', redirect: 'manual' })).status).toBe(303);
  await temporal.advance(body.workflowId, { by: 60 * DAY });
  expect(await outcomeOf(product, body.workflowId)).toEqual({ outcome: 'completed' });
  return { visitDay, eve, ...(await desk.timelineOf(body.id)), texts: await product.phone(mobile) };
}

it.each(zones)('a visit in %s is asked, nudged, confirmed at night and reminded, every text by day', async (zone) => {
  const { visitDay, eve, past, planned, texts } = await live(zone);
  expect(planned).toEqual([]);
  expect(past.map(({ what, kind }) => kind ?? what)).toEqual([
    'preReserved',
    'ask',
    'nudge',
    'nudge',
    'confirmed',
    'confirmed',
    'reminder',
    'completed',
  ]);
  const messages = past.filter(({ what }) => what === 'message');
  expect(messages.filter(({ at }) => isNight(Date.parse(at), zone))).toEqual([]);
  expect(texts).toHaveLength(messages.length);

  const [made, asked, , , confirmed, sayingSo, reminder] = past.map(({ at }) => Date.parse(at));
  const waited = asked! - made!;
  expect(['at once', '08:00']).toContain(waited < MINUTE ? 'at once' : localTime(asked!, zone));
  expect(waited).toBeLessThan(12 * 60 * MINUTE);

  const onTheClock = (at: Instant | undefined) => `${localDate(at!, zone)} ${localTime(at!, zone)}`;
  expect([confirmed, sayingSo].map(onTheClock)).toEqual([`${eve} 05:00`, `${eve} 08:00`]);
  expect(onTheClock(reminder)).toBe(`${addDays(visitDay, -2)} 13:00`);
});
