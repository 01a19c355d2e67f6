import { Client, Connection } from '@temporalio/client';
import { readFileSync } from 'node:fs';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { postgresDir } from '../../scripts/local-stack/postgres.ts';
import { temporalDir } from '../../scripts/local-stack/temporal.ts';
import { daysAhead, reserve } from '../support/bookings.ts';
import { eventually } from '../support/product.ts';
import { type RunningStack, startRunningStack } from './running-stack.ts';

// Words that stand nowhere else, in every place that holds what is private.
const canaries = {
  firstName: 'Kanarienvogel',
  lastName: 'Zitronengelb',
  mobile: '+358402007654',
  email: 'kanarie@canary.example',
  birthDate: '1977-07-07',
  externalId: 'canary-external-4471',
  reason: 'canary-reason-7731',
  inbound: 'canary-inbound-9917',
  wrongNumber: 'canary-number-5541',
  actorRef: 'canary-person-6620',
  idempotencyKey: 'canary-key-8814',
};
/** A made-up code that follows the rules of the Finnish one. */
const identityCode = '131052-308T';

let desk: RunningStack;
let connection: Connection;
const logged: string[] = [];
const errorBodies: string[] = [];
const tokens: string[] = [];

beforeAll(async () => {
  desk = await startRunningStack({
    // The database is killed on the way, and what it had taken must be there to look at.
    stack: { isDurable: true, output: (part, line) => void logged.push(`${part} ${line}`) },
    clinic: { policy: { quietHours: null } },
  });
  connection = await Connection.connect({ address: desk.stack.addresses.temporal });
  await liveWithCanaries();
});
afterAll(async () => {
  await connection?.close();
  await desk?.stack.stop();
});

async function liveWithCanaries(): Promise<void> {
  const { firstName, lastName, mobile, email, birthDate, externalId, reason, inbound, actorRef } = canaries;
  const person = { firstName, lastName, mobile, email, birthDate, externalId, language: 'fi' };
  const { body: patient } = await desk.call('POST', '/v1/patients', { body: person });
  await desk.call('POST', '/v1/patients/search', { body: { query: lastName } });
  const { body: visit } = await reserve(
    desk,
    daysAhead(30),
    { mode: 'preReserve', patientId: patient.id, actorRef },
    canaries.idempotencyKey,
  );
  const link = await linkIn(0);
  await fetch(link);
  await fetch(`${link}/confirm`, { method: 'POST', redirect: 'manual' });
  await linkIn(1);
  await desk.simulate('time-travel', { workflowId: visit.workflowId, by: 'P29D' });
  await desk.simulate('behaviour', { to: mobile, outcome: 'undelivered:30003' });
  await desk.call('POST', `/v1/appointments/${visit.id}/cancel`, {
    body: { actor: 'staff', reason, actorRef },
    idempotencyKey: `${canaries.idempotencyKey}-2`,
  });
  await desk.simulate('reply', { from: mobile, to: desk.clinic.sender, body: `${inbound}, I am ${identityCode}` });
  await eventually('the task about the inbound text', async () => {
    const { body } = await desk.call('GET', '/v1/tasks?status=open');
    return body.items.find((task: { kind: string }) => task.kind === 'inboundText');
  });
  await refusals(patient.id);
  await faults(link);
}

async function refusals(patientId: string): Promise<void> {
  const wrong = canaries.wrongNumber;
  const bodies = [
    await desk.call('POST', '/v1/patients', { body: { firstName: canaries.firstName, lastName: 'x', mobile: wrong } }),
    await desk.call('POST', '/v1/patients', { body: `{"firstName": "${canaries.firstName}", ` }),
    await desk.call('PATCH', `/v1/patients/${patientId}`, { body: { email: wrong } }),
    await desk.call('GET', `/v1/appointments/${encodeURIComponent(canaries.lastName)}`),
    await desk.call('GET', `/v1/appointments?status=${encodeURIComponent(canaries.lastName)}`),
    await reserve(desk, canaries.birthDate, { patientId }),
  ];
  expect(bodies.map(({ status }) => status).filter((status) => status < 400 || status >= 500)).toEqual([]);
  errorBodies.push(...bodies.map(({ body }) => JSON.stringify(body)));
}

