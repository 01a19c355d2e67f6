import { ApplicationFailure } from '@temporalio/activity';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../activities/index.ts';
import { openDatabase } from '../../db/client.ts';
import { applyClinic } from '../../db/commands/clinics/apply.ts';
import type { RuleChange } from '../../db/queries/untold-rule-changes.ts';
import { readClinicDescription } from '../../domain/clinic-description.ts';
import { type AppointmentId, ruleChangeWorkflowId } from '../../domain/ids.ts';
import { HOUR, MINUTE } from '../../domain/interval.ts';
import { startRuleChange } from '../../scripts/admin/rule-change.ts';
import { rulesChangedSignal } from '../../workflows/appointment/messages.ts';
import type { ruleChangeWorkflow } from '../../workflows/index.ts';
import { ruleChangeStart } from '../../workflows/rule-change/messages.ts';
import { sweepRuleChanges } from '../../worker/sweep.ts';
import { daysAhead, reserve } from '../support/bookings.ts';
import { type CrowdMember, addCrowd } from '../support/crowd.ts';
import { eventually, startProduct } from '../support/product.ts';

const OPEN = 320;
const policyWith = (id: string, before: string) => ({
  quietHours: null,
  reminderRules: [{ id, before, at: '13:00', channels: ['sms'] }],
});

const product = await startProduct({ clinic: { policy: policyWith('two-days', '2d') } });
const { call, clinic, db, temporal } = product;
const { clinicId } = clinic;
const { client, taskQueue } = temporal;
const owner = openDatabase(product.adminUrl, { connections: 1 });
const sql = postgres(product.adminUrl, { max: 2, onnotice: () => {} });
afterAll(() => Promise.all([owner.close(), sql.end()]));

interface Visit extends CrowdMember {
  id: string;
  workflowId: string;
  startsAt: string;
}

let open: Visit[];
let pending: Visit;
let cancelled: Visit;

beforeAll(async () => {
  const worker = await product.startWorker();
  const [asked, gone, ...others] = await addCrowd(sql, clinic, OPEN + 1);
  pending = await book(asked!, 0, { mode: 'preReserve' });
  cancelled = await book(gone!, 1);
  const body = { actor: 'staff', reason: 'ill', notify: false };
  expect((await call('POST', `/v1/appointments/${cancelled.id}/cancel`, { body })).status).toBe(200);
  open = await inTurns(others, (patient, index) => book(patient, index + 2));
  await worker.stop();
}, 240_000);

async function book(patient: CrowdMember, index: number, fields: Record<string, unknown> = {}): Promise<Visit> {
  const startsAt = new Date(Date.parse(daysAhead(30)) + index * 30 * MINUTE).toISOString();
  const { status, body } = await reserve(product, startsAt, { patientId: patient.patientId, notify: false, ...fields });
  expect(status).toBe(201);
  return { ...patient, id: body.id, workflowId: body.workflowId, startsAt };
}

/** Not more at once than the API may wait for. */
async function inTurns<T, R>(items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let first = 0; first < items.length; first += 16) {
    results.push(...(await Promise.all(items.slice(first, first + 16).map((item, at) => work(item, first + at)))));
  }
  return results;
}

/** Applies the clinic's file with one reminder of that name. */
async function change(id: string, before: string): Promise<RuleChange> {
  const provider = { name: 'Room', offers: ['visit', 'locked'], hours: { 'mon-sun': '08:00-20:00' } };
  const locked = { cancel: 'staffOnly', move: 'staffOnly' };
  const description = readClinicDescription({
    id: clinicId,
    slug: clinic.slug,
    name: 'Test Clinic',
    country: 'FI',
    timeZone: clinic.timeZone,
    languages: ['en'],
    phone: '+358401999000',
    address: 'Test Street 1',
    senders: { sms: clinic.sender },
    policy: policyWith(id, before),
    visitTypes: [
      { key: 'visit', id: clinic.visitTypeId, names: { en: 'Visit' }, durationMinutes: 30 },
      {
        key: 'locked',
        id: clinic.lockedVisitTypeId,
        names: { en: 'Locked' },
        durationMinutes: 45,
        selfService: locked,
      },
    ],
    providers: [
      { key: 'room', id: clinic.providerId, ...provider },
      { key: 'other-room', id: clinic.otherProviderId, ...provider },
    ],
  });
  const { ruleChangeId } = await applyClinic(owner, description, { now: Date.now() });
  return { clinicId, ruleChangeId: ruleChangeId! };
}

const lifeOf = ({ ruleChangeId }: RuleChange) =>
  client.workflow.getHandle<typeof ruleChangeWorkflow>(ruleChangeWorkflowId(clinicId, ruleChangeId));

/** Skips the time that reservations by the old rules are given. */
const hurry = (change: RuleChange) => temporal.advance(lifeOf(change).workflowId, { by: MINUTE });

const isTold = async ({ ruleChangeId }: RuleChange) => {
  const [row] = await sql`select told_at from rule_changes where id = ${ruleChangeId}`;
  return row?.['told_at'] !== null;
};

/** The reminders that each appointment waits for, and how many of them wait so. */
async function awaited(): Promise<Record<string, number>> {
  const rows = await sql<{ keys: string; visits: number }[]>`
    select keys, count(*)::int as visits from (
      select coalesce(string_agg(step->>'key', ' '), 'none') as keys
      from appointments left join jsonb_array_elements(plan) as step on step->>'kind' = 'reminder'
      where clinic_id = ${clinicId} and status = 'booked' group by id
    ) as waiting group by keys`;
  return Object.fromEntries(rows.map(({ keys, visits }) => [keys, visits]));
}

