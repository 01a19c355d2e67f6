import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Stack, startTemporaryStack } from '../../scripts/local-stack/stack.ts';
import { signedForm } from '../../simulator/twilio/signature.ts';
import { daysAhead } from '../support/bookings.ts';
import { bundleQuietly } from '../support/bundle.ts';
import { codesIn } from '../support/codes.ts';
import { type CrowdMember, addCrowd } from '../support/crowd.ts';
import { type PhoneMessage, eventually } from '../support/product.ts';
import { type RunningStack, startRunningStack } from './running-stack.ts';

const RACES = 8;
const HALF_HOUR = 30 * 60_000;

let desk: RunningStack;
/** Another API, worker and simulator, on the same tables and the same Temporal. */
let second: Stack;
let sql: postgres.Sql;
let connection: Connection;

beforeAll(async () => {
  desk = await startRunningStack({ clinic: { policy: { quietHours: null } } });
  const { database, migrationDatabase, temporal } = desk.stack.addresses;
  second = await startTemporaryStack({
    databaseUrl: database,
    migrationDatabaseUrl: migrationDatabase,
    temporalAddress: temporal,
    taskQueue: desk.stack.taskQueue,
  });
  sql = postgres(migrationDatabase, { max: 2, onnotice: () => {} });
  connection = await Connection.connect({ address: temporal });
});
afterAll(async () => {
  await connection?.close();
  await sql?.end();
  await second?.stop();
  await desk?.stack.stop();
});

it('lets one of two win who answer in the same millisecond through two API processes, and replays so', async () => {
  for (let race = 0; race < RACES; race++) await run(race);
  await replayAll();
}, 300_000);

async function run(race: number): Promise<void> {
  const startsAt = new Date(Date.parse(daysAhead(3 + Math.floor(race / 10))) + (race % 10) * HALF_HOUR).toISOString();
  const people = await addCrowd(sql, desk.clinic, 2);
  const entries = await Promise.all(people.map(letWait));
  const { visitTypeId, providerId } = desk.clinic;
  const opened = await post('/v1/openings', { visitTypeId, providerId, startsAt });
  const codes = await Promise.all(people.map(async (person) => codesIn((await textsOf(person, 1))[0]!.body)[0]!));

  const answers = people.map(({ mobile }, index) => answerBy(index === 0 ? desk.stack : second, mobile, codes[index]!));
  const stored = await Promise.all(answers.map(({ url, request }) => fetch(url, { ...request(), method: 'POST' })));
  expect(stored.map(({ status }) => status)).toEqual([204, 204]);

  const { winner } = await eventually('the award', async () => {
    const { body } = await desk.call('GET', `/v1/openings/${opened.id}`);
    return body.status === 'filled' && (body as { winner: { patientId: string; appointmentId: string } });
  });
  expect(people.map(({ patientId }) => patientId)).toContain(winner.patientId);
  const holders = await sql`
    select id, patient_id as "patientId" from appointments
    where provider_id = ${providerId} and starts_at = ${startsAt} and status in ('held', 'pending', 'booked')`;
  expect(holders).toEqual([{ id: winner.appointmentId, patientId: winner.patientId }]);
  for (const person of people) {
    const told = (await textsOf(person, 2)).map(({ body }) => /is yours/.test(body));
    expect(told).toEqual([false, person.patientId === winner.patientId]);
  }
  for (const { id } of entries) await desk.call('DELETE', `/v1/waiting-list/${id}`);
}

async function post(path: string, body: unknown): Promise<{ id: string }> {
  const answer = await desk.call('POST', path, { body, idempotencyKey: randomUUID() });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as { id: string };
}

async function letWait({ patientId }: CrowdMember): Promise<{ id: string }> {
  const consent = { category: 'offers', channel: 'sms', state: 'given', source: 'staff', wording: 'on the phone' };
  await post(`/v1/patients/${patientId}/consents`, consent);
  return post('/v1/waiting-list', { patientId, visitTypeId: desk.clinic.visitTypeId });
}

/** All that arrived, by whichever worker it left, once it is so many. */
async function textsOf({ mobile }: CrowdMember, count: number): Promise<PhoneMessage[]> {
  return eventually('the text', async () => {
    const phones = [desk.stack, second].map(({ addresses }) => phoneAt(addresses.simulator, mobile));
    const texts = (await Promise.all(phones)).flat();
    return texts.length >= count && texts.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  });
}

async function phoneAt(simulator: string, mobile: string) {
  const response = await fetch(`${simulator}/_sim/messages?to=${encodeURIComponent(mobile)}`);
  return (await response.json()) as (PhoneMessage & { at: string })[];
}

function answerBy({ addresses }: Stack, from: string, code: string) {
  return signedForm(`${addresses.api}/webhooks/twilio/messages`, {
    MessageSid: `SM${randomUUID().replaceAll('-', '')}`,
    From: from,
    To: desk.clinic.sender,
    Body: code,
  });
}

/** Each life of the race, as Temporal has it. */
async function replayAll(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const workflowBundle = await bundleQuietly(new URL('../../workflows/index.ts', import.meta.url));
  const { workflow } = new Client({ connection });
  const kinds = new Set<string>();
  for await (const { workflowId, runId, type } of workflow.list()) {
    kinds.add(type);
    const history = await workflow.getHandle(workflowId, runId).fetchHistory();
    await expect(Worker.runReplayHistory({ workflowBundle }, history, workflowId)).resolves.toBeUndefined();
  }
  expect([...kinds]).toEqual(
    expect.arrayContaining(['openingWorkflow', 'inboundMessageWorkflow', 'appointmentWorkflow']),
  );
}
