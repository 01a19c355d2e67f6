import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idsOfAttempt } from '../../api/request-ids.ts';
import { daysAhead, outcomeOf, reserve } from '../support/bookings.ts';
import { type Answer, eventually, startProduct } from '../support/product.ts';
import type { TestWorker } from '../support/temporal.ts';

const product = await startProduct({ clinic: { policy: { quietHours: null } } });
const { clinic, call } = product;
const sql = postgres(product.adminUrl, { max: 2, onnotice: () => {} });
afterAll(() => sql.end());

let worker: TestWorker;
beforeAll(async () => {
  worker = await product.startWorker();
  return () => worker.stop();
});

let timesTaken = 0;
/** A time that no other test of this file wants. */
function freshTime(): string {
  timesTaken += 1;
  return new Date(Date.parse(daysAhead(20)) + timesTaken * 3_600_000).toISOString();
}

const eight = Array.from({ length: 8 });

describe('the same Idempotency-Key', () => {
  it('eight times in parallel makes one appointment and eight equal answers', async () => {
    const [startsAt, key] = [freshTime(), randomUUID()];
    const answers = await Promise.all(eight.map(() => reserve(product, startsAt, {}, key)));
    expect(answers.map(({ status }) => status)).toEqual(eight.map(() => 201));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(await appointmentsAt(startsAt)).toEqual([
      { id: answers[0]?.body.id, status: 'booked', changes: ['booked'] },
    ]);
    expect(await ownersOf(startsAt)).toEqual([answers[0]?.body.id]);
  });

  it('gives the answer of then, also after the appointment has changed and its workflow has ended', async () => {
    const [startsAt, key] = [freshTime(), randomUUID()];
    const first = await reserve(product, startsAt, {}, key);
    await cancel(first.body.id);
    await outcomeOf(product, first.body.workflowId);
    const repeats = await Promise.all(eight.map(() => reserve(product, startsAt, {}, key)));
    for (const { status, body } of repeats) expect({ status, body }).toEqual({ status: 201, body: first.body });
    expect(await ownersOf(startsAt)).toEqual([]);
  });

  it.each([
    ['another time', { startsAt: daysAhead(60) }],
    ['another mode', { mode: 'preReserve' }],
    ['another wish', { notify: false }],
  ])('with %s is refused', async (_, change) => {
    const [startsAt, key] = [freshTime(), randomUUID()];
    await reserve(product, startsAt, {}, key);
    expect(await reserve(product, startsAt, change, key)).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
  });

  it('with two bodies at once stands for one of them', async () => {
    const [one, other, key] = [freshTime(), freshTime(), randomUUID()];
    const answers = await Promise.all(eight.map((_, index) => reserve(product, index % 2 ? one : other, {}, key)));
    const made = answers.filter(({ status }) => status === 201);
    expect(answers.filter(({ body }) => body.code === 'IDEMPOTENCY_KEY_REUSED')).toHaveLength(4);
    expect(made).toHaveLength(4);
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(1);
    expect([...(await ownersOf(one)), ...(await ownersOf(other))]).toEqual([made[0]?.body.id]);
  });

  it('on another appointment, or for another action, is refused', async () => {
    const key = randomUUID();
    const [one, other] = await Promise.all([reserve(product, freshTime(), {}, key), reserve(product, freshTime())]);
    const reused = { status: 422, body: { code: 'IDEMPOTENCY_KEY_REUSED' } };
    expect(await confirm(one.body.id, key)).toMatchObject(reused);
    const confirming = randomUUID();
    expect(await confirm(one.body.id, confirming)).toMatchObject({ status: 200 });
    expect(await confirm(other.body.id, confirming)).toMatchObject(reused);
  });

  it('may be tried again after a refusal, because nothing was done', async () => {
    const [startsAt, key] = [freshTime(), randomUUID()];
    const standing = await reserve(product, startsAt);
    const refused = await Promise.all(eight.map(() => reserve(product, startsAt, {}, key)));
    for (const answer of refused) expect(answer).toMatchObject({ status: 409, body: { code: 'SLOT_TAKEN' } });
    await cancel(standing.body.id);
    const again = await Promise.all(eight.map(() => reserve(product, startsAt, {}, key)));
    expect(again.map(({ status }) => status)).toEqual(eight.map(() => 201));
    expect(await ownersOf(startsAt)).toEqual([again[0]?.body.id]);
  });

  it('confirms once, whoever sends it how often', async () => {
    const { body } = await reserve(product, freshTime(), { mode: 'preReserve' });
    const key = randomUUID();
    const answers = await Promise.all(eight.map(() => confirm(body.id, key)));
    const later = await confirm(body.id, key);
    for (const answer of [...answers, later]) {
      expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: answers[0]?.body });
    }
    expect(answers[0]?.body).toMatchObject({ status: 'booked', revision: 2 });
    expect(await changesOf(body.id)).toEqual(['preReserved', 'confirmed']);
  });

  it('cancels once and answers the same when the workflow is gone', async () => {
    const { body } = await reserve(product, freshTime());
    const key = randomUUID();
    const answers = await Promise.all(eight.map(() => cancel(body.id, key)));
    await outcomeOf(product, body.workflowId);
    for (const answer of [...answers, await cancel(body.id, key)]) {
      expect({ status: answer.status, body: answer.body }).toEqual({ status: 200, body: answers[0]?.body });
    }
    expect(await changesOf(body.id)).toEqual(['booked', 'cancelled']);
    expect(await cancel(body.id)).toMatchObject({ status: 409, body: { code: 'APPOINTMENT_CLOSED' } });
  });
});

