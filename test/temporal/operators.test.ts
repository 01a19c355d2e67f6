import { beforeAll, describe, expect, it } from 'vitest';
import { formatForOperators } from '../../domain/clinic-time.ts';
import { ELAPSED_DAY, SECOND } from '../../domain/interval.ts';
import { daysAhead, outcomeOf, reserve } from '../support/bookings.ts';
import { type Answer, eventually, startProduct } from '../support/product.ts';

const reminderRules = [{ id: 'sms-2d', before: '48h', channels: ['sms'] }];
const product = await startProduct({ clinic: { policy: { quietHours: null, reminderRules } } });
const { call, clinic, temporal } = product;

beforeAll(async () => {
  const worker = await product.startWorker();
  return () => worker.stop();
});

function act(id: string, action: string, body: Record<string, unknown> = {}): Promise<Answer> {
  return call('POST', `/v1/appointments/${id}/${action}`, { body: { actor: 'staff', notify: false, ...body } });
}

describe('what operators read about an appointment', () => {
  const lifeOf = (workflowId: string) => temporal.client.workflow.getHandle(workflowId);

  async function untilShown(workflowId: string, details: readonly string[]): Promise<void> {
    const expected = details.join('\n');
    let shown = '';
    const isShown = async () => {
      const metadata = await lifeOf(workflowId).query<{ currentDetails: string }>('__temporal_workflow_metadata');
      shown = metadata.currentDetails;
      return shown === expected;
    };
    await eventually('the details', isShown).catch((error: Error) => {
      throw new Error(`${error.message}: ${shown}`, { cause: error });
    });
  }

  const utc = (startsAt: string) => `${startsAt.slice(0, 10)} ${startsAt.slice(11, 16)} UTC`;
  const inClinic = (instant: number) => `${formatForOperators(instant, clinic.timeZone)} clinic time`;
  const reminder = (startsAt: string, version: number) =>
    `- ${inClinic(Date.parse(startsAt) - 2 * ELAPSED_DAY)}: reminder (\`reminder:sms-2d:v${version}\`)`;

  it('names its start and what comes next, once it is booked, has been reminded, and was moved', async () => {
    const [startsAt, later] = [daysAhead(20), daysAhead(25)];
    const { id, workflowId } = (await reserve(product, startsAt)).body;
    const close = (await planOf(id)).close;
    await untilShown(workflowId, [
      '**booked** Booked.',
      `Starts at ${utc(startsAt)}. Version 1, revision 1.`,
      '',
      'Next:',
      reminder(startsAt, 1),
      `- ${inClinic(close)}: close (\`close:v1\`)`,
    ]);
    await temporal.advance(workflowId, { to: Date.parse(startsAt) - 2 * ELAPSED_DAY + SECOND });
    await untilShown(workflowId, [
      '**booked** Booked.',
      `Starts at ${utc(startsAt)}. Version 1, revision 1.`,
      '',
      'Next:',
      `- ${inClinic(close)}: close (\`close:v1\`)`,
    ]);
    expect((await act(id, 'move', { startsAt: later })).status).toBe(200);
    await untilShown(workflowId, [
      '**booked** Booked.',
      `Starts at ${utc(later)}. Version 2, revision 2.`,
      '',
      'Next:',
      reminder(later, 2),
      `- ${inClinic((await planOf(id)).close)}: close (\`close:v2\`)`,
    ]);
    expect((await act(id, 'cancel', { offer: false })).status).toBe(200);
    await untilShown(workflowId, [
      '**cancelled** Cancelled; the time is free again.',
      `Starts at ${utc(later)}. Version 2, revision 3.`,
    ]);
  });

  it('says of no patient that they were asked', async () => {
    const startsAt = daysAhead(18);
    const confirmBy = daysAhead(1);
    const { workflowId } = (await reserve(product, startsAt, { mode: 'preReserve', notify: false, confirmBy })).body;
    await untilShown(workflowId, [
      '**pending** Reserved; waits for the patient to confirm it.',
      `Starts at ${utc(startsAt)}. Version 1, revision 1.`,
      '',
      'Next:',
      `- ${inClinic(Date.parse(confirmBy))}: expire (\`expire:v1\`)`,
    ]);
  });
});

describe('what operators find an appointment by', () => {
  const attributesOf = async (workflowId: string) => {
    const { typedSearchAttributes } = await temporal.client.workflow.getHandle(workflowId).describe();
    return Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
  };

  it('is its status, also once it is cancelled or expired', async () => {
    const booked = (await reserve(product, daysAhead(15))).body;
    expect(await attributesOf(booked.workflowId)).toMatchObject({
      ClinicId: clinic.clinicId,
      ProviderId: clinic.providerId,
      AppointmentStatus: 'booked',
      PatientRef: clinic.patientId,
      StartsAt: new Date(daysAhead(15)),
    });
    await act(booked.id, 'cancel');
    await outcomeOf(product, booked.workflowId);
    expect(await attributesOf(booked.workflowId)).toMatchObject({ AppointmentStatus: 'cancelled' });

    const pending = (await reserve(product, daysAhead(16), { mode: 'preReserve', notify: false })).body;
    await temporal.advance(pending.workflowId, { to: Date.parse(pending.confirmBy) + SECOND });
    await outcomeOf(product, pending.workflowId);
    expect(await attributesOf(pending.workflowId)).toMatchObject({ AppointmentStatus: 'expired' });
  });

  it('is its provider, also once it has moved to another one', async () => {
    const { id, workflowId } = (await reserve(product, daysAhead(17))).body;
    expect(await attributesOf(workflowId)).toMatchObject({ ProviderId: clinic.providerId });
    const startsAt = daysAhead(19);
    expect((await act(id, 'move', { startsAt, providerId: clinic.otherProviderId })).status).toBe(200);
    expect(await attributesOf(workflowId)).toMatchObject({
      ProviderId: clinic.otherProviderId,
      StartsAt: new Date(startsAt),
    });
  });
});

async function planOf(id: string): Promise<{ close: number }> {
  const { planned } = (await call('GET', `/v1/appointments/${id}/timeline`)).body;
  const close = planned.find(({ what }: { what: string }) => what === 'completed');
  return { close: Date.parse(close.at) };
}
