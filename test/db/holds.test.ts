import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Answer, testApi } from '../support/api.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;
const { adminUrl, appUrl } = await testDatabase();
const clinic = await addClinic(adminUrl);
const { staffKey: staff, webKey: web } = clinic;
const api = testApi(appUrl);

let days = 5;
/** A time of the clinic that no other test uses. */
function freshTime(): string {
  return new Date(Math.floor(Date.now() / DAY) * DAY + DAY / 2 + days++ * DAY).toISOString();
}

function hold(holder: string, startsAt: string, changes: Record<string, unknown> = {}, key: string = randomUUID()) {
  const { visitTypeId, providerId } = clinic;
  const body = { mode: 'hold', actor: 'patient', holder, visitTypeId, providerId, startsAt, ...changes };
  return api.call(staff, 'POST', '/v1/appointments', body, { 'idempotency-key': key });
}

function act(id: string, action: string, body: unknown, as = staff): Promise<Answer> {
  return api.call(as, 'POST', `/v1/appointments/${id}/${action}`, body);
}

const brief = ({ status, body }: Answer) => [status, body.code ?? body.status];

describe('a hold', () => {
  it('keeps the time for ten minutes, with or without a patient', async () => {
    const [one, other] = [await hold('a', freshTime()), await hold('a', freshTime(), { patientId: clinic.patientId })];
    for (const { status, body } of [one, other]) {
      expect(status).toBe(201);
      expect(body).toMatchObject({ status: 'held', version: 1, revision: 1 });
      expect(Date.parse(body.confirmBy) - Date.parse(body.createdAt)).toBe(10 * MINUTE);
    }
    expect([one.body.patientId, other.body.patientId]).toEqual([null, clinic.patientId]);
  });

  it('is the same one when its holder asks again for the same time, and taken for everybody else', async () => {
    const startsAt = freshTime();
    const first = await hold('b', startsAt);
    expect(await hold('b', startsAt)).toMatchObject({ status: 201, body: first.body });
    expect(brief(await hold('somebody else', startsAt))).toEqual([409, 'SLOT_TAKEN']);
    const { patientId, visitTypeId, providerId } = clinic;
    const booking = { mode: 'book', actor: 'staff', patientId, visitTypeId, providerId, startsAt };
    const key = { 'idempotency-key': randomUUID() };
    expect(brief(await api.call(staff, 'POST', '/v1/appointments', booking, key))).toEqual([409, 'SLOT_TAKEN']);
  });

  it('is one for eight requests of its holder at once, whatever their keys', async () => {
    const startsAt = freshTime();
    const keys = Array.from({ length: 8 }, () => randomUUID());
    const answers = await Promise.all(keys.map((key) => hold('c', startsAt, {}, key)));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.map(brief)).toEqual(keys.map(() => [201, 'held']));
    await act(answers[0]!.body.id, 'release', { holder: 'c' });
    const later = await Promise.all(keys.map((key) => hold('c', startsAt, {}, key)));
    expect(later.map(({ body }) => body)).toEqual(answers.map(({ body }) => body));
  });

  it('is one of at most three of its holder, also when thirty are asked for at once', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => hold('d', freshTime())));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.filter(({ body }) => body.code === 'TOO_MANY_HOLDS')).toHaveLength(27);
    expect((await hold('another holder', freshTime())).status).toBe(201);
  });

  it('does not count any more once it is released, confirmed, or past its time', async () => {
    const made = await Promise.all([hold('e', freshTime()), hold('e', freshTime()), hold('e', freshTime())]);
    const [released, confirmed] = made.map(({ body }) => body.id as string);
    expect(brief(await hold('e', freshTime()))).toEqual([409, 'TOO_MANY_HOLDS']);
    await act(released!, 'release', { holder: 'e' });
    expect((await hold('e', freshTime())).status).toBe(201);
    await act(confirmed!, 'confirm', { actor: 'patient', patientId: clinic.patientId });
    expect((await hold('e', freshTime())).status).toBe(201);
    expect(brief(await hold('e', freshTime()))).toEqual([409, 'TOO_MANY_HOLDS']);
    api.clock.at = Date.now() + 11 * MINUTE;
    expect((await hold('e', freshTime())).status).toBe(201);
    api.clock.at = undefined;
  });

  it('follows the clinic in how long it is and how many there may be', async () => {
    const own = await addClinic(adminUrl, { policy: { holdMinutes: 2, maxHoldsPerHolder: 1 } });
    const { visitTypeId, providerId } = own;
    const ask = (startsAt: string) => {
      const body = { mode: 'hold', actor: 'staff', holder: 'f', visitTypeId, providerId, startsAt };
      return api.call(own.staffKey, 'POST', '/v1/appointments', body, { 'idempotency-key': randomUUID() });
    };
    const { body } = await ask(freshTime());
    expect(Date.parse(body.confirmBy) - Date.parse(body.createdAt)).toBe(2 * MINUTE);
    expect(brief(await ask(freshTime()))).toEqual([409, 'TOO_MANY_HOLDS']);
  });

  it.each([
    ['without a holder', { holder: undefined }, 422, 'VALIDATION_FAILED'],
    ['of an empty holder', { holder: '  ' }, 422, 'VALIDATION_FAILED'],
    ['for an unknown patient', { patientId: randomUUID() }, 422, 'VALIDATION_FAILED'],
    ['with a confirmBy of its own', { actor: 'staff', confirmBy: freshTime() }, 422, 'VALIDATION_FAILED'],
    ['by a guardian', { actor: 'guardian' }, 409, 'ACTION_NOT_ALLOWED'],
    ['by a patient at a time off the grid', { startsAt: freshTime().replace(':00.', ':01.') }, 422, 'NOT_BOOKABLE'],
  ])('is refused %s', async (_what, changes, status, code) => {
    expect(brief(await hold('g', freshTime(), changes))).toEqual([status, code]);
  });

  it('needs a patient for every other mode', async () => {
    expect(brief(await hold('h', freshTime(), { mode: 'book', holder: undefined }))).toEqual([
      422,
      'VALIDATION_FAILED',
    ]);
    expect(brief(await hold('h', freshTime(), { mode: 'book', patientId: clinic.patientId }))).toEqual([
      422,
      'VALIDATION_FAILED',
    ]);
  });
});

