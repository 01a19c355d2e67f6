import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type RequestId, asId } from '../../domain/ids.ts';
import { type ConfirmRequest, confirmUpdate, reserveUpdate } from '../../workflows/appointment/messages.ts';
import { daysAhead, outcomeOf, reserve } from '../support/bookings.ts';
import { type Answer, eventually, startProduct } from '../support/product.ts';

const product = await startProduct({ clinic: { policy: { quietHours: null } } });
const { call, clinic, temporal } = product;
const { workflow } = temporal.client;

beforeAll(async () => {
  const worker = await product.startWorker();
  return () => worker.stop();
});

/** More than the server takes for one run. */
const CONFIRMATIONS = 2_100;

describe('an appointment that is confirmed more often than one run can hear', () => {
  it('goes on in another run, and nothing else about it changes', async () => {
    const { id, workflowId } = (await reserve(product, daysAhead(20))).body;
    const life = workflow.getHandle(workflowId);
    const act = (action: string, body: Record<string, unknown>): Promise<Answer> =>
      call('POST', `/v1/appointments/${id}/${action}`, { body: { actor: 'staff', ...body } });
    const timeline = async () => (await call('GET', `/v1/appointments/${id}/timeline`)).body;
    const untilTold = (kinds: string[]) =>
      eventually('the notices', async () => (await told(id)).join() === kinds.join());

    const startsAt = daysAhead(25);
    expect(await act('move', { startsAt })).toMatchObject({ status: 200 });
    await untilTold(['booked', 'moved']);
    const before = {
      runId: (await life.describe()).runId,
      timeline: await timeline(),
      details: await detailsOf(workflowId),
    };

    await confirmOften(workflowId);

    expect((await workflow.getHandle(workflowId, before.runId).describe()).status.name).toBe('CONTINUED_AS_NEW');
    expect((await life.describe()).status.name).toBe('RUNNING');
    expect((await call('GET', `/v1/appointments/${id}`)).body).toMatchObject({
      status: 'booked',
      version: 2,
      revision: 2,
    });
    expect(await timeline()).toEqual(before.timeline);
    expect(await detailsOf(workflowId)).toBe(before.details);
    expect(await searchableOf(workflowId)).toEqual(visitAt(startsAt));
    expect(await life.executeUpdate(reserveUpdate, { updateId: 'reserve' })).toMatchObject({
      id,
      version: 2,
      revision: 2,
    });

    const later = daysAhead(30);
    expect(await act('move', { startsAt: later })).toMatchObject({ status: 200, body: { version: 3, revision: 3 } });
    await untilTold(['booked', 'moved', 'moved']);
    expect(await searchableOf(workflowId)).toEqual(visitAt(later));
    expect(await act('cancel', { reason: 'ill' })).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    expect(await outcomeOf(product, workflowId)).toEqual({ outcome: 'cancelled' });
    await untilTold(['booked', 'moved', 'moved', 'cancelled']);
  });
});

/** Eight at a time: of more than ten in flight the server turns some away, and each of them waits a second. */
async function confirmOften(workflowId: string): Promise<void> {
  let left = CONFIRMATIONS;
  const caller = async () => {
    while (left-- > 0) {
      const requestId = asId<RequestId>(randomUUID());
      const request: ConfirmRequest = { requestId, actor: 'staff', hasReason: false };
      await workflow.getHandle(workflowId).executeUpdate(confirmUpdate, { updateId: requestId, args: [request] });
    }
  };
  await Promise.all(Array.from({ length: 8 }, caller));
}

/** The kinds of the messages in their order, and how those stand that have not arrived. */
async function told(id: string): Promise<string[]> {
  const { past } = (await call('GET', `/v1/appointments/${id}/timeline`)).body;
  return (past as { what: string; kind: string; status: string }[])
    .filter(({ what }) => what === 'message')
    .map(({ kind, status }) => (status === 'delivered' ? kind : `${kind} ${status}`));
}

async function detailsOf(workflowId: string): Promise<string> {
  const { currentDetails } = await workflow
    .getHandle(workflowId)
    .query<{ currentDetails: string }>('__temporal_workflow_metadata');
  return currentDetails;
}

async function searchableOf(workflowId: string): Promise<Record<string, unknown>> {
  const { typedSearchAttributes } = await workflow.getHandle(workflowId).describe();
  const ours = new Set(Object.keys(visitAt('')));
  const shown = typedSearchAttributes.getAll().filter(({ key }) => ours.has(key.name));
  return Object.fromEntries(
    shown.map(({ key, value }) => [key.name, value instanceof Date ? value.toISOString() : value]),
  );
}

function visitAt(startsAt: string): Record<string, unknown> {
  return {
    ClinicId: clinic.clinicId,
    ProviderId: clinic.providerId,
    PatientRef: clinic.patientId,
    AppointmentStatus: 'booked',
    StartsAt: startsAt,
  };
}