async function timesTold({ workflowId }: Visit): Promise<number> {
  const { events = [] } = await client.workflow.getHandle(workflowId).fetchHistory();
  const signals = events!.map((event) => event.workflowExecutionSignaledEventAttributes?.signalName);
  return signals.filter((name) => name === rulesChangedSignal.name).length;
}

async function isAtRest({ workflowId }: Visit): Promise<boolean> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  return (raw.pendingActivities ?? []).length === 0 && !raw.pendingWorkflowTask;
}

/** Some of the visits, whose day has come in the first test. */
const reminded = () => open.filter((_, index) => index % 32 === 0);

const startBySweep = async (untold: RuleChange) => {
  await client.workflow.start('ruleChangeWorkflow', ruleChangeStart(untold, taskQueue));
};
const log = { info: () => {}, warn: () => {}, error: () => {} };

describe('other reminder rules, with hundreds of visits to come', () => {
  it('are followed by each of them, exactly once, also where nobody started the telling', async () => {
    expect(await awaited()).toEqual({ 'reminder:two-days:v1': OPEN - 1 });
    const worker = await product.startWorker();
    const changed = await change('three-days', '3d');
    const startRuleChange = startBySweep;
    // Several workers sweep at once, and again before it is told.
    await Promise.all([1, 2, 3].map(() => sweepRuleChanges({ db, startRuleChange, log })));
    await hurry(changed);
    expect(await lifeOf(changed).result()).toEqual({ told: OPEN });
    expect(await isTold(changed)).toBe(true);
    await eventually('the new plans', async () => (await awaited())['reminder:three-days:v1'] === OPEN - 1, 60_000);
    expect(await awaited()).toEqual({ 'reminder:three-days:v1': OPEN - 1 });
    const told = await inTurns([...open, pending, cancelled], timesTold);
    expect(told).toEqual([...open.map(() => 1), 1, 0]);
    expect(await sweepRuleChanges({ db, startRuleChange, log })).toBe(0);

    await inTurns(reminded(), ({ workflowId, startsAt }) =>
      temporal.advance(workflowId, { to: Date.parse(startsAt) + HOUR }),
    );
    for (const { mobile } of reminded()) expect(await product.phone(mobile)).toHaveLength(1);
    // What is cut off between the hand-over and its record is judged again a minute later, whatever the rules are then.
    await inTurns(reminded(), (visit) => eventually('rest', () => isAtRest(visit)));
    await worker.stop();
  }, 240_000);

  it('are followed by each of them though the worker that tells is killed in the middle', async () => {
    const waiting = open.length - reminded().length;
    const { activities, death, bury } = dyingAfterAPage();
    const worker = await product.startWorker({ activities });
    const changed = await change('four-days', '4d');
    const { address, namespace } = temporal;
    expect(await startRuleChange(changed, { address, namespace, taskQueue })).toBe(true);
    const travelling = hurry(changed);
    await death;
    expect(await isTold(changed)).toBe(false);
    const stopping = worker.stop();
    bury();
    await stopping;

    const successor = await product.startWorker();
    await travelling;
    expect(await lifeOf(changed).result()).toEqual({ told: OPEN });
    expect(await isTold(changed)).toBe(true);
    await eventually('the new plans', async () => (await awaited())['reminder:four-days:v1'] === waiting, 60_000);
    expect(await awaited()).toEqual({ 'reminder:four-days:v1': waiting, none: reminded().length });
    for (const { mobile } of reminded()) expect(await product.phone(mobile)).toHaveLength(1);
    await successor.stop();
  }, 240_000);

  it('go on from where they were where the telling is continued as new', async () => {
    const worker = await product.startWorker();
    const changed = await change('five-days', '5d');
    const ids = await sql<{ id: AppointmentId }[]>`
      select id from appointments where clinic_id = ${clinicId} and status in ('pending', 'booked') order by id`;
    const after = ids[ids.length - 11]!.id;
    const start = ruleChangeStart(changed, taskQueue);
    const args: typeof start.args = [{ ...changed, progress: { told: 1_290, after } }];
    const handle = await client.workflow.start<typeof ruleChangeWorkflow>('ruleChangeWorkflow', { ...start, args });
    expect(await handle.result()).toEqual({ told: 1_300 });
    await eventually('the new plans', async () => ((await awaited())['reminder:five-days:v1'] ?? 0) > 0);
    const told = (await awaited())['reminder:five-days:v1'] ?? 0;
    expect(told).toBeLessThanOrEqual(10);
    const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toBe('1,300 of 1,300 told.');
    await worker.stop();
  });
});

it('is left to the sweep where Temporal does not answer', async () => {
  const change = { clinicId, ruleChangeId: open[0]!.id as never };
  expect(await startRuleChange(change, undefined)).toBe(false);
  expect(await startRuleChange(change, { address: '127.0.0.1:1', namespace: 'default', taskQueue })).toBe(false);
});

/** A worker that tells a page and dies before anybody learns of it. */
function dyingAfterAPage() {
  let die = (): void => {};
  let bury = (): void => {};
  const death = new Promise<void>((resolve) => (die = resolve));
  const burial = new Promise<void>((resolve) => (bury = resolve));
  const activities = (real: Activities): Activities => ({
    ...real,
    tellOpenAppointments: async (page) => {
      await real.tellOpenAppointments(page);
      die();
      await burial;
      throw ApplicationFailure.create({ type: 'CRASH', message: 'the process has died' });
    },
  });
  return { activities, death, bury: () => bury() };
}
