import { MockActivityEnvironment } from '@temporalio/testing';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { DefaultLogger } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, describe, expect, it } from 'vitest';
import { type TellOpenAppointments, type ToldPage, ruleChangeActivities } from '../../activities/rule-change.ts';
import { inClinic, openDatabase } from '../../db/client.ts';
import { addRuleChange } from '../../db/commands/rule-changes/add.ts';
import { findUntoldRuleChanges } from '../../db/queries/untold-rule-changes.ts';
import { type AppointmentId, type RuleChangeId, appointmentWorkflowId, asId } from '../../domain/ids.ts';
import { ELAPSED_DAY } from '../../domain/interval.ts';
import { startSweep, sweepRuleChanges } from '../../worker/sweep.ts';
import { addClinic, type TestClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const { adminUrl, appUrl } = await testDatabase();
const db = openDatabase(appUrl, { connections: 2 });
const owner = openDatabase(adminUrl, { connections: 1 });
const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
afterAll(() => Promise.all([db.close(), owner.close(), sql.end()]));

const { tellOpenAppointments, markRuleChangeTold } = ruleChangeActivities(db);
const ruleChangeId = asId<RuleChangeId>(randomUUID());
const now = Date.UTC(2026, 10, 20);
const logger = new DefaultLogger('ERROR', () => {});

/** So many visits as their workflows would have left them; answers with their ids in order. */
async function addVisits(clinic: TestClinic, count: number, status = 'booked'): Promise<AppointmentId[]> {
  const ids = Array.from({ length: count }, () => asId<AppointmentId>(randomUUID())).toSorted();
  const start = new Date(now + ELAPSED_DAY);
  const confirmBy = status === 'pending' || status === 'held' ? start : null;
  await sql`insert into appointments (clinic_id, id, status, patient_id, provider_id, visit_type_id, starts_at, ends_at, confirm_by,
      version, revision, plan, settled_at, created_at, updated_at)
    select ${clinic.clinicId}, id, ${status}, ${clinic.patientId}, ${clinic.providerId}, ${clinic.visitTypeId}, ${start},
      ${new Date(now + ELAPSED_DAY + 1)}, ${confirmBy}::timestamptz, 1, 1, '[]', now(), now(), now()
    from unnest(${ids}::uuid[]) as id`;
  return ids;
}

/** Tells a page; answers who was told by the engine, and what was noted on the way. */
async function tell(
  clinic: TestClinic,
  after: AppointmentId | null,
  {
    heartbeatDetails,
    signal = async () => {},
  }: { heartbeatDetails?: string; signal?: (workflowId: string) => Promise<void> } = {},
) {
  const told: string[] = [];
  const notes: string[] = [];
  const getHandle = (workflowId: string) => ({
    signal: async (name: string, notice: unknown) => {
      expect([name, notice]).toEqual(['rulesChanged', { ruleChangeId }]);
      told.push(workflowId);
      await signal(workflowId);
    },
  });
  const withAbortSignal = <T>(_: AbortSignal, work: () => Promise<T>) => work();
  const client = { workflow: { getHandle }, withAbortSignal } as unknown as Client;
  const environment = new MockActivityEnvironment({ heartbeatDetails }, { client, logger });
  environment.on('heartbeat', (note: string) => void notes.push(note));
  const input = { clinicId: clinic.clinicId, ruleChangeId, after };
  const page = await environment.run<[TellOpenAppointments], ToldPage, typeof tellOpenAppointments>(
    tellOpenAppointments,
    input,
  );
  return { page, told: told.toSorted(), notes };
}

const lives = ({ clinicId }: TestClinic, ids: readonly AppointmentId[]) =>
  ids.map((id) => appointmentWorkflowId(clinicId, id));

describe('open appointments', () => {
  it('are told page by page, each once, and none but those of the clinic', async () => {
    const clinic = await addClinic(adminUrl);
    const ids = [...(await addVisits(clinic, 400)), ...(await addVisits(clinic, 30, 'pending'))].toSorted();
    for (const status of ['cancelled', 'completed', 'held']) await addVisits(clinic, 3, status);
    await addVisits(await addClinic(adminUrl), 3);

    const first = await tell(clinic, null);
    expect(first.page).toEqual({ told: 200, last: ids[199], left: 230 });
    expect(first.told).toEqual(lives(clinic, ids.slice(0, 200)));
    const second = await tell(clinic, first.page.last);
    expect(second.page).toEqual({ told: 200, last: ids[399], left: 30 });
    const third = await tell(clinic, second.page.last);
    expect(third.page).toEqual({ told: 30, last: ids[429], left: 0 });
    expect([...first.told, ...second.told, ...third.told]).toEqual(lives(clinic, ids));
    expect((await tell(clinic, third.page.last)).page).toEqual({ told: 0, last: null, left: 0 });
  });

  it('that were told by a worker which died are not told again where it had noted so', async () => {
    const clinic = await addClinic(adminUrl);
    const ids = await addVisits(clinic, 50);
    const whole = await tell(clinic, null);
    expect(whole.notes).toEqual([9, 19, 29, 39, 49].map((index) => ids[index]));
    const rest = await tell(clinic, null, { heartbeatDetails: whole.notes[2]! });
    expect(rest.told).toEqual(lives(clinic, ids.slice(30)));
    expect(rest.page).toEqual(whole.page);
  });

  it('that have ended meanwhile hold up nobody, anything else is tried again', async () => {
    const clinic = await addClinic(adminUrl);
    await addVisits(clinic, 3);
    const gone = await tell(clinic, null, {
      signal: (workflowId) => Promise.reject(new WorkflowNotFoundError('gone', workflowId, undefined)),
    });
    expect(gone.page.told).toBe(3);
    const away = tell(clinic, null, { signal: () => Promise.reject(new Error('Temporal is away')) });
    await expect(away).rejects.toThrow('Temporal is away');
  });
});

describe('a change of the reminder rules', () => {
  const log = { info: () => {}, warn: () => {}, error: () => {} };

  it('is found until it is told, and stays told as it was the first time', async () => {
    const { clinicId } = await addClinic(adminUrl);
    const change = await inClinic(owner, clinicId, (tx) => addRuleChange(tx, clinicId, now));
    const found = async () => (await findUntoldRuleChanges(db, 100)).filter((one) => one.clinicId === clinicId);
    expect(await found()).toEqual([{ clinicId, ruleChangeId: change }]);
    await markRuleChangeTold({ clinicId, ruleChangeId: change, now });
    await markRuleChangeTold({ clinicId, ruleChangeId: change, now: now + 1 });
    expect(await found()).toEqual([]);
    const [row] = await sql`select told_at from rule_changes where id = ${change}`;
    expect(row).toEqual({ told_at: new Date(now) });
  });

  it('cannot be marked by another clinic', async () => {
    const { clinicId } = await addClinic(adminUrl);
    const stranger = await addClinic(adminUrl);
    const change = await inClinic(owner, clinicId, (tx) => addRuleChange(tx, clinicId, now));
    await markRuleChangeTold({ clinicId: stranger.clinicId, ruleChangeId: change, now });
    expect(await findUntoldRuleChanges(db, 100)).toContainEqual({ clinicId, ruleChangeId: change });
  });

  it('is started by the sweep, whatever becomes of another', async () => {
    const { clinicId } = await addClinic(adminUrl);
    const changes = [
      await inClinic(owner, clinicId, (tx) => addRuleChange(tx, clinicId, now)),
      await inClinic(owner, clinicId, (tx) => addRuleChange(tx, clinicId, now + 1)),
    ];
    const tried: string[] = [];
    const startRuleChange = (change: { clinicId: string; ruleChangeId: string }) => {
      if (change.clinicId === clinicId) tried.push(change.ruleChangeId);
      return Promise.reject(new Error('Temporal is away'));
    };
    await sweepRuleChanges({ db, startRuleChange, log });
    expect(tried).toEqual(changes);
    const tellOpening = async () => {};
    const sweep = startSweep({ db, log, now: () => now, startInbound: async () => {}, startRuleChange, tellOpening });
    await expect.poll(() => tried.length).toBe(4);
    await sweep.stop();
  });
});
