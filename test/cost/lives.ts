import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { temporalGateway } from '../../api/temporal-gateway.ts';
import {
  type AppointmentId,
  type RequestId,
  appointmentWorkflowId,
  asId,
  openingWorkflowId,
} from '../../domain/ids.ts';
import { ELAPSED_DAY, MINUTE } from '../../domain/interval.ts';
import { daysAhead, outcomeOf, reserve } from '../support/bookings.ts';
import { openingsOf } from '../temporal/openings.ts';
import { type Product, eventually } from '../support/product.ts';

/** A scripted life; answers with its workflow. `measureFromHere` leaves out what came before. */
export type Script = (product: Product, measureFromHere: (workflowId: string) => Promise<void>) => Promise<string>;

export const bookedToCompleted: Script = async (product) => {
  const { body } = await reserve(product, daysAhead(30));
  return liveToTheEnd(product, body.workflowId, 'completed');
};

export const confirmedAfterOneNudge: Script = async (product) => {
  const { body } = await reserve(product, daysAhead(41), { mode: 'preReserve' });
  await product.temporal.advance(body.workflowId, { to: Date.parse(body.confirmBy) - 4 * ELAPSED_DAY });
  await ask(product, body.id, 'confirm', { actor: 'patient' });
  return liveToTheEnd(product, body.workflowId, 'completed');
};

export const neverAnswered: Script = async (product) => {
  const { body } = await reserve(product, daysAhead(42), { mode: 'preReserve' });
  return liveToTheEnd(product, body.workflowId, 'expired');
};

export const cancelledByStaff: Script = async (product, measureFromHere) => {
  const { body } = await reserve(product, daysAhead(31));
  await eventually('the message', async () => (await historyOf(product, body.workflowId)).some(isSent));
  await measureFromHere(body.workflowId);
  await ask(product, body.id, 'cancel', { actor: 'staff', reason: 'ill' });
  return liveToTheEnd(product, body.workflowId, 'cancelled');
};

export const movedByPatient: Script = async (product, measureFromHere) => {
  const { body } = await reserve(product, daysAhead(33));
  await eventually('the message', async () => (await historyOf(product, body.workflowId)).some(isSent));
  await measureFromHere(body.workflowId);
  await ask(product, body.id, 'move', { actor: 'patient', startsAt: daysAhead(34) });
  await eventually('the notice', async () => (await historyOf(product, body.workflowId)).filter(isSent).length === 2);
  return body.workflowId;
};

export const heldAndReleased: Script = async (product) => {
  const { body } = await reserve(product, daysAhead(35), { mode: 'hold', holder: 'web 1', patientId: undefined });
  await ask(product, body.id, 'release', { holder: 'web 1' });
  await endsAs(product, body.workflowId, 'cancelled');
  return body.workflowId;
};

/** As when the worker was away for longer than the lease: nothing is leased, so nothing is reserved. */
export const refused: Script = async (product) => {
  const { temporal, clinic } = product;
  const gateway = temporalGateway(temporal);
  const appointmentId = asId<AppointmentId>(randomUUID());
  const { clinicId, patientId, visitTypeId, providerId } = clinic;
  const visit = { clinicId, appointmentId, patientId, visitTypeId, providerId, startsAt: Date.parse(daysAhead(32)) };
  const wish = { mode: 'book', actor: 'staff', confirmBy: null } as const;
  const terms = { ...wish, notify: true, remind: true, allowPatientOverlap: false };
  const input = { requestId: asId<RequestId>(randomUUID()), ...visit, ...terms };
  const { outcome } = await gateway.reserve(input, 'too late', 10_000);
  await gateway.close();
  if (outcome !== 'refused') throw new Error(`a reservation without a lease was ${outcome}`);
  const workflowId = appointmentWorkflowId(clinicId, appointmentId);
  await endsAs(product, workflowId, 'refused');
  return workflowId;
};

/** A visit is cancelled and others are asked: 20 in four waves; two do not want it, one of the last wave takes it. */
export const offeredInWaves: Script = async (product) => {
  const sql = postgres(product.adminUrl, { max: 1 });
  const { freshTime, book, giveUp, waitFor, openingOf, untilAsked, answer, goOn, endOf } = openingsOf(product, sql);
  try {
    const startsAt = freshTime();
    await waitFor(startsAt, 20);
    const visit = await book(startsAt);
    await giveUp(visit);
    const opening = await openingOf(visit);
    for (const asked of [5, 10, 15]) {
      await untilAsked(opening, asked);
      await goOn(opening, 10 * MINUTE);
    }
    const offers = await untilAsked(opening, 20);
    await answer(opening, offers[0]!, 'decline');
    await untilAsked(opening, 19);
    await answer(opening, offers[6]!, 'decline');
    await untilAsked(opening, 18);
    await answer(opening, offers[19]!);
    await endOf(opening);
    return openingWorkflowId(product.clinic.clinicId, opening);
  } finally {
    await sql.end();
  }
};

/** The same, as the visit sees it that gives the time up. */
export const cancelledAndOffered: Script = async (product, measureFromHere) => {
  const { body } = await reserve(product, daysAhead(9), { notify: false });
  await measureFromHere(body.workflowId);
  await ask(product, body.id, 'cancel', { actor: 'staff', reason: 'ill' });
  return liveToTheEnd(product, body.workflowId, 'cancelled');
};

async function ask(product: Product, id: string, action: string, body: unknown): Promise<void> {
  const { status } = await product.call('POST', `/v1/appointments/${id}/${action}`, { body });
  if (status !== 200) throw new Error(`${action} was answered with ${status}`);
}

async function liveToTheEnd(product: Product, workflowId: string, expected: string): Promise<string> {
  await product.temporal.advance(workflowId, { by: 70 * ELAPSED_DAY });
  await endsAs(product, workflowId, expected);
  return workflowId;
}

async function endsAs(product: Product, workflowId: string, expected: string): Promise<void> {
  const { outcome } = (await outcomeOf(product, workflowId)) as { outcome: string };
  if (outcome !== expected) throw new Error(`the life ended as ${outcome}, not as ${expected}`);
}

async function historyOf({ temporal }: Product, workflowId: string) {
  return (await temporal.client.workflow.getHandle(workflowId).fetchHistory()).events ?? [];
}

function isSent(event: { activityTaskCompletedEventAttributes?: unknown }): boolean {
  return Boolean(event.activityTaskCompletedEventAttributes);
}
