import postgres from 'postgres';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingMessage, Transports } from '../../activities/messaging/transports/transport.ts';
import { twilioTransport } from '../../activities/messaging/transports/twilio.ts';
import type { Database } from '../../db/client.ts';
import { type ClinicId, type MessageId, asId, deliveryWorkflowId } from '../../domain/ids.ts';
import { HOUR, MINUTE } from '../../domain/interval.ts';
import { account } from '../../simulator/account.ts';
import { daysAhead, outcomeOf, reserve } from '../support/bookings.ts';
import { type Wrap, eventually, startProduct } from '../support/product.ts';
import type { TestWorker } from '../support/temporal.ts';

// No quiet hours, so that the tests read the same at any hour.
const product = await startProduct({ clinic: { policy: { quietHours: null } } });
const { temporal, clinic, simulatorUrl, apiUrl } = product;
const sql = postgres(product.adminUrl, { max: 1, onnotice: () => {} });
afterAll(() => sql.end());

let days = 10;
let worker: TestWorker | undefined;
beforeEach(async () => {
  await fetch(`${simulatorUrl}/_sim/messages`, { method: 'DELETE' });
  days += 1;
  return () => worker?.stop();
});

/** Impatient with the provider; `publicUrl` is where it is told to send its receipts. */
function transports(publicUrl = apiUrl, baseUrl = simulatorUrl): Transports {
  const { sid: accountSid, authToken } = account;
  return { sms: twilioTransport({ accountSid, authToken, baseUrl, publicUrl, timeoutMs: 250 }) };
}

const nowhere = 'http://127.0.0.1:1';

async function begin(wrap: Wrap = {}) {
  worker = await product.startWorker({ transports: () => transports(), ...wrap });
}

