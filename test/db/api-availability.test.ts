import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, describe, expect, it } from 'vitest';
import { testApi } from '../support/api.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const { adminUrl, appUrl } = await testDatabase();
const clinic = await addClinic(adminUrl);
const { staffKey, webKey, visitTypeId, providerId, otherProviderId, patientId } = clinic;
const api = testApi(appUrl);
const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
afterAll(() => admin.end());
// A Sunday morning, so that all that follows lies ahead.
const NOW = Date.parse('2027-03-07T06:00:00Z');
api.clock.at = NOW;

interface Slot {
  providerId: string;
  startsAt: string;
}

function ask(query: Record<string, string>, key = staffKey) {
  return api.call(key, 'GET', `/v1/availability?${new URLSearchParams({ visitTypeId, ...query }).toString()}`);
}

const day = { from: '2027-03-10T00:00:00+02:00', to: '2027-03-11T00:00:00+02:00' };

describe('free times', () => {
  it('come by start, then provider, on the grid of the clinic’s wall clock', async () => {
    const { body } = await ask(day);
    // Open from 8 to 20, half an hour each, every quarter of an hour, two providers.
    expect(body.slots).toHaveLength(2 * 47);
    expect(body.nextCursor).toBeNull();
    const order = (body.slots as Slot[]).map(({ startsAt, providerId: id }) => `${startsAt} ${id}`);
    expect(order).toEqual(order.toSorted());
    expect(body.slots[0]).toMatchObject({ startsAt: '2027-03-10T06:00:00Z', endsAt: '2027-03-10T06:30:00Z' });
  });

  it('are the same page by page, over a clock change too', async () => {
    const fortnight = { from: '2027-03-22T00:00:00+02:00', to: '2027-04-05T00:00:00+03:00', limit: '200' };
    const all: Slot[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await ask({ ...fortnight, ...(cursor && { cursor }) });
      expect(body.slots.length).toBeLessThanOrEqual(200);
      all.push(...body.slots);
      cursor = body.nextCursor;
    }
    expect(all).toHaveLength(14 * 2 * 47);
    expect(new Set(all.map((slot) => JSON.stringify(slot))).size).toBe(all.length);
    const first = (date: string) => all.find(({ startsAt }) => startsAt.startsWith(date))?.startsAt;
    expect([first('2027-03-27'), first('2027-03-28')]).toEqual(['2027-03-27T06:00:00Z', '2027-03-28T05:00:00Z']);
  });

  it('leave out what is taken and what is leased, at that provider only', async () => {
    const startsAt = '2027-03-12T10:00:00Z';
    const body = { mode: 'book', actor: 'staff', patientId, visitTypeId, providerId, startsAt };
    expect(
      (await api.call(staffKey, 'POST', '/v1/appointments', body, { 'idempotency-key': randomUUID() })).status,
    ).toBe(201);
    const { body: answer } = await ask({ from: '2027-03-12T09:30:00Z', to: '2027-03-12T10:30:01Z' });
    const at = (id: string) =>
      (answer.slots as Slot[]).filter((slot) => slot.providerId === id).map((slot) => slot.startsAt.slice(11, 16));
    expect(at(providerId)).toEqual(['09:30', '10:30']);
    expect(at(otherProviderId)).toEqual(['09:30', '09:45', '10:00', '10:15', '10:30']);
  });

  it('leave out a time that somebody is just about to reserve, until the lease has lapsed', async () => {
    const lease = async (hour: number, leasedUntil: number) => {
      const during = `[2027-03-13T${hour}:00:00Z,2027-03-13T${hour}:30:00Z)`;
      await admin`insert into occupancies (clinic_id, provider_id, owner_id, during, leased_until)
        values (${clinic.clinicId}, ${providerId}, ${randomUUID()}, ${during}, ${new Date(leasedUntil).toISOString()})`;
    };
    await lease(10, NOW);
    await lease(11, NOW - 1);
    const { body } = await ask({ providerId, from: '2027-03-13T10:00:00Z', to: '2027-03-13T11:30:00Z' });
    expect((body.slots as Slot[]).map(({ startsAt }) => startsAt.slice(11, 16))).toEqual([
      '10:30',
      '10:45',
      '11:00',
      '11:15',
    ]);
  });

  it('are for patients only those that they may book, whatever a web key says of itself', async () => {
    const today = { from: '2027-03-07T00:00:00Z', to: '2027-03-08T00:00:00Z' };
    const firstOf = async (query: Record<string, string>, key?: string) =>
      (await ask({ ...today, ...query }, key)).body.slots[0].startsAt;
    expect(await firstOf({})).toBe('2027-03-07T06:15:00Z');
    expect(await firstOf({ actor: 'patient' })).toBe('2027-03-07T08:00:00Z');
    expect(await firstOf({}, webKey)).toBe('2027-03-07T08:00:00Z');
    expect(await firstOf({ actor: 'staff' }, webKey)).toBe('2027-03-07T08:00:00Z');
    const far = { from: '2027-10-01T00:00:00Z', to: '2027-10-02T00:00:00Z' };
    expect((await ask(far)).body.slots).not.toHaveLength(0);
    expect((await ask(far, webKey)).body.slots).toHaveLength(0);
  });

  it('can be asked of one provider, and with a plus that a query has turned into a space', async () => {
    const { body } = await api.call(
      staffKey,
      'GET',
      `/v1/availability?visitTypeId=${visitTypeId}&providerId=${providerId}&from=${day.from}&to=${day.to}`,
    );
    expect(body.slots).toHaveLength(47);
  });

  it.each([
    [{ ...day, to: '2027-05-12T00:00:00Z' }, '/to'],
    [{ ...day, to: day.from }, '/to'],
    [{ ...day, from: 'tomorrow' }, '/from'],
    [{ ...day, limit: '201' }, '/limit'],
    [{ ...day, cursor: 'x' }, '/cursor'],
    [{ ...day, until: 'x' }, '/until'],
    [{ ...day, visitTypeId: 'x' }, '/visitTypeId'],
  ])('refuse %o', async (query, pointer) => {
    const { status, body } = await ask(query);
    expect([status, body.code, body.errors[0].pointer]).toEqual([422, 'VALIDATION_FAILED', pointer]);
  });

  it.each([
    ['', '2027-04-01T00:00:00+03:00', '2027-06-02T00:00:00+03:00', '2027-06-03T00:00:00+03:00'],
    [' over the change in spring', day.from, '2027-05-11T00:00:00+03:00', '2027-05-12T00:00:00+03:00'],
    [
      ' over the change in autumn',
      '2027-09-10T00:00:00+03:00',
      '2027-11-11T00:00:00+02:00',
      '2027-11-12T00:00:00+02:00',
    ],
  ])('can be asked of 62 days%s, and not of 63', async (_, from, to, later) => {
    expect((await ask({ from, to, limit: '1' })).status).toBe(200);
    expect((await ask({ from, to: later, limit: '1' })).body).toMatchObject({ errors: [{ pointer: '/to' }] });
  });

  it('are not found for a provider who is not there', async () => {
    expect((await ask({ ...day, providerId: randomUUID() })).status).toBe(404);
  });
});
