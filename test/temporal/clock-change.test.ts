import { beforeAll, expect, it } from 'vitest';
import { addDays, atLocal, formatInstant, localDate, localTime, offsetSpans } from '../../domain/clinic-time.ts';
import { ELAPSED_DAY, HOUR, type Instant } from '../../domain/interval.ts';
import { outcomeOf, reserve } from '../support/bookings.ts';
import { addClinic } from '../support/clinic.ts';
import { callApi, startProduct } from '../support/product.ts';

const product = await startProduct();
const { temporal } = product;

beforeAll(async () => {
  const worker = await product.startWorker();
  return () => worker.stop();
});

/** The dates on which the zone's clocks change next: forward and back, in whichever order they come. */
function changesIn(zone: string): string[] {
  const start = Date.now() + 30 * ELAPSED_DAY;
  const spans = offsetSpans({ start, end: start + 400 * ELAPSED_DAY }, zone);
  return spans.slice(1, 3).map((span) => localDate(span.start, zone));
}

const cases = ['Europe/Helsinki', 'Europe/Berlin'].flatMap((zone) =>
  changesIn(zone).map((date) => [zone, date] as const),
);

async function openIn(timeZone: string) {
  const clinic = await addClinic(product.adminUrl, { timeZone });
  const call: typeof product.call = (method, path, options) =>
    callApi(product.apiUrl, clinic.staffKey, method, path, options);
  return { clinic, call };
}

it.each(cases)(
  'in %s a visit on %s, the day of the change, keeps its wall-clock times and its elapsed hours',
  async (zone, date) => {
    const desk = await openIn(zone);
    const onTheClock = (at: Instant) => `${localDate(at, zone)} ${localTime(at, zone)}`;
    const startsAt = atLocal(date, '10:00', zone).instant;
    const { body } = await reserve({ ...product, ...desk }, formatInstant(startsAt), { notify: false });
    expect(startsAt - Date.parse(body.cancelUntil)).toBe(24 * HOUR);

    await temporal.advance(body.workflowId, { to: Date.parse(body.cancelUntil) + 1 });
    const late = await desk.call('POST', `/v1/appointments/${body.id}/cancel`, { body: { actor: 'patient' } });
    expect(late).toMatchObject({ status: 409, body: { code: 'TOO_LATE_TO_CANCEL' } });

    await temporal.advance(body.workflowId, { by: 20 * ELAPSED_DAY });
    await outcomeOf(product, body.workflowId);
    const { past } = (await desk.call('GET', `/v1/appointments/${body.id}/timeline`)).body;
    const [, reminder, completed] = past.map(({ at }: { at: string }) => onTheClock(Date.parse(at)));
    expect(reminder).toBe(`${addDays(date, -2)} 13:00`);
    expect(completed).toBe(`${addDays(date, 7)} 10:30`);
  },
);

it.each(cases)(
  'in %s a reservation is to be confirmed on %s at the wall-clock time of its visit',
  async (zone, date) => {
    const desk = await openIn(zone);
    const startsAt = formatInstant(atLocal(addDays(date, 14), '10:00', zone).instant);
    const { body } = await reserve({ ...product, ...desk }, startsAt, { mode: 'preReserve', notify: false });
    const confirmBy = Date.parse(body.confirmBy);
    expect(`${localDate(confirmBy, zone)} ${localTime(confirmBy, zone)}`).toBe(`${date} 10:00`);

    await temporal.advance(body.workflowId, { to: confirmBy - 60_000 });
    expect((await desk.call('GET', `/v1/appointments/${body.id}`)).body.status).toBe('pending');
    await temporal.advance(body.workflowId, { to: confirmBy + 1_000 });
    expect(await outcomeOf(product, body.workflowId)).toEqual({ outcome: 'expired' });
  },
);