/** What is asked while the database is away, and what it is told when its connections are cut. */
async function faults(link: string): Promise<void> {
  const { firstName, lastName, mobile } = canaries;
  const database = desk.stack.parts.get('PostgreSQL')!;
  await database.kill();
  const search = await desk.call('POST', '/v1/patients/search', { body: { query: lastName } });
  const create = await desk.call('POST', '/v1/patients', { body: { firstName, lastName, mobile } });
  expect([search.status, create.status]).toEqual([503, 503]);
  errorBodies.push(JSON.stringify(search.body), JSON.stringify(create.body), await (await fetch(link)).text());
  await desk.simulate('reply', { from: mobile, to: desk.clinic.sender, body: canaries.inbound });
  await database.start();
}

/** The link in the n-th text on the phone; what follows its last slash is a secret too. */
async function linkIn(index: number): Promise<string> {
  const text = await eventually(`text ${index}`, async () => (await desk.phone(canaries.mobile))[index]);
  const link = /http\S+/.exec(text.body)?.[0] ?? '';
  tokens.push(link.split('/').at(-1) ?? '');
  return link;
}

function expectNone(place: string, texts: readonly string[]): void {
  const secrets = [...Object.values(canaries), identityCode, ...tokens];
  // A form encoding or an escape must not hide one.
  const forms = secrets.flatMap((secret) => [secret, encodeURIComponent(secret), secret.replace(/^\+/, '')]);
  for (const text of texts) {
    const found = forms.filter((secret) => text.includes(secret));
    expect(found, `${place}: ${text.slice(0, 200)}`).toEqual([]);
  }
}

/** Every string in a history, payloads decoded. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('utf8')];
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (value !== null && typeof value === 'object')
    return Object.entries(value).flatMap((entry) => entry.flatMap(textsOf));
  return [];
}

it('nothing private reaches a workflow id, history, attribute, memo, summary or detail', async () => {
  const client = new Client({ connection });
  const ids = await eventually('the list of workflows', async () => {
    const found = new Set<string>();
    for await (const { workflowId } of client.workflow.list()) found.add(workflowId);
    return found.size >= 2 && [...found];
  });
  const texts: string[] = [...ids];
  for (const id of ids) {
    const handle = client.workflow.getHandle(id);
    const metadata: unknown = await handle.query('__temporal_workflow_metadata');
    const description = await handle.describe();
    const { memo, typedSearchAttributes, raw } = description;
    texts.push(...textsOf(await handle.fetchHistory()), ...textsOf([memo, typedSearchAttributes, metadata, raw]));
  }
  expect(texts.some((text) => text.includes('reminder:sms-2d'))).toBe(true);
  expectNone('Temporal', texts);
});

it('nothing private is logged, measured or repeated in an error', async () => {
  const metrics = await (await fetch(`${desk.stack.addresses.api}/metrics`)).text();
  expect(logged.some((line) => line.includes('/a/:token'))).toBe(true);
  // The simulator is no part of the product: its log is the carrier's.
  const { dir } = desk.stack.options;
  expectNone('log of Temporal', [readFileSync(`${temporalDir(dir)}/temporal.log`, 'utf8')]);
  expectNone('log of PostgreSQL', [readFileSync(`${postgresDir(dir)}/postgres.log`, 'utf8')]);
  expectNone(
    'log',
    logged.filter((line) => !line.startsWith('simulator')),
  );
  expectNone('metrics', [metrics]);
  expectNone('error', errorBodies);
});

it('no link to a page and no identity code is kept in any table', async () => {
  const sql = postgres(desk.stack.addresses.migrationDatabase, { max: 1, onnotice: () => {} });
  const tables = await sql<{ name: string }[]>`select relname as name from pg_class
    where relkind = 'r' and relnamespace = 'public'::regnamespace`;
  const rows: string[] = [];
  for (const { name } of tables) {
    const found = await sql<{ row: string }[]>`select t::text as row from ${sql(name)} t`;
    rows.push(...found.map(({ row }) => row));
  }
  await sql.end();
  // What is looked for would be found: the names are there.
  expect(rows.some((row) => row.includes(canaries.lastName))).toBe(true);
  expect(rows.filter((row) => [identityCode, ...tokens].some((secret) => row.includes(secret)))).toEqual([]);
});

it('an identity code is masked before the text is stored', async () => {
  const sql = postgres(desk.stack.addresses.migrationDatabase, { max: 1, onnotice: () => {} });
  const rows = await sql<
    { body: string }[]
  >`select body from inbound_messages where clinic_id = ${desk.clinic.clinicId}`;
  await sql.end();
  expect(rows.map(({ body }) => body.includes(canaries.inbound))).toEqual([true]);
  expect(rows.map(({ body }) => body.includes(identityCode))).toEqual([false]);
});