describe('confirming a hold', () => {
  it('makes it the visit of the patient who is named then', async () => {
    const { body } = await hold('i', freshTime());
    const confirmed = await act(body.id, 'confirm', { actor: 'patient', patientId: clinic.otherPatientId });
    expect(confirmed.body).toMatchObject({ status: 'booked', patientId: clinic.otherPatientId, confirmBy: null });
    expect(brief(await act(body.id, 'release', { holder: 'i' }))).toEqual([409, 'ACTION_NOT_ALLOWED']);
  });

  it.each([
    ['nobody', undefined],
    ['a stranger', randomUUID()],
  ])('needs a patient of the clinic, not %s', async (_who, patientId) => {
    const { body } = await hold(`j ${patientId}`, freshTime());
    const refused = await act(body.id, 'confirm', { actor: 'patient', ...(patientId && { patientId }) });
    expect([refused.status, refused.body.errors?.[0]?.pointer]).toEqual([422, '/patientId']);
    expect((await api.call(staff, 'GET', `/v1/appointments/${body.id}`)).body.status).toBe('held');
  });

  it('is refused for a patient who has another visit then, and the hold stands', async () => {
    const startsAt = freshTime();
    const { patientId, otherProviderId: providerId } = clinic;
    await hold('k', startsAt, { mode: 'book', holder: undefined, patientId, providerId });
    const { body } = await hold('k', startsAt);
    expect(brief(await act(body.id, 'confirm', { actor: 'patient', patientId }))).toEqual([409, 'PATIENT_OVERLAP']);
    const other = { actor: 'patient', patientId: clinic.otherPatientId };
    expect(brief(await act(body.id, 'confirm', other))).toEqual([200, 'booked']);
  });
});

describe('releasing a hold', () => {
  it('cancels it as released and frees the time at once', async () => {
    const startsAt = freshTime();
    const { body } = await hold('l', startsAt);
    const released = await act(body.id, 'release', { holder: 'l' });
    expect([released.status, released.body.status, released.body.statusReason]).toEqual([200, 'cancelled', 'released']);
    expect((await hold('m', startsAt)).status).toBe(201);
    const { past } = (await api.call(staff, 'GET', `/v1/appointments/${body.id}/timeline`)).body;
    expect(past.map(({ what }: { what: string }) => what)).toEqual(['held', 'released']);
  });

  it('is for its holder alone: to all others there is no such hold', async () => {
    const { body } = await hold('n', freshTime());
    expect(brief(await act(body.id, 'release', { holder: 'o' }))).toEqual([404, 'NOT_FOUND']);
    const stranger = await addClinic(adminUrl);
    expect(brief(await act(body.id, 'release', { holder: 'n' }, stranger.staffKey))).toEqual([404, 'NOT_FOUND']);
    const byStaff = await hold('n', freshTime(), { actor: 'staff' });
    expect(brief(await act(byStaff.body.id, 'release', { holder: 'n' }, web))).toEqual([404, 'NOT_FOUND']);
    expect(brief(await act(randomUUID(), 'release', { holder: 'n' }))).toEqual([404, 'NOT_FOUND']);
    expect(brief(await act(body.id, 'release', { holder: '' }))).toEqual([422, 'VALIDATION_FAILED']);
  });

  it('is refused for what was never held', async () => {
    const booked = await hold('p', freshTime(), { mode: 'book', holder: undefined, patientId: clinic.patientId });
    expect(brief(await act(booked.body.id, 'release', { holder: 'p' }))).toEqual([404, 'NOT_FOUND']);
  });
});
