import { beforeAll, describe, expect, it } from 'vitest';
import { daysAhead, outcomeOf, reserve, story } from '../support/bookings.ts';
import { eventually, startProduct } from '../support/product.ts';

// No quiet hours, so that the tests read the same at any hour; `reminder-plan.test.ts` has them.
const product = await startProduct({ clinic: { policy: { quietHours: null } } });
const { temporal, call, clinic } = product;

describe.each([
  ['with a warm cache', {}],
  ['replaying every task', { maxCachedWorkflows: 0 }],
])('the life of an appointment, %s', (name, options) => {
  const hours = name.startsWith('with') ? 0 : 2;

  beforeAll(async () => {
    const worker = await product.startWorker({}, options);
    return () => worker.stop();
  });

  it('is booked, told, reminded two days before at 13:00 and closed a week after', async () => {
    const { status, body } = await reserve(product, daysAhead(20, hours));
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'booked', version: 1, revision: 1, confirmBy: null });
    await temporal.advance(body.workflowId, { by: 40 * 86_400_000 });
    expect(await outcomeOf(product, body.workflowId)).toEqual({ outcome: 'completed' });
    expect(await story(product, body.id)).toEqual(['booked', 'message:booked', 'message:reminder', 'completed']);
    const timeline = (await call('GET', `/v1/appointments/${body.id}/timeline`)).body;
    const reminder = timeline.past.find((entry: { kind?: string }) => entry.kind === 'reminder');
    expect(localHour(reminder.at)).toBe('13:00');
  });

  it('is asked, nudged, confirmed by the link in the text, reminded and closed', async () => {
    const before = (await product.phone(clinic.mobile)).length;
    const { body } = await reserve(product, daysAhead(40, hours), { mode: 'preReserve' });
    expect(body).toMatchObject({ status: 'pending' });
    const ask = await eventually('the question', async () => (await product.phone(clinic.mobile))[before]);
    const link = /http\S+/.exec(ask.body)?.[0] ?? '';

    await temporal.advance(body.workflowId, { to: Date.parse(body.confirmBy) - 60_000 });
    const page = await fetch(link);
    expect(page.status).toBe(200);
    const pressed = await fetch(`${link}/confirm`, { method: 'POST', redirect: 'manual' });
    expect(pressed.status).toBe(303);
    expect((await call('GET', `/v1/appointments/${body.id}`)).body.status).toBe('booked');

    await temporal.advance(body.workflowId, { by: 60 * 86_400_000 });
    await outcomeOf(product, body.workflowId);
    const told = [
      'message:ask',
      'message:nudge',
      'message:nudge',
      'confirmed',
      'message:confirmed',
      'message:reminder',
    ];
    expect(await story(product, body.id)).toEqual(['preReserved', ...told, 'completed']);
  });

  it('is never answered and expires when its time is over, not before', async () => {
    const startsAt = daysAhead(41, hours);
    const { body } = await reserve(product, startsAt, { mode: 'preReserve' });
    const confirmBy = Date.parse(body.confirmBy);
    await temporal.advance(body.workflowId, { to: confirmBy - 60_000 });
    expect((await call('GET', `/v1/appointments/${body.id}`)).body.status).toBe('pending');
    await temporal.advance(body.workflowId, { to: confirmBy + 1_000 });
    expect(await outcomeOf(product, body.workflowId)).toEqual({ outcome: 'expired' });
    expect(await story(product, body.id)).toEqual([
      'preReserved',
      'message:ask',
      'message:nudge',
      'message:nudge',
      'expired',
      'message:expired',
    ]);

    const late = await call('POST', `/v1/appointments/${body.id}/confirm`, { body: { actor: 'patient' } });
    expect(late).toMatchObject({ status: 409, body: { code: 'APPOINTMENT_EXPIRED' } });
    expect((await reserve(product, startsAt)).status).toBe(201);
  });

  it('is cancelled by staff with a reason, tells the patient and frees the time', async () => {
    const startsAt = daysAhead(15, hours);
    const { body } = await reserve(product, startsAt);
    const cancelled = await call('POST', `/v1/appointments/${body.id}/cancel`, {
      body: { actor: 'staff', reason: 'ill' },
    });
    expect(cancelled).toMatchObject({ status: 200, body: { status: 'cancelled', revision: 2 } });
    expect(await outcomeOf(product, body.workflowId)).toEqual({ outcome: 'cancelled' });
    const told = await story(product, body.id);
    expect(told[0]).toBe('booked');
    expect(told.at(-1)).toBe('message:cancelled');
    expect((await reserve(product, startsAt)).status).toBe(201);
  });
});

function localHour(instant: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timeZone, hour: '2-digit', minute: '2-digit' }).format(
    new Date(instant),
  );
}
