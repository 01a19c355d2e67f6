import type { UpdateDefinition } from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Appointment } from '../../domain/appointment.ts';
import { type RequestId, asId } from '../../domain/ids.ts';
import {
  type ActionRequest,
  cancelUpdate,
  completeUpdate,
  confirmUpdate,
  extendUpdate,
  moveUpdate,
  noShowUpdate,
  releaseUpdate,
} from '../../workflows/appointment/messages.ts';
import { daysAhead, reserve } from '../support/bookings.ts';
import { startProduct } from '../support/product.ts';

const HOUR = 3_600_000;

const product = await startProduct({ clinic: { policy: { quietHours: null } } });
const { temporal, clinic } = product;

beforeAll(async () => {
  const worker = await product.startWorker();
  return () => worker.stop();
});

/** Asks the workflow itself, as the API does, and answers with the appointment or the code of the refusal. */
async function ask<Request extends ActionRequest>(
  workflowId: string,
  update: UpdateDefinition<Appointment, [Request]>,
  request: Omit<Request, 'requestId'>,
): Promise<Appointment | string> {
  const requestId = asId<RequestId>(randomUUID());
  const handle = temporal.client.workflow.getHandle(workflowId);
  const args = [{ ...request, requestId } as Request] as [Request];
  return handle.executeUpdate(update, { updateId: requestId, args }).catch((error) => error.cause.type as string);
}

async function eventsOf(workflowId: string): Promise<number> {
  const history = await temporal.client.workflow.getHandle(workflowId).fetchHistory();
  return history.events?.length ?? 0;
}

describe('what an appointment is asked', () => {
  it('confirms a pending one once; confirmed again it answers success and changes nothing', async () => {
    const { body } = await reserve(product, daysAhead(30), { mode: 'preReserve' });
    const first = await ask(body.workflowId, confirmUpdate, { actor: 'patient', hasReason: false });
    expect(first).toMatchObject({ status: 'booked', revision: 2, confirmBy: null });
    const second = await ask(body.workflowId, confirmUpdate, { actor: 'staff', hasReason: false });
    expect(second).toEqual(first);
  });

  it('lets the patient cancel until the cutoff', async () => {
    const { body } = await reserve(product, daysAhead(20));
    const cancelUntil = Date.parse(body.startsAt) - 24 * HOUR;
    await temporal.advance(body.workflowId, { to: cancelUntil - 60_000 });
    const request = { actor: 'patient', hasReason: false, notify: true } as const;
    expect(await ask(body.workflowId, cancelUpdate, request)).toMatchObject({ status: 'cancelled' });
  });

  it('refuses the patient after the cutoff, and lets staff cancel with a reason until the end', async () => {
    const { body } = await reserve(product, daysAhead(21));
    await temporal.advance(body.workflowId, { to: Date.parse(body.startsAt) - 24 * HOUR + 1 });
    const before = await eventsOf(body.workflowId);
    const patient = { actor: 'patient', hasReason: false, notify: true } as const;
    expect(await ask(body.workflowId, cancelUpdate, patient)).toBe('TOO_LATE_TO_CANCEL');
    const staff = { actor: 'staff', hasReason: false, notify: true } as const;
    expect(await ask(body.workflowId, cancelUpdate, staff)).toBe('REASON_REQUIRED');
    expect(await eventsOf(body.workflowId)).toBe(before);
    expect(await ask(body.workflowId, cancelUpdate, { ...staff, hasReason: true })).toMatchObject({
      status: 'cancelled',
    });
  });

  it('leaves a locked kind of visit to staff', async () => {
    const { lockedVisitTypeId: visitTypeId } = clinic;
    const { body } = await reserve(product, daysAhead(22), { visitTypeId });
    expect(body.cancelUntil).toBeNull();
    const patient = { actor: 'patient', hasReason: false, notify: true } as const;
    expect(await ask(body.workflowId, cancelUpdate, patient)).toBe('STAFF_ONLY');
  });

  it.each([
    ['completed', completeUpdate],
    ['noShow', noShowUpdate],
  ] as const)('becomes %s by staff from the start on, not before and not by others', async (status, update) => {
    const { body } = await reserve(product, daysAhead(23, status === 'noShow' ? 2 : 0));
    expect(await ask(body.workflowId, update, { actor: 'staff', hasReason: false })).toBe('ACTION_NOT_ALLOWED');
    await temporal.advance(body.workflowId, { to: Date.parse(body.startsAt) });
    expect(await ask(body.workflowId, update, { actor: 'patient', hasReason: false })).toBe('ACTION_NOT_ALLOWED');
    expect(await ask(body.workflowId, update, { actor: 'staff', hasReason: false })).toMatchObject({ status });
    const outcome = await temporal.client.workflow.getHandle(body.workflowId).result();
    expect(outcome).toEqual({ outcome: status });
  });

  it('moves under one update id once, however often it is sent', async () => {
    const { body } = await reserve(product, daysAhead(24));
    const startsAt = Date.parse(daysAhead(25));
    const wish = { startsAt, providerId: null, notify: false, remind: true, allowPatientOverlap: false };
    const request = { requestId: asId<RequestId>(randomUUID()), actor: 'patient' as const, hasReason: false, ...wish };
    const handle = temporal.client.workflow.getHandle(body.workflowId);
    const send = () => handle.executeUpdate(moveUpdate, { updateId: request.requestId, args: [request] });
    const answers = await Promise.all([send(), send(), send()]);
    expect(await send()).toEqual(answers[0]);
    for (const answer of answers) expect(answer).toMatchObject({ version: 2, revision: 2, startsAt });
  });

  it('neither extends nor releases what is booked', async () => {
    const { body } = await reserve(product, daysAhead(26));
    const staff = { actor: 'staff', hasReason: false } as const;
    const confirmBy = Date.parse(body.startsAt) - HOUR;
    expect(await ask(body.workflowId, extendUpdate, { ...staff, confirmBy })).toBe('ACTION_NOT_ALLOWED');
    expect(await ask(body.workflowId, releaseUpdate, staff)).toBe('ACTION_NOT_ALLOWED');
  });
});