describe('while no worker runs', () => {
  it('a caller hears so within 20 seconds, and with the same key learns later what came of it', async () => {
    const pending = await reserve(product, freshTime(), { mode: 'preReserve' });
    await worker.stop();
    const requests = {
      inTime: bookLater(),
      tooLate: bookLater(),
      overtaken: bookLater(),
      confirmed: later((key) => confirm(pending.body.id, key)),
    };
    await Promise.all(Object.values(requests).map(({ underWay }) => underWay()));
    // Waiting half a minute for the leases to lapse would prove nothing more.
    await lapse(requests.tooLate.startsAt);
    await lapse(requests.overtaken.startsAt);
    const overtaker = bookLater(requests.overtaken.startsAt, clinic.patientId);
    for (const { answer, took } of await Promise.all(
      [...Object.values(requests), overtaker].map(({ first }) => first),
    )) {
      expect(answer).toMatchObject({ status: 503, body: { code: 'TEMPORARILY_UNAVAILABLE' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(took).toBeLessThan(20_000);
    }

    worker = await product.startWorker();
    const [inTime, tooLate, confirmed, won] = await Promise.all(
      [requests.inTime, requests.tooLate, requests.confirmed, overtaker].map(({ again }) => again()),
    );
    expect(inTime).toMatchObject({
      status: 201,
      body: { id: idsOfAttempt(clinic.clinicId, requests.inTime.key, 1).appointmentId },
    });
    expect(tooLate).toMatchObject({
      status: 201,
      body: { id: idsOfAttempt(clinic.clinicId, requests.tooLate.key, 2).appointmentId },
    });
    expect(won).toMatchObject({ status: 201 });
    expect(await requests.overtaken.again()).toMatchObject({ status: 409, body: { code: 'SLOT_TAKEN' } });
    expect(confirmed).toMatchObject({ status: 200, body: { status: 'booked', revision: 2 } });

    expect(await changesOf(pending.body.id)).toEqual(['preReserved', 'confirmed']);
    expect(await ownersOf(requests.inTime.startsAt)).toEqual([inTime?.body.id]);
    expect(await ownersOf(requests.tooLate.startsAt)).toEqual([tooLate?.body.id]);
    expect(await ownersOf(overtaker.startsAt)).toEqual([won?.body.id]);
    for (const { startsAt } of [requests.inTime, requests.tooLate, overtaker]) {
      expect(await appointmentsAt(startsAt)).toHaveLength(1);
    }
  });
});

/** A request that is sent at once, and can be sent again with its key. */
function later(send: (key: string) => Promise<Answer>) {
  const key = randomUUID();
  const began = performance.now();
  const first = send(key).then((answer) => ({ answer, took: performance.now() - began }));
  return { key, first, again: () => send(key), underWay: () => eventually('the key', () => isKnown(key)) };
}

function bookLater(startsAt = freshTime(), patientId = clinic.otherPatientId) {
  return { startsAt, ...later((key) => reserve(product, startsAt, { patientId }, key)) };
}

async function isKnown(key: string): Promise<boolean> {
  return (await sql`select from idempotency_keys where key = ${key}`).length > 0;
}

async function lapse(startsAt: string): Promise<void> {
  await sql`update occupancies set leased_until = now() - interval '1 second' where lower(during) = ${startsAt}`;
}

function confirm(id: string, idempotencyKey: string = randomUUID()): Promise<Answer> {
  return call('POST', `/v1/appointments/${id}/confirm`, { body: { actor: 'staff' }, idempotencyKey });
}

function cancel(id: string, idempotencyKey: string = randomUUID()): Promise<Answer> {
  return call('POST', `/v1/appointments/${id}/cancel`, { body: { actor: 'staff', reason: 'ill' }, idempotencyKey });
}

async function ownersOf(startsAt: string): Promise<string[]> {
  const rows = await sql<{ owner_id: string; leased_until: Date | null }[]>`
    select owner_id, leased_until from occupancies where lower(during) = ${startsAt}`;
  expect(rows.filter((row) => row.leased_until !== null)).toEqual([]);
  return rows.map((row) => row.owner_id);
}

async function appointmentsAt(startsAt: string) {
  const rows = await sql<
    { id: string; status: string }[]
  >`select id, status from appointments where starts_at = ${startsAt}`;
  return Promise.all([...rows].map(async (row) => ({ ...row, changes: await changesOf(row.id) })));
}

async function changesOf(id: string): Promise<string[]> {
  const rows = await sql<
    { action: string }[]
  >`select action from audit_entries where appointment_id = ${id} order by id`;
  return rows.map(({ action }) => action);
}
