import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../db/client.ts';
import type { RuleChange } from '../../db/queries/untold-rule-changes.ts';
import { ruleChangeWorkflowId } from '../../domain/ids.ts';
import { MINUTE } from '../../domain/interval.ts';
import { startRuleChange } from '../../scripts/admin/rule-change.ts';
import { sweepRuleChanges } from '../../worker/sweep.ts';
import { daysAhead, reserve } from '../support/bookings.ts';
import { eventually, startProduct } from '../support/product.ts';

const product = await startProduct({ clinic: { policy: { quietHours: null } } });
const { call, temporal } = product;
const db = openDatabase(product.adminUrl, { connections: 1 });
const sql = postgres(product.adminUrl, { max: 1, onnotice: () => {} });
afterAll(() => Promise.all([db.close(), sql.end()]));

beforeAll(async () => {
  const worker = await product.startWorker();
  return () => worker.stop();
});

const log = { info: () => {}, warn: () => {}, error: () => {} };

/** What the worker does every minute; answers which changes it found. */
async function sweep(): Promise<RuleChange[]> {
  const found: RuleChange[] = [];
  const start = async (change: RuleChange) => {
    found.push(change);
    await startRuleChange(change, temporal);
  };
  await sweepRuleChanges({ db, startRuleChange: start, log });
  for (const { clinicId, ruleChangeId } of found) {
    await temporal.advance(ruleChangeWorkflowId(clinicId, ruleChangeId), { by: MINUTE });
  }
  return found;
}

async function remindersOf(id: string): Promise<number> {
  const { planned } = (await call('GET', `/v1/appointments/${id}/timeline`)).body;
  return planned.filter(({ kind }: { kind?: string }) => kind === 'reminder').length;
}

async function signalsOf(workflowId: string): Promise<number> {
  const { events } = await temporal.client.workflow.getHandle(workflowId).fetchHistory();
  return events?.filter((event) => event.workflowExecutionSignaledEventAttributes).length ?? 0;
}

it('a patient who gets a number after the booking is reminded there, and nobody else is planned anew', async () => {
  const person = { firstName: 'No', lastName: 'Number' };
  const { body: patient } = await call('POST', '/v1/patients', { body: person });
  const visit = (await reserve(product, daysAhead(20), { patientId: patient.id })).body;
  const bystander = (await reserve(product, daysAhead(21))).body;
  expect(await remindersOf(visit.id)).toBe(0);

  await call('PATCH', `/v1/patients/${patient.id}`, { body: { lastName: 'Numberless' } });
  expect(await sweep()).toEqual([]);

  await call('PATCH', `/v1/patients/${patient.id}`, { body: { mobile: '+358401999321' } });
  expect(await sweep()).toHaveLength(1);
  await eventually('the reminder', async () => (await remindersOf(visit.id)) === 1);
  expect(await signalsOf(visit.workflowId)).toBe(1);
  expect(await signalsOf(bystander.workflowId)).toBe(0);
  await eventually('the end', async () => (await sql`select from rule_changes where told_at is null`).length === 0);
  expect(await sweep()).toEqual([]);

  await temporal.advance(visit.workflowId, { to: Date.parse(visit.startsAt) });
  expect(await product.phone('+358401999321')).toHaveLength(1);
});

it('an import that brings a number does the same, for visits that are still open', async () => {
  const file = (mobile: string) =>
    `externalId,firstName,lastName,mobile\nX-1,Ida,Imported,${mobile}\nX-2,Ola,Other,+358401999400\n`;
  const headers = { 'content-type': 'text/csv' };
  const send = async (mobile: string) => call('POST', '/v1/imports/patients', { body: file(mobile), headers });
  expect((await send('+358401999401')).body).toMatchObject({ created: 2 });
  const { items } = (await call('POST', '/v1/patients/search', { body: { query: 'X-1' } })).body;
  await reserve(product, daysAhead(22), { patientId: items[0].id, notify: false });
  expect((await send('+358401999402')).body).toMatchObject({ updated: 1, unchanged: 1 });
  const rows = await sql`select patient_id from rule_changes where told_at is null`;
  expect(rows.map((row) => row['patient_id'])).toEqual([items[0].id]);
});
