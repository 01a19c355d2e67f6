import { beforeEach, describe, expect, it } from 'vitest';
import type { Transports } from '../../activities/messaging/transports/transport.ts';
import type { Database } from '../../db/client.ts';
import { type AppointmentId, asId } from '../../domain/ids.ts';
import { HOUR, MINUTE } from '../../domain/interval.ts';
import { receiptArrivedSignal } from '../../workflows/delivery/messages.ts';
import type { deliveryWorkflow } from '../../workflows/delivery/workflow.ts';
import { nowhere, startMessages } from './messages.ts';

const pipe = await startMessages();
const {
  product,
  transports,
  begin,
  behave,
  book,
  messageOf,
  untilMessage,
  tasksOf,
  deliver,
  untilStarted,
  deliveryOf,
  sent,
  dayOfVisit,
  sql,
} = pipe;
const { temporal, clinic } = product;

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
      // Where the receipt came before the workflow began, it finds it in the tables when it looks.
      expect(await deliver(message)).toEqual({ outcome: 'known' });
      expect(await sent()).toHaveLength(1);
    },
  );

  it('is found at the provider where no receipt comes, and not repeated', async () => {
    await begin({ transports: () => transports(nowhere) });
    await behave('acceptThenTimeout');
    const { id } = await book();
    const message = await untilMessage(id, { status: 'unknown' });
    expect(await deliver(message)).toEqual({ outcome: 'known' });
    expect(await messageOf(id)).toMatchObject({ notification: 'handedOver', attempts: ['accepted'] });
    expect(await sent()).toHaveLength(1);
  });

  it('goes once more where the provider never had it', async () => {
    await begin();
    await behave('errorNotSent:1');
    const { id } = await book();
    const message = await untilMessage(id, { status: 'unknown' });
    expect(await deliver(message)).toEqual({ outcome: 'settled' });
    await untilMessage(id, { status: 'delivered', notification: 'handedOver', attempts: ['notFound', 'accepted'] });
    expect(await sent()).toHaveLength(1);
    expect(await tasksOf(id)).toEqual([]);
  });

  it('is given up after that, and shown to staff', async () => {
    await begin();
    await behave('errorNotSent:9');
    const { id } = await book();
    const message = await untilMessage(id, { status: 'unknown' });
    expect(await deliver(message, 10 * MINUTE)).toEqual({ outcome: 'settled' });
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
    await temporal.advance(appointment, { to: dayOfVisit() - 24 * HOUR });
    const message = await untilMessage(id, { status: 'unknown' }, 'reminder');
    expect(await deliver(message)).toEqual({ outcome: 'settled' });
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
    expect(await deliver(message)).toEqual({ outcome: 'settled' });
    expect(await messageOf(id)).toMatchObject({
      notification: 'suppressed',
      reason: 'superseded',
      attempts: ['notFound'],
    });
    expect(await sent()).toEqual([]);
  });

  it("is what a crash leaves between the provider's answer and our record of it", async () => {
    let crashes = 0;
    await begin({ transports: crashingAfterSend(() => (crashes = 1)), db: (db) => failing(db, () => crashes-- > 0) });
    const { id, workflowId: appointment } = await book();
    await temporal.advance(appointment, { by: MINUTE });
    const message = await untilMessage(id, { status: 'unknown', attempts: ['unknown'] });
    expect(await deliver(message)).toEqual({ outcome: 'known' });
    expect(await messageOf(id)).toMatchObject({ notification: 'handedOver', attempts: ['accepted'] });
    expect(await sent()).toHaveLength(1);
  });

  it('is asked about until the provider answers', async () => {
    let silent = 3;
    const patient = (real: Transports): Transports => ({
      sms: {
        ...real.sms!,
        find: (...asked) => (silent-- > 0 ? Promise.reject(new Error('away')) : real.sms!.find!(...asked)),
      },
    });
    await begin({ transports: () => patient(transports(nowhere)) });
    await behave('acceptThenTimeout');
    const message = await untilMessage((await book()).id, { status: 'unknown' });
    expect(await deliver(message, 30 * MINUTE)).toEqual({ outcome: 'known' });
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
    if (fails()) throw Object.assign(new Error('gone'), { code: 'ECONNRESET' });
    return db.drizzle.transaction(...work);
  };
  return {
    ...db,
    drizzle: new Proxy(db.drizzle, {
      get: (target, name) => (name === 'transaction' ? transaction : Reflect.get(target, name)),
    }),
  };
}

it('is over at once where a receipt wakes the workflow that waits for it', async () => {
  await begin();
  const { id } = await book();
  const { id: messageId } = await untilMessage(id, { status: 'delivered' });
  const step = { at: 0, key: 'booked:v1', kind: 'booked', usefulUntil: 0, channels: ['sms'], local: '' } as const;
  const { clinicId } = clinic;
  const message = { clinicId, messageId, appointmentId: asId<AppointmentId>(id), version: 1, step };
  const workflowId = deliveryOf({ id: messageId });
  const { taskQueue, client } = temporal;
  const handle = await client.workflow.start<typeof deliveryWorkflow>('deliveryWorkflow', {
    workflowId,
    taskQueue,
    args: [message],
  });
  await handle.signal(receiptArrivedSignal);
  expect(await handle.result()).toEqual({ outcome: 'known' });
});

describe('a letter of which nobody knows whether it went through', () => {
  const address = 'eino@example.org';
  const byMail = { transports: (real: Transports) => real };

  beforeEach(async () => {
    await sql`update patients set mobile = null, email = ${address} where id = ${clinic.patientId}`;
    return () => sql`update patients set mobile = ${clinic.mobile}, email = null where id = ${clinic.patientId}`;
  });

  it('is settled by the event, and not repeated', async () => {
    await begin(byMail);
    await behave('errorButSent', address);
    const message = await untilMessage((await book()).id, { status: 'delivered', attempts: ['accepted'] });
    expect(await deliver(message)).toEqual({ outcome: 'known' });
    expect(await product.mailbox(address)).toHaveLength(1);
  });

  it('goes once more where no event comes: the provider cannot be asked', async () => {
    await begin(byMail);
    await behave('errorNotSent:1', address);
    const { id } = await book();
    const message = await untilMessage(id, { status: 'unknown' });
    expect(await product.mailbox(address)).toEqual([]);
    expect(await deliver(message)).toEqual({ outcome: 'settled' });
    await untilMessage(id, { status: 'delivered', attempts: ['notFound', 'accepted'] });
    expect(await product.mailbox(address)).toMatchObject([
      { headers: { 'Message-ID': `<${message.id}@127.0.0.1>` }, customArgs: { vuoro_attempt: '2' } },
    ]);
  });
});