async function behave(outcome: string) {
  const body = JSON.stringify({ to: clinic.mobile, outcome });
  await fetch(`${simulatorUrl}/_sim/behaviour`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
}

/** On a day of the test's own. */
async function book(): Promise<{ id: string; workflowId: string }> {
  const { status, body } = await reserve(product, daysAhead(days));
  expect(status).toBe(201);
  return body as { id: string; workflowId: string };
}

interface Stored {
  id: MessageId;
  status: string;
  notification: string;
  reason: string | null;
  attempts: string[];
}

async function messageOf(appointmentId: string, kind = 'booked'): Promise<Stored | undefined> {
  const [row] = await sql<Stored[]>`
    select m.id, m.status, n.status as notification, n.status_reason as reason,
      (select array_agg(coalesce(a.outcome, 'open') order by a.number) from message_attempts a where a.message_id = m.id) as attempts
    from messages m join notifications n on n.id = m.notification_id
      join notification_subjects s on s.notification_id = n.id
    where s.appointment_id = ${appointmentId} and n.kind = ${kind}`;
  return row;
}

async function untilMessage(appointmentId: string, wanted: Partial<Stored>, kind = 'booked'): Promise<Stored> {
  return eventually(`the message being ${JSON.stringify(wanted)}`, async () => {
    const message = await messageOf(appointmentId, kind);
    const isSo =
      message && Object.entries(wanted).every(([key, value]) => String(message[key as keyof Stored]) === String(value));
    return isSo && message;
  });
}

async function tasksOf(appointmentId: string): Promise<string[]> {
  const rows = await sql<
    { kind: string }[]
  >`select kind from tasks where appointment_id = ${appointmentId} and status = 'open'`;
  return rows.map(({ kind }) => kind);
}

function deliveryOf({ id }: Stored): string {
  return deliveryWorkflowId(asId<ClinicId>(clinic.clinicId), id);
}

async function untilStarted(workflowId: string): Promise<void> {
  const handle = temporal.client.workflow.getHandle(workflowId);
  await eventually(`the start of ${workflowId}`, () =>
    handle.describe().then(
      () => true,
      () => false,
    ),
  );
}

const sent = () => product.phone(clinic.mobile);

describe('a send of which nobody knows whether it went through', () => {
  it.each(['acceptThenTimeout', 'errorButSent'])(
    'is settled by the receipt, and not repeated: %s',
    async (behaviour) => {
      await begin();
      await behave(behaviour);
      const message = await untilMessage((await book()).id, {
        status: 'delivered',
        notification: 'handedOver',
        attempts: ['accepted'],
      });
      const workflowId = deliveryOf(message);
      await untilStarted(workflowId);
      // Where the receipt came before the workflow began, it finds it in the tables when it looks.
      await temporal.advance(workflowId, { by: 4 * MINUTE });
      expect(await outcomeOf(product, workflowId)).toEqual({ outcome: 'known' });
      expect(await sent()).toHaveLength(1);
    },
  );

  it('is found at the provider where no receipt comes, and not repeated', async () => {
    await begin({ transports: () => transports(nowhere) });
    await behave('acceptThenTimeout');
    const { id } = await book();
    const workflowId = deliveryOf(await untilMessage(id, { status: 'unknown' }));
    await untilStarted(workflowId);
    await temporal.advance(workflowId, { by: 4 * MINUTE });
    expect(await outcomeOf(product, workflowId)).toEqual({ outcome: 'known' });
    expect(await messageOf(id)).toMatchObject({ notification: 'handedOver', attempts: ['accepted'] });
    expect(await sent()).toHaveLength(1);
  });

  it('goes once more where the provider never had it', async () => {
    await begin();
    await behave('errorNotSent:1');
    const { id } = await book();
    const workflowId = deliveryOf(await untilMessage(id, { status: 'unknown' }));
    await untilStarted(workflowId);
    await temporal.advance(workflowId, { by: 4 * MINUTE });
    expect(await outcomeOf(product, workflowId)).toEqual({ outcome: 'settled' });
    await untilMessage(id, { status: 'delivered', notification: 'handedOver', attempts: ['notFound', 'accepted'] });
    expect(await sent()).toHaveLength(1);
    expect(await tasksOf(id)).toEqual([]);
  });

  it('is given up after that, and shown to staff', async () => {
    await begin();
    await behave('errorNotSent:9');
    const { id } = await book();
    const workflowId = deliveryOf(await untilMessage(id, { status: 'unknown' }));
    await untilStarted(workflowId);
    await temporal.advance(workflowId, { by: 10 * MINUTE });
    expect(await outcomeOf(product, workflowId)).toEqual({ outcome: 'settled' });
    expect(await messageOf(id)).toMatchObject({
      status: 'unknown',
      reason: 'unknownOutcome',
      attempts: ['notFound', 'notFound'],
    });
    expect(await tasksOf(id)).toEqual(['unknownOutcome']);
  });

  it('is not said again where it is a reminder', async () => {
    await begin();
    const { id, workflowId: appointment } = await book();
    await untilMessage(id, { status: 'delivered' });
    await behave('errorNotSent:1');
    await temporal.advance(appointment, { to: Date.parse(daysAhead(days)) - 24 * HOUR });
    const workflowId = deliveryOf(await untilMessage(id, { status: 'unknown' }, 'reminder'));
    await untilStarted(workflowId);
    await temporal.advance(workflowId, { by: 4 * MINUTE });
    expect(await outcomeOf(product, workflowId)).toEqual({ outcome: 'settled' });
    expect(await messageOf(id, 'reminder')).toMatchObject({ status: 'unknown', attempts: ['notFound'] });
    expect(await tasksOf(id)).toEqual(['unknownOutcome']);
  });

  it('is not said again once it is no longer true', async () => {
    await begin();
    await behave('errorNotSent:1');
    const { id } = await book();
    const message = await untilMessage(id, { status: 'unknown' });
    await untilStarted(deliveryOf(message));
    const cancelled = await product.call('POST', `/v1/appointments/${id}/cancel`, {
      body: { actor: 'staff', reason: 'closed', notify: false },
    });
    expect(cancelled.status).toBe(200);
    await temporal.advance(deliveryOf(message), { by: 4 * MINUTE });
    expect(await outcomeOf(product, deliveryOf(message))).toEqual({ outcome: 'settled' });
    expect(await messageOf(id)).toMatchObject({
      notification: 'suppressed',
      reason: 'superseded',
      attempts: ['notFound'],
    });
    expect(await sent()).toEqual([]);
  });

  it('is what a crash leaves between the provider’s answer and our record of it', async () => {
    let crashes = 0;
    await begin({ transports: crashingAfterSend(() => (crashes = 1)), db: (db) => failing(db, () => crashes-- > 0) });
    const { id, workflowId: appointment } = await book();
    await temporal.advance(appointment, { by: MINUTE });
    const workflowId = deliveryOf(await untilMessage(id, { status: 'unknown', attempts: ['unknown'] }));
    await untilStarted(workflowId);
    await temporal.advance(workflowId, { by: 4 * MINUTE });
    expect(await outcomeOf(product, workflowId)).toEqual({ outcome: 'known' });
    expect(await messageOf(id)).toMatchObject({ notification: 'handedOver', attempts: ['accepted'] });
    expect(await sent()).toHaveLength(1);
  });

  it('is asked about until the provider answers', async () => {
    let silent = 3;
    const patient = (real: Transports): Transports => ({
      sms: {
        ...real.sms!,
        find: (...asked) => (silent-- > 0 ? Promise.reject(new Error('away')) : real.sms!.find(...asked)),
      },
    });
    await begin({ transports: () => patient(transports(nowhere)) });
    await behave('acceptThenTimeout');
    const workflowId = deliveryOf(await untilMessage((await book()).id, { status: 'unknown' }));
    await untilStarted(workflowId);
    await temporal.advance(workflowId, { by: 30 * MINUTE });
    expect(await outcomeOf(product, workflowId)).toEqual({ outcome: 'known' });
    expect(silent).toBeLessThan(0);
  });
});

function crashingAfterSend(crash: () => void) {
  return (): Transports => {
    const { sms } = transports(nowhere);
    return {
      sms: {
        ...sms!,
        send: async (message) => {
          const outcome = await sms!.send(message);
          crash();
          return outcome;
        },
      },
    };
  };
}

/** A database whose next transaction fails where `fails` says so. */
function failing(db: Database, fails: () => boolean): Database {
  const transaction: Database['drizzle']['transaction'] = (...work) => {
    if (fails()) throw Object.assign(new Error('gone'), { code: 'CONNECTION_CLOSED' });
    return db.drizzle.transaction(...work);
  };
  return {
    ...db,
    drizzle: new Proxy(db.drizzle, {
      get: (target, name) => (name === 'transaction' ? transaction : Reflect.get(target, name)),
    }),
  };
}

describe('a provider that answers plainly', () => {
  it('that is busy is asked again until it is not', async () => {
    await begin();
    await behave('rateLimited:2');
    const { id, workflowId } = await book();
    await untilMessage(id, { attempts: ['busy'] });
    await temporal.advance(workflowId, { by: 2 * MINUTE });
    await untilMessage(id, { status: 'delivered', attempts: ['busy', 'busy', 'accepted'] });
    expect(await sent()).toHaveLength(1);
  });

  it('that cannot be reached is tried again', async () => {
    let refused = 1;
    const [reached, unreachable] = [transports().sms!, transports(apiUrl, nowhere).sms!];
    const flaky = {
      ...reached,
      send: (message: OutgoingMessage) => (refused-- > 0 ? unreachable : reached).send(message),
    };
    await begin({ transports: () => ({ sms: flaky }) });
    const { id, workflowId } = await book();
    await untilMessage(id, { attempts: ['busy'] });
    await temporal.advance(workflowId, { by: MINUTE });
    await untilMessage(id, { status: 'delivered', attempts: ['busy', 'accepted'] });
  });

  it.each([
    ['optedOut', 'optedOut'],
    ['invalid', 'rejected'],
  ])('that refuses is not asked again, and staff are told: %s', async (behaviour, reason) => {
    await begin();
    await behave(behaviour);
    const { id } = await book();
    await untilMessage(id, { status: 'rejected', notification: 'suppressed', reason, attempts: ['rejected'] });
    expect(await tasksOf(id)).toEqual(['undeliverable']);
    await sql`update opt_outs set lifted_at = now()`;
  });

  it('that loses the receipt leaves the message as sent, not as delivered', async () => {
    await begin();
    await behave('noReceipt');
    const { id } = await book();
    await untilMessage(id, { status: 'sent', notification: 'handedOver' });
    expect(await tasksOf(id)).toEqual([]);
  });

  it('that could not deliver makes a task', async () => {
    await begin();
    await behave('undelivered:30005');
    const { id } = await book();
    await untilMessage(id, { status: 'undelivered', notification: 'handedOver' });
    expect(await tasksOf(id)).toEqual(['undeliverable']);
  });

  it.each(['duplicateReceipts', 'reversedReceipts'])(
    'that is muddled still leaves the message delivered: %s',
    async (behaviour) => {
      await begin();
      await behave(behaviour);
      await untilMessage((await book()).id, { status: 'delivered', attempts: ['accepted'] });
    },
  );
});

describe('a text from a patient', () => {
  async function text(body: string) {
    const reply = JSON.stringify({ from: clinic.otherMobile, to: clinic.sender, body });
    const answer = await fetch(`${simulatorUrl}/_sim/reply`, {
      method: 'POST',
      body: reply,
      headers: { 'content-type': 'application/json' },
    });
    expect(await answer.json()).toMatchObject({ status: 204 });
    return eventually('the text being handled', async () => {
      const [row] = await sql<{ understood_as: string; body: string; task: string | null }[]>`
        select i.understood_as, i.body, t.kind as task from inbound_messages i
          left join tasks t on t.detail->>'inboundMessageId' = i.id::text
        where i.clinic_id = ${clinic.clinicId} and i.handled_at is not null order by i.received_at desc limit 1`;
      return row?.body === body && row;
    });
  }

  it('reaches staff', async () => {
    await begin();
    expect(await text('Can I come at nine?')).toMatchObject({ understood_as: 'staff', task: 'inboundText' });
  });

  it('stops all texts, and starts them again', async () => {
    await begin();
    const standing = async () =>
      (await sql`select from opt_outs where phone = ${clinic.otherMobile} and lifted_at is null`).length;
    expect(await text('Stop')).toMatchObject({ understood_as: 'optOut', task: null });
    expect(await standing()).toBe(1);
    expect(await text('start')).toMatchObject({ understood_as: 'optIn' });
    expect(await standing()).toBe(0);
  });
});
