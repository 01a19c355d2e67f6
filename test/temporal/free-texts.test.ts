import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inClinic } from '../../db/client.ts';
import { recordOptOut } from '../../db/commands/opt-outs/record.ts';
import { freeTextWorkflowId } from '../../domain/ids.ts';
import { HOUR, SECOND } from '../../domain/interval.ts';
import { outcomeOf } from '../support/bookings.ts';
import { type CrowdMember, addCrowd } from '../support/crowd.ts';
import { startProduct } from '../support/product.ts';

const product = await startProduct({ clinic: { policy: { quietHours: null } } });
const { call, clinic, temporal, phone, mailbox } = product;
const { clinicId } = clinic;
const sql = postgres(product.adminUrl, { max: 2, onnotice: () => {} });
afterAll(() => sql.end());

beforeAll(async () => {
  const worker = await product.startWorker();
  return () => worker.stop();
});

async function someone(): Promise<CrowdMember> {
  return (await addCrowd(sql, clinic, 1))[0]!;
}

function write(text: Record<string, unknown>, idempotencyKey: string = randomUUID()) {
  return call('POST', '/v1/messages', {
    body: { channel: 'sms', body: 'Please bring your card.', ...text },
    idempotencyKey,
  });
}

const lifeOf = (id: string) => freeTextWorkflowId(clinicId, id as never);

async function sent(patientId?: string): Promise<Record<string, unknown>[]> {
  const about = patientId === undefined ? '' : `?patientId=${patientId}`;
  return (await call('GET', `/v1/messages${about}`)).body.items;
}

describe('what staff write', () => {
  it('to a patient is texted once, and shown under the id that they were told', async () => {
    const { patientId, mobile } = await someone();
    const key = randomUUID();
    const [first, repeat] = await Promise.all([write({ patientId }, key), write({ patientId }, key)]);
    expect([first.status, repeat.status, repeat.body]).toEqual([202, 202, first.body]);
    await outcomeOf(product, lifeOf(first.body.id));
    expect((await write({ patientId }, key)).body).toEqual(first.body);
    expect((await phone(mobile)).map(({ body }) => body)).toEqual(['Test Clinic: Please bring your card.']);
    const shown = { id: first.body.id, kind: 'freeText', direction: 'sent', to: mobile, patientIds: [patientId] };
    expect(await sent(patientId)).toMatchObject([shown]);
  });

  it('to any number is texted to it, written as in that country', async () => {
    const { body } = await write({ to: '050 9876543' });
    await outcomeOf(product, lifeOf(body.id));
    expect(await phone('+358509876543')).toHaveLength(1);
    expect((await sent()).find(({ id }) => id === body.id)).toMatchObject({ to: '+358509876543', patientIds: [] });
  });

  it('to an address is mailed there, word for word', async () => {
    const { body } = await write({ to: 'somebody@mail.example', channel: 'email', body: 'Hello <you>,\n\nsee you.' });
    await outcomeOf(product, lifeOf(body.id));
    const [mail] = await mailbox('somebody@mail.example');
    expect(mail!.text).toContain('Hello <you>,\n\nsee you.');
    expect(mail!.html).toContain('Hello &lt;you&gt;,');
  });

  it('waits for the morning, unless they say that it shall not; who opted out meanwhile gets nothing, and staff are told', async () => {
    await fallAsleep();
    const [sleeper, waker, stopper] = [await someone(), await someone(), await someone()];
    const [urgent, later, unwanted] = [
      await write({ patientId: waker.patientId, sendNow: true }),
      await write({ patientId: sleeper.patientId }),
      await write({ patientId: stopper.patientId }),
    ];
    await outcomeOf(product, lifeOf(urgent.body.id));
    expect(await Promise.all([waker, sleeper].map(async ({ mobile }) => (await phone(mobile)).length))).toEqual([1, 0]);
    const optOut = { sender: clinic.sender, phone: stopper.mobile, source: 'text', now: Date.now() } as const;
    await inClinic(product.db, clinicId, (tx) => recordOptOut(tx, clinicId, optOut));
    for (const { body } of [later, unwanted]) {
      await temporal.advance(lifeOf(body.id), { by: HOUR + SECOND });
      await outcomeOf(product, lifeOf(body.id));
    }
    expect(await phone(sleeper.mobile)).toHaveLength(1);
    expect(await phone(stopper.mobile)).toEqual([]);
    expect(await sql`select kind from tasks where patient_id = ${stopper.patientId}`).toMatchObject([
      { kind: 'undeliverable' },
    ]);
  });
});

/** Quiet from an hour ago until in an hour, by the clinic's clock. */
async function fallAsleep(): Promise<void> {
  const clock = (at: number) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timeZone, hour: '2-digit', minute: '2-digit' }).format(at);
  const quietHours = { from: clock(Date.now() - HOUR), to: clock(Date.now() + HOUR) };
  await sql`update clinics set policy = policy || ${sql.json({ quietHours })} where clinic_id = ${clinicId}`;
}
