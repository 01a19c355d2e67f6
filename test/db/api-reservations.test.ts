import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import postgres from 'postgres';
import type { UpdateOutcome } from '../../api/temporal-outcomes.ts';
import { Refusal } from '../../domain/errors.ts';
import { testApi } from '../support/api.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const DAY = 86_400_000;
const { adminUrl, appUrl } = await testDatabase();
const clinic = await addClinic(adminUrl);
const { staffKey: staff, webKey: web } = clinic;
const api = testApi(appUrl);

let days = 5;
/** A time of the clinic that no other test uses. */
function freshTime(): string {
  const noon = Math.floor(Date.now() / DAY) * DAY + DAY / 2;
  return new Date(noon + days++ * DAY).toISOString();
}

function booking(changes: Record<string, unknown> = {}) {
  const { patientId, visitTypeId, providerId } = clinic;
  return { mode: 'book', actor: 'staff', patientId, visitTypeId, providerId, startsAt: freshTime(), ...changes };
}

function reserve(body: unknown, key: string = randomUUID(), as = staff) {
  return api.call(as, 'POST', '/v1/appointments', body, { 'idempotency-key': key });
}

async function count(table: string): Promise<number> {
  const sql = postgres(adminUrl, { max: 1 });
  const [row] = await sql`select count(*)::int as n from ${sql(table)}`;
  await sql.end();
  return row?.['n'] as number;
}

describe('booking', () => {
  it('answers 201 with the appointment as the contract shows it, and where to find it', async () => {
    const body = booking();
    const answer = await reserve(body);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`/v1/appointments/${answer.body.id}`);
    expect(Object.keys(answer.body).join(' ')).toBe(
      'id status statusReason patientId providerId visitTypeId startsAt endsAt timeZone confirmBy cancelUntil ' +
        'moveUntil version revision createdAt updatedAt workflowId',
    );
    expect(answer.body).toMatchObject({
      status: 'booked',
      timeZone: 'Europe/Helsinki',
      startsAt: body.startsAt.replace('.000', ''),
      version: 1,
      revision: 1,
      confirmBy: null,
      workflowId: `appointment/${clinic.clinicId}/${answer.body.id}`,
    });
    expect((await api.call(staff, 'GET', `/v1/appointments/${answer.body.id}`)).body).toEqual(answer.body);
  });

  it('refuses a taken time with up to five free times nearby, without starting a workflow', async () => {
    const body = booking();
    await reserve(body);
    const before = api.temporal.started;
    const refused = await reserve({ ...body, patientId: clinic.otherPatientId });
    expect(refused.status).toBe(409);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(refused.body.code).toBe('SLOT_TAKEN');
    expect(refused.body.alternatives).toHaveLength(5);
    const same = { providerId: clinic.providerId, startsAt: body.startsAt.replace('.000', '') };
    expect(refused.body.alternatives).not.toContainEqual(expect.objectContaining(same));
    expect(api.temporal.started).toBe(before);
  });

  it('names no free time at which the patient has another visit', async () => {
    const body = booking();
    await reserve(body);
    const minutesLater = (minutes: number) => new Date(Date.parse(body.startsAt) + minutes * 60_000).toISOString();
    const { otherPatientId: patientId, otherProviderId: providerId } = clinic;
    await reserve({ ...body, patientId, providerId, startsAt: minutesLater(30) });
    const refused = await reserve({ ...body, patientId });
    const starts = refused.body.alternatives.map((slot: { startsAt: string }) => Date.parse(slot.startsAt));
    expect(starts).toHaveLength(5);
    for (const minutes of [15, 30, 45]) expect(starts).not.toContain(Date.parse(minutesLater(minutes)));
    expect(starts).toContain(Date.parse(body.startsAt));
  });

  it('refuses to ask for a confirmation where too little time is left to answer, and takes nothing', async () => {
    const before = [await count('occupancies'), await count('idempotency_keys'), api.temporal.started];
    const startsAt = new Date(Date.now() + 25 * 3_600_000).toISOString();
    const refused = await reserve(booking({ mode: 'preReserve', startsAt }));
    expect(refused).toMatchObject({ status: 422, body: { code: 'CONFIRMATION_TIME_TOO_SHORT' } });
    expect([await count('occupancies'), await count('idempotency_keys'), api.temporal.started]).toEqual(before);
    expect((await reserve(booking({ startsAt }))).status).toBe(201);
  });

  it('lets one of five hundred have a time, and refuses the others', async () => {
    const body = booking({ allowPatientOverlap: true });
    const before = api.temporal.started;
    const answers = await Promise.all(Array.from({ length: 500 }, () => reserve(body)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status, body: { code } }) => status === 409 && code === 'SLOT_TAKEN')).toHaveLength(499);
    expect(api.temporal.started).toBe(before + 1);
  });

  it.each([
    ['no key', booking(), {}, 400, 'IDEMPOTENCY_KEY_REQUIRED', undefined],
    ['a key that is no text', booking(), { 'idempotency-key': 'a b' }, 400, 'MALFORMED_REQUEST', undefined],
    ['a hold of nobody', booking({ mode: 'hold' }), undefined, 422, 'VALIDATION_FAILED', '/holder'],
    ['an unknown field', booking({ notfy: false }), undefined, 422, 'VALIDATION_FAILED', '/notfy'],
    [
      'an instant without offset',
      booking({ startsAt: '2027-01-01T10:00:00' }),
      undefined,
      422,
      'VALIDATION_FAILED',
      '/startsAt',
    ],
    ['an unknown patient', booking({ patientId: randomUUID() }), undefined, 422, 'VALIDATION_FAILED', '/patientId'],
    ['confirmBy on a booking', booking({ confirmBy: freshTime() }), undefined, 422, 'VALIDATION_FAILED', '/confirmBy'],
    [
      'a patient who pre-reserves',
      booking({ mode: 'preReserve', actor: 'patient' }),
      undefined,
      409,
      'ACTION_NOT_ALLOWED',
      undefined,
    ],
    [
      'a patient who would not be told',
      booking({ actor: 'patient', notify: false }),
      undefined,
      422,
      'VALIDATION_FAILED',
      '/notify',
    ],
  ])('refuses %s', async (_what, body, headers, status, code, pointer) => {
    const keyed = headers ?? { 'idempotency-key': randomUUID() };
    const answer = await api.call(staff, 'POST', '/v1/appointments', body, keyed);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.errors?.[0]?.pointer).toBe(pointer);
  });

  it('lets a key speak only for its scopes', async () => {
    const answer = await reserve(booking({ actor: 'staff' }), randomUUID(), web);
    expect([answer.status, answer.body.code]).toEqual([403, 'FORBIDDEN']);
    expect((await reserve(booking({ actor: 'patient' }), randomUUID(), web)).status).toBe(201);
  });
});

