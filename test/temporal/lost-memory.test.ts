import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { appointmentActivities } from '../../activities/appointment.ts';
import { inClinic } from '../../db/client.ts';
import { recordRequest } from '../../db/commands/requests/record.ts';
import { idsOfAttempt } from '../../api/request-ids.ts';
import { type AppointmentId, type ProviderId, type RequestId, asId } from '../../domain/ids.ts';
import { ELAPSED_DAY, type Instant, SECOND } from '../../domain/interval.ts';
import { daysAhead, outcomeOf, reserve } from '../support/bookings.ts';
import { type Answer, eventually, startProduct } from '../support/product.ts';

const product = await startProduct({ clinic: { policy: { quietHours: null } } });
const { call, clinic, temporal, db } = product;
const activities = appointmentActivities(db);

beforeAll(async () => {
  const worker = await product.startWorker();
  return () => worker.stop();
});

interface Appointment {
  id: string;
  workflowId: string;
  startsAt: string;
  confirmBy: string | null;
}

let days = 30;
async function made(mode: 'book' | 'preReserve', wish: Record<string, unknown> = {}): Promise<Appointment> {
  days += 3;
  return (await reserve(product, daysAhead(days), { mode, notify: false, ...wish })).body;
}

/** As the workflow wrote it in a task that was lost afterwards: the tables know of it, the workflow does not. */
function forgotten({ id }: Appointment, requestId = randomUUID() as string) {
  const { clinicId } = clinic;
  const appointmentId = asId<AppointmentId>(id);
  const by = { actor: 'staff', requestId: asId<RequestId>(requestId), now: Date.now() } as const;
  const change = { clinicId, appointmentId, revision: 1, ...by };
  const how = { notify: true, remind: true, allowPatientOverlap: false, overrode: null };
  return {
    confirmed: () => activities.confirmAppointment(change),
    cancelled: () => activities.endAppointment({ ...change, ...how, status: 'cancelled' }),
    movedTo: (startsAt: Instant) =>
      activities.moveAppointment({ ...change, ...how, startsAt, providerId: asId<ProviderId>(clinic.providerId) }),
  };
}

const laterThan = ({ startsAt }: Appointment, by: number) => Date.parse(startsAt) + by * ELAPSED_DAY;

function act({ id }: Appointment, action: string, body: Record<string, unknown> = {}, key?: string): Promise<Answer> {
  const options = { body: { actor: 'staff', ...body }, ...(key !== undefined && { idempotencyKey: key }) };
  return call('POST', `/v1/appointments/${id}/${action}`, options);
}

const changesOf = async ({ id }: Appointment): Promise<string[]> => {
  const { past } = (await call('GET', `/v1/appointments/${id}/timeline`)).body;
  return past.map(({ what }: { what: string }) => what).filter((what: string) => what !== 'message');
};

describe('a change that the tables know of and its workflow does not', () => {
  it('is the ground on which the next one is made', async () => {
    const visit = await made('book');
    await forgotten(visit).movedTo(laterThan(visit, 1));
    const startsAt = new Date(laterThan(visit, 2)).toISOString();
    expect(await act(visit, 'move', { startsAt })).toMatchObject({ status: 200, body: { version: 3, revision: 3 } });
    expect(await changesOf(visit)).toEqual(['booked', 'moved', 'moved']);
  });

  it('is the end, where the next step would be another one', async () => {
    const visit = await made('preReserve');
    await forgotten(visit).cancelled();
    await temporal.advance(visit.workflowId, { to: Date.parse(visit.confirmBy!) + SECOND });
    expect(await outcomeOf(product, visit.workflowId)).toEqual({ outcome: 'cancelled' });
    expect(await changesOf(visit)).toEqual(['preReserved', 'cancelled']);
  });

  it('stands against the expiry', async () => {
    const visit = await made('preReserve');
    await forgotten(visit).confirmed();
    await temporal.advance(visit.workflowId, { to: Date.parse(visit.confirmBy!) + SECOND });
    const { body } = await call('GET', `/v1/appointments/${visit.id}`);
    expect(body).toMatchObject({ status: 'booked', revision: 2 });
    const { status } = await temporal.client.workflow.getHandle(visit.workflowId).describe();
    expect(status.name).toBe('RUNNING');
    expect(await act(visit, 'cancel', { reason: 'ill' })).toMatchObject({ status: 200, body: { revision: 3 } });
  });

  it('is found by a message that it no longer allows, though nobody asks again', async () => {
    const visit = await made('preReserve');
    await forgotten(visit).movedTo(laterThan(visit, 1));
    const details = await product.temporal.client.workflow.getHandle(visit.workflowId).describe();
    expect(details.status.name).toBe('RUNNING');
    await temporal.advance(visit.workflowId, { to: Date.parse(visit.confirmBy!) - ELAPSED_DAY });
    await eventually('the question about the new time', async () => {
      const { past } = (await call('GET', `/v1/appointments/${visit.id}/timeline`)).body;
      return past.some(
        ({ kind, status }: { kind?: string; status?: string }) => kind === 'ask' && status !== 'suppressed',
      );
    });
  });

  it('is made known to it by the same request, which says what there is to say', async () => {
    const visit = await made('book');
    const startsAt = new Date(laterThan(visit, 1)).toISOString();
    const key = randomUUID();
    const { requestId } = idsOfAttempt(clinic.clinicId, key, 1);
    // The first time nobody answered: the workflow's server was gone.
    const record = { clinicId: clinic.clinicId, id: requestId, action: 'move', actor: 'staff' } as const;
    await inClinic(db, clinic.clinicId, (tx) =>
      recordRequest(tx, { ...record, actorRef: null, reason: null, createdAt: Date.now() }),
    );
    await forgotten(visit, requestId).movedTo(Date.parse(startsAt));
    const answer = await act(visit, 'move', { startsAt }, key);
    expect(answer).toMatchObject({ status: 200, body: { version: 2, revision: 2 } });
    await eventually('the text', async () => {
      const { past } = (await call('GET', `/v1/appointments/${visit.id}/timeline`)).body;
      return past.some(({ what, kind }: { what: string; kind?: string }) => what === 'message' && kind === 'moved');
    });
    expect((await act(visit, 'move', { startsAt }, key)).body).toEqual(answer.body);
    expect(await changesOf(visit)).toEqual(['booked', 'moved']);
  });
});
