import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { createActivities } from '../../activities/index.ts';
import { type ProposalId, asId } from '../../domain/ids.ts';
import { ELAPSED_DAY, HOUR } from '../../domain/interval.ts';
import { testApi } from '../support/api.ts';
import { type TestClinic, addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';
import { noon } from './messaging.ts';

const { adminUrl, appUrl } = await testDatabase();
const api = testApi(appUrl);
api.clock.at = noon;

let clinic: TestClinic;
beforeEach(async () => {
  clinic = await addClinic(adminUrl);
  api.temporal.isAway = false;
});

const at = (hours: number) => new Date(noon + ELAPSED_DAY + hours * HOUR).toISOString().replace('.000', '');
const timeAt = (hours: number) => ({ providerId: clinic.providerId, startsAt: at(hours) });

function propose(patch: Record<string, unknown> = {}, key?: string, apiKey = clinic.staffKey) {
  const { patientId, visitTypeId } = clinic;
  const body = { patientId, visitTypeId, times: [timeAt(0), timeAt(1)], ...patch };
  return api.call(apiKey, 'POST', '/v1/proposals', body, key === undefined ? {} : { 'idempotency-key': key });
}

it('answers with the codes of the times that are kept, and until when; once for each key', async () => {
  const key = randomUUID();
  const { status, body } = await propose({ actor: 'office' }, key);
  expect(status).toBe(201);
  const time = (hours: number) => ({ code: expect.stringMatching(/^[A-Z][2-9]+$/) as string, ...timeAt(hours) });
  expect(body).toEqual({ id: body.id, expiresAt: '2026-11-22T14:00:00Z', times: [time(0), time(1)] });
  expect((await propose({ actor: 'office' }, key)).body).toEqual(body);
  expect((await propose({ actor: 'staff' }, key)).body.code).toBe('IDEMPOTENCY_KEY_REUSED');
  expect((await propose()).body.code).toBe('SLOT_TAKEN');
});

it('keeps nothing while its workflow cannot be reached, and what was asked for when it can', async () => {
  const key = randomUUID();
  api.temporal.isAway = true;
  expect(await propose({}, key)).toMatchObject({ status: 503, body: { code: 'TEMPORARILY_UNAVAILABLE' } });
  api.temporal.isAway = false;
  expect((await propose({}, key)).status).toBe(201);
});

it('names the times that are taken, and free ones nearby', async () => {
  await propose({ times: [timeAt(1)], patientId: clinic.otherPatientId });
  const { status, body } = await propose();
  expect([status, body.errors]).toEqual([409, [{ pointer: '/times/1', detail: 'is taken' }]]);
  expect(body.alternatives).toHaveLength(5);
});

it.each([
  ['no time', { times: [] }, '/times'],
  ['four times', { times: [1, 2, 3, 4].map(() => ({ providerId: randomUUID(), startsAt: at(0) })) }, '/times'],
  ['what is no time', { times: [{ providerId: randomUUID(), startsAt: 'soon' }] }, '/times/0/startsAt'],
  ['a patient as the actor', { actor: 'patient' }, '/actor'],
])('refuses %s', async (_, patch, pointer) => {
  const { status, body } = await propose(patch);
  expect([status, body.code]).toEqual([422, 'VALIDATION_FAILED']);
  expect(body.errors).toMatchObject([{ pointer }]);
});

it('is for staff and office', async () => {
  expect((await propose({}, undefined, clinic.webKey)).body.code).toBe('FORBIDDEN');
});

it('keeps and gives back the times by activities that may run twice', async () => {
  const { makeProposal, expireProposal } = createActivities({ db: api.db, transports: {}, publicUrl: '' });
  const { clinicId, patientId, visitTypeId, providerId } = clinic;
  const proposalId = asId<ProposalId>(randomUUID());
  const times = [{ providerId, startsAt: noon + ELAPSED_DAY }];
  const wish = { clinicId, proposalId, requestId: asId<never>(randomUUID()), patientId, visitTypeId, times };
  const make = () => makeProposal({ ...wish, appointmentId: null, actor: 'staff', sendNow: false, now: noon });
  expect(await make()).toEqual(await make());
  const expire = () => expireProposal({ clinicId, proposalId, now: noon + ELAPSED_DAY });
  expect([await expire(), await expire()]).toEqual(['expired', 'expired']);
});