describe('an Idempotency-Key', () => {
  it('makes eight parallel requests one, with eight equal answers', async () => {
    const body = booking();
    const key = randomUUID();
    const before = await count('appointments');
    const answers = await Promise.all(Array.from({ length: 8 }, () => reserve(body, key)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
    for (const answer of answers) expect(answer.body).toEqual(answers[0]?.body);
    expect(await count('appointments')).toBe(before + 1);
  });

  it('answers the same after the appointment has changed, whatever the order of the fields', async () => {
    const body = booking();
    const key = randomUUID();
    const first = await reserve(body, key);
    const cancelled = await api.call(staff, 'POST', `/v1/appointments/${first.body.id}/cancel`, { actor: 'staff' });
    expect(cancelled.body.status).toBe('cancelled');
    const turned = Object.fromEntries(Object.entries(body).reverse());
    expect(await reserve(turned, key)).toMatchObject({ status: 201, body: first.body });
  });

  it('refuses another body, and another clinic may use the same key', async () => {
    const key = randomUUID();
    await reserve(booking(), key);
    const reused = await reserve(booking(), key);
    expect([reused.status, reused.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
    const other = await addClinic(adminUrl);
    const { patientId, visitTypeId, providerId } = other;
    expect((await reserve(booking({ patientId, visitTypeId, providerId }), key, other.staffKey)).status).toBe(201);
  });

  it('is free again after a refusal', async () => {
    const taken = booking();
    const first = await reserve(taken);
    const key = randomUUID();
    const again = { ...taken, patientId: clinic.otherPatientId };
    expect((await reserve(again, key)).body.code).toBe('SLOT_TAKEN');
    await api.call(staff, 'POST', `/v1/appointments/${first.body.id}/cancel`, { actor: 'staff' });
    expect((await reserve(again, key)).status).toBe(201);
  });

  it('may be tried again after the workflow refused', async () => {
    const body = booking();
    const key = randomUUID();
    const refusal = new Refusal('PATIENT_OVERLAP', 'The patient has another visit at that time.');
    api.temporal.whenReserving = async () => ({ outcome: 'refused', refusal });
    expect((await reserve(body, key)).body.code).toBe('PATIENT_OVERLAP');
    api.temporal.whenReserving = undefined;
    expect((await reserve(body, key)).status).toBe(201);
  });

  it('gets what became of it after a time-out: the reservation that was made meanwhile', async () => {
    const body = booking();
    const key = randomUUID();
    api.temporal.whenReserving = async (start) => {
      await start();
      throw new Refusal('TEMPORARILY_UNAVAILABLE', 'No answer in time.');
    };
    const lost = await reserve(body, key);
    expect([lost.status, lost.headers.get('retry-after')]).toEqual([503, '3']);
    api.temporal.whenReserving = undefined;
    const before = await count('appointments');
    expect((await reserve(body, key)).status).toBe(201);
    expect(await count('appointments')).toBe(before);
  });

  it.each<[string, UpdateOutcome]>([
    ['lapsed', { outcome: 'refused', refusal: new Refusal('TEMPORARILY_UNAVAILABLE', 'The lease has lapsed.') }],
    ['closed without an answer', { outcome: 'closed' }],
  ])('tries once more within the request where the first attempt had %s', async (_what, outcome) => {
    let tries = 0;
    api.temporal.whenReserving = async (start) => (++tries === 1 ? outcome : start());
    const answer = await reserve(booking());
    api.temporal.whenReserving = undefined;
    expect([answer.status, tries]).toEqual([201, 2]);
  });

  it('books anew where the lease of a lost attempt lapsed long ago', async () => {
    const body = booking();
    const key = randomUUID();
    api.temporal.whenReserving = async () => {
      throw new Refusal('TEMPORARILY_UNAVAILABLE', 'Nobody there.');
    };
    await reserve(body, key);
    api.temporal.whenReserving = undefined;
    api.clock.at = Date.now() + 60_000;
    const answer = await reserve(body, key);
    api.clock.at = undefined;
    expect(answer.status).toBe(201);
  });
});

describe('an action', () => {
  async function booked() {
    return (await reserve(booking())).body as { id: string };
  }
  const act = (id: string, action: string, body: unknown, headers?: Record<string, string>, as = staff) =>
    api.call(as, 'POST', `/v1/appointments/${id}/${action}`, body, headers);

  it('answers with the appointment as it now is, and once for each key', async () => {
    const { id } = await booked();
    const headers = { 'idempotency-key': randomUUID() };
    const body = { actor: 'staff', reason: 'canary-reason' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => act(id, 'cancel', body, headers)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    for (const answer of answers) expect(answer.body).toEqual(answers[0]?.body);
    expect(answers[0]?.body).toMatchObject({ status: 'cancelled', revision: 2 });
    expect(await act(id, 'cancel', body, headers)).toMatchObject({ status: 200, body: answers[0]?.body });
  });

  it('on a closed appointment is answered from the tables, without asking the workflow', async () => {
    const { id } = await booked();
    await act(id, 'cancel', { actor: 'staff' });
    const before = api.temporal.asked;
    const refused = await act(id, 'confirm', { actor: 'patient' });
    expect([refused.status, refused.body.code]).toEqual([409, 'APPOINTMENT_CLOSED']);
    expect(api.temporal.asked).toBe(before);
  });

  it('tells nothing of an inner fault but the number under which it was logged', async () => {
    const { id } = await booked();
    api.temporal.isClosed = true;
    const answer = await act(id, 'confirm', { actor: 'staff' });
    api.temporal.isClosed = false;
    expect(answer.status).toBe(500);
    expect(answer.body.detail).toContain('Something went wrong on our side');
    expect(api.log.some((line) => line.includes(answer.body.requestId) && line.includes('LostWorkflowError'))).toBe(
      true,
    );
  });

  it('keeps its reason in the timeline, and out of the log', async () => {
    const { id } = await booked();
    await act(id, 'cancel', { actor: 'staff', actorRef: 'desk-7', reason: 'canary-reason' });
    const { body } = await api.call(staff, 'GET', `/v1/appointments/${id}/timeline`);
    expect(body.past.map(({ what }: { what: string }) => what)).toEqual(['booked', 'cancelled']);
    expect(body.past[1]).toMatchObject({ by: 'staff', actorRef: 'desk-7', reason: 'canary-reason' });
    expect(api.log.join('')).not.toContain('canary-reason');
  });

  it('needs a scope for its actor, a body, and options that its actor has', async () => {
    const { id } = await booked();
    expect((await act(id, 'complete', { actor: 'staff' }, {}, web)).body.code).toBe('FORBIDDEN');
    expect((await act(id, 'confirm', '{', { 'content-type': 'application/json' })).body.code).toBe('MALFORMED_REQUEST');
    expect((await act(id, 'confirm', 'actor=staff', { 'content-type': 'text/plain' })).body.code).toBe(
      'UNSUPPORTED_MEDIA_TYPE',
    );
    const silent = await act(id, 'cancel', { actor: 'patient', notify: false });
    expect([silent.body.code, silent.body.errors[0].pointer]).toEqual(['VALIDATION_FAILED', '/notify']);
    const other = await act(id, 'confirm', { actor: 'staff', patientId: clinic.otherPatientId });
    expect([other.body.code, other.body.errors[0].pointer]).toEqual(['VALIDATION_FAILED', '/patientId']);
  });
});
