import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { daysAhead, reserve, story } from '../support/bookings.ts';
import { type CrowdMember, addCrowd } from '../support/crowd.ts';
import { eventually, startProduct } from '../support/product.ts';
import { openingsOf } from './openings.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
/** Forty at once take their time on a busy machine. */
const PATIENCE_MS = 60_000;

const reminderRules = [{ id: 'sms-3h', before: '3h', channels: ['sms'] }];
const product = await startProduct({ clinic: { policy: { quietHours: null, reminderRules } } });
const { call, clinic, temporal } = product;
const sql = postgres(product.adminUrl, { max: 2, onnotice: () => {} });
afterAll(() => sql.end());
const { toldTo } = openingsOf(product, sql);

beforeAll(async () => {
  const worker = await product.startWorker();
  return () => worker.stop();
});

let visits = 0;
/** A visit of a patient of its own, at a time of its own. */
async function book({ patientId }: CrowdMember) {
  visits += 1;
  const startsAt = new Date(Date.parse(daysAhead(9)) + visits * 30 * MINUTE).toISOString();
  const { status, body } = await reserve(product, startsAt, { patientId, notify: false });
  expect(status).toBe(201);
  return { ...body, remindAt: Date.parse(startsAt) - 3 * HOUR };
}

async function carrier(to: string, outcome: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ to, outcome });
  const told = await fetch(`${product.simulatorUrl}/_sim/behaviour`, { method: 'POST', headers, body });
  expect(told.ok).toBe(true);
}

async function tasksOf(id: string): Promise<string[]> {
  const rows = await sql<{ kind: string }[]>`select kind from tasks where appointment_id = ${id}`;
  return rows.map(({ kind }) => kind);
}

describe('an outage over the moment of a reminder', () => {
  it('lets it go once, as soon as it can, while it still helps', async () => {
    const [patient] = await addCrowd(sql, clinic, 1);
    const visit = await book(patient!);
    await carrier(patient!.mobile, 'rateLimited:20');
    await temporal.advance(visit.workflowId, { to: visit.remindAt + 2 * HOUR });
    await eventually('the reminder', async () => (await product.phone(patient!.mobile)).length === 1);
    await temporal.advance(visit.workflowId, { to: Date.parse(visit.startsAt) + HOUR });
    expect(await product.phone(patient!.mobile)).toHaveLength(1);
    expect(await story(product, visit.id)).toEqual(['booked', 'message:reminder']);
    expect(await tasksOf(visit.id)).toEqual([]);
  });

  it('that lasts to the visit marks it as missed, and staff see that', async () => {
    const [patient] = await addCrowd(sql, clinic, 1);
    const visit = await book(patient!);
    await carrier(patient!.mobile, 'rateLimited:99');
    await temporal.advance(visit.workflowId, { to: Date.parse(visit.startsAt) + 20 * MINUTE });
    await eventually('the task', async () => (await tasksOf(visit.id)).includes('missedMessage'));
    expect(await product.phone(patient!.mobile)).toEqual([]);
    const { past } = (await call('GET', `/v1/appointments/${visit.id}/timeline`)).body;
    expect(past.filter(({ kind }: { kind?: string }) => kind === 'reminder')).toMatchObject([
      { what: 'message', status: 'missed' },
    ]);
  });
});

describe('a cancellation at the moment of a reminder', () => {
  it('lets it leave before or not at all, and says both things at most once', async () => {
    const crowd = await addCrowd(sql, clinic, 40);
    const booked = await Promise.all(crowd.map((patient) => book(patient)));
    await Promise.all(
      booked.map(async ({ id, workflowId, remindAt }, index) => {
        const travelling = temporal.advance(workflowId, { to: remindAt });
        // Some before, some after: the journey takes some tenths of a second.
        await eventually('the turn', async () => index % 2 === 0 || (await hasBegun(id)), PATIENCE_MS);
        const cancelled = await call('POST', `/v1/appointments/${id}/cancel`, {
          body: { actor: 'staff', reason: 'ill' },
        });
        expect(cancelled.status).toBe(200);
        await travelling;
      }),
    );
    const orders = await Promise.all(
      crowd.map((patient) => {
        const toldInFull = async () => {
          const told = await toldTo(patient);
          return told.includes('cancelled') && told.join(', ');
        };
        return eventually('the last word', toldInFull, PATIENCE_MS);
      }),
    );
    expect([...new Set(orders)].toSorted()).toEqual(['cancelled', 'reminder, cancelled']);
    // What may have left is found out after minutes, not by another try.
    expect(await triesOf(crowd)).toEqual(new Set([1]));
  });
});

/** How often it was tried to say one thing to one of them. */
async function triesOf(crowd: readonly CrowdMember[]): Promise<Set<number>> {
  const rows = await sql<{ tries: number }[]>`
    select count(*)::int as tries from message_attempts a join messages m on m.id = a.message_id
    where m.recipient in ${sql(crowd.map(({ mobile }) => mobile))} group by m.id`;
  return new Set(rows.map(({ tries }) => tries));
}

async function hasBegun(id: string): Promise<boolean> {
  return (await sql`select from notification_subjects where appointment_id = ${id}`).length > 0;
}
