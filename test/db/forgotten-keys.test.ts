import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { purgeIdempotencyKeys } from '../../db/commands/idempotency-keys/purge.ts';
import { ELAPSED_DAY, HOUR, MINUTE } from '../../domain/interval.ts';
import { testApi } from '../support/api.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const { adminUrl, appUrl } = await testDatabase();
const clinic = await addClinic(adminUrl);
const api = testApi(appUrl);

const start = Date.parse('2027-03-01T10:00Z');
const inTime = start + 30 * ELAPSED_DAY - MINUTE;
const tooLate = start + 30 * ELAPSED_DAY + MINUTE;

async function travelTo(now: number): Promise<void> {
  api.clock.at = now;
  await purgeIdempotencyKeys(api.db, now);
}

let hours = 0;
/** A time that no other test uses. */
const freshTime = () => new Date(start + 40 * ELAPSED_DAY + hours++ * HOUR).toISOString();

function reserve(key: string, wish: { mode?: string; patientId?: string; startsAt: string }) {
  const { patientId, visitTypeId, providerId } = clinic;
  const body = { mode: 'book', actor: 'staff', patientId, visitTypeId, providerId, ...wish };
  return api.call(clinic.staffKey, 'POST', '/v1/appointments', body, { 'idempotency-key': key });
}

function extend(key: string, id: string, daysAhead: number) {
  const body = { actor: 'staff', confirmBy: new Date(start + daysAhead * ELAPSED_DAY).toISOString() };
  return api.call(clinic.staffKey, 'POST', `/v1/appointments/${id}/extend`, body, { 'idempotency-key': key });
}

const reused = { status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } };

describe('a reservation with a key that was used before', () => {
  it('within 30 days has the answer of then, and with another body none', async () => {
    const [key, startsAt] = [randomUUID(), freshTime()];
    await travelTo(start);
    const first = await reserve(key, { startsAt });
    await travelTo(inTime);
    expect(await reserve(key, { startsAt })).toMatchObject({ status: 201, body: first.body });
    expect(await reserve(key, { startsAt: freshTime() })).toMatchObject(reused);
  });

  it('after 30 days is a new one, and its repeats are known as such', async () => {
    const [key, startsAt] = [randomUUID(), freshTime()];
    await travelTo(start);
    const first = await reserve(key, { startsAt: freshTime() });
    await travelTo(tooLate);
    const answers = await Promise.all([1, 2, 3].map(() => reserve(key, { startsAt })));
    for (const answer of answers) expect(answer).toMatchObject({ status: 201, body: answers[0]?.body });
    expect(Date.parse(answers[0]?.body.startsAt)).toBe(Date.parse(startsAt));
    expect(answers[0]?.body.id).not.toBe(first.body.id);
    expect(await reserve(key, { startsAt: freshTime() })).toMatchObject(reused);
  });
});

describe('an action with a key that was used before', () => {
  it('within 30 days has the answer of then, and with another body none', async () => {
    const key = randomUUID();
    await travelTo(start);
    const { body } = await reserve(randomUUID(), { mode: 'preReserve', startsAt: freshTime() });
    const first = await extend(key, body.id, 35);
    await travelTo(inTime);
    expect(await extend(key, body.id, 35)).toMatchObject({ status: 200, body: first.body });
    expect(await extend(key, body.id, 36)).toMatchObject(reused);
  });

  it('counts its 30 days from the try that was not refused', async () => {
    const [key, from, to] = [randomUUID(), freshTime(), freshTime()];
    await travelTo(start);
    const [visit, rival] = [
      await reserve(randomUUID(), { startsAt: from }),
      await reserve(randomUUID(), { startsAt: to, patientId: clinic.otherPatientId }),
    ];
    const act = (id: string, action: string, body: object, by: string = randomUUID()) =>
      api.call(
        clinic.staffKey,
        'POST',
        `/v1/appointments/${id}/${action}`,
        { actor: 'staff', reason: 'ill', ...body },
        { 'idempotency-key': by },
      );
    const move = (startsAt: string, by?: string) => act(visit.body.id, 'move', { startsAt }, by);
    expect(await move(to, key)).toMatchObject({ status: 409, body: { code: 'SLOT_TAKEN' } });
    await act(rival.body.id, 'cancel', {});
    await travelTo(inTime);
    const moved = await move(to, key);
    expect([moved.status, (await move(from)).body.version]).toEqual([200, 3]);
    await travelTo(inTime + 29 * ELAPSED_DAY);
    expect(await move(to, key)).toMatchObject({ status: 200, body: moved.body });
  });

  it('after 30 days acts anew', async () => {
    const key = randomUUID();
    await travelTo(start);
    const { body } = await reserve(randomUUID(), { mode: 'preReserve', startsAt: freshTime() });
    await extend(key, body.id, 35);
    await travelTo(tooLate);
    const answer = await extend(key, body.id, 36);
    expect(answer).toMatchObject({ status: 200, body: { revision: 3 } });
    expect(Date.parse(answer.body.confirmBy)).toBe(start + 36 * ELAPSED_DAY);
    expect(await extend(key, body.id, 36)).toMatchObject({ status: 200, body: answer.body });
  });
});
