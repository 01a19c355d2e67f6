import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, describe, expect, it } from 'vitest';
import { testApi } from '../support/api.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const { adminUrl, appUrl } = await testDatabase();
const mine = await addClinic(adminUrl);
const theirs = await addClinic(adminUrl);
const api = testApi(appUrl);
const app = postgres(appUrl, { max: 1, onnotice: () => {} });
const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
afterAll(() => Promise.all([app.end(), admin.end()]));

const { patientId, visitTypeId, providerId } = mine;
const startsAt = new Date(Math.floor(Date.now() / 86_400_000 + 9.5) * 86_400_000 + 36_000_000).toISOString();
const body = { mode: 'book', actor: 'staff', patientId, visitTypeId, providerId, startsAt };
const { body: appointment } = await api.call(mine.staffKey, 'POST', '/v1/appointments', body, {
  'idempotency-key': randomUUID(),
});
const taskId = randomUUID();
await admin`insert into tasks (clinic_id, id, kind, status, dedupe_key, patient_id, detail, created_at)
  values (${mine.clinicId}, ${taskId}, 'inboundText', 'open', 'x', ${patientId}, '{}', now())`;

const action = { actor: 'staff', reason: 'because' };
const routes: [string, string, (id: string) => string, unknown, string][] = [
  ['an appointment', 'GET', (id) => `/v1/appointments/${id}`, undefined, appointment.id],
  ['its timeline', 'GET', (id) => `/v1/appointments/${id}/timeline`, undefined, appointment.id],
  ['confirming it', 'POST', (id) => `/v1/appointments/${id}/confirm`, action, appointment.id],
  ['cancelling it', 'POST', (id) => `/v1/appointments/${id}/cancel`, action, appointment.id],
  ['completing it', 'POST', (id) => `/v1/appointments/${id}/complete`, action, appointment.id],
  ['its no-show', 'POST', (id) => `/v1/appointments/${id}/no-show`, action, appointment.id],
  [
    'extending it',
    'POST',
    (id) => `/v1/appointments/${id}/extend`,
    { actor: 'staff', confirmBy: startsAt },
    appointment.id,
  ],
  ['moving it', 'POST', (id) => `/v1/appointments/${id}/move`, { ...action, startsAt }, appointment.id],
  ['copying it', 'POST', (id) => `/v1/appointments/${id}/copy`, { startsAt }, appointment.id],
  ['its alternatives', 'GET', (id) => `/v1/appointments/${id}/alternatives`, undefined, appointment.id],
  ['a patient', 'GET', (id) => `/v1/patients/${id}`, undefined, patientId],
  ['changing a patient', 'PATCH', (id) => `/v1/patients/${id}`, { lastName: 'Other' }, patientId],
  ['resolving a task', 'POST', (id) => `/v1/tasks/${id}/resolve`, undefined, taskId],
  ['availability by visit type', 'GET', (id) => `/v1/availability?visitTypeId=${id}`, undefined, visitTypeId],
];

describe('another clinic', () => {
  it.each(routes)(
    'gets the same 404 for %s as for none, and for what is no id',
    async (what, method, path, sent, id) => {
      const call = (which: string) =>
        api.call(theirs.staffKey, method, path(which), sent, { 'idempotency-key': randomUUID() });
      const strangers = await call(id);
      const nobodys = await call(randomUUID());
      expect(strangers.status).toBe(404);
      expect([nobodys.status, nobodys.body]).toEqual([404, strangers.body]);
      if (what === 'availability by visit type') return;
      const malformed = await call('17');
      expect([malformed.status, malformed.body]).toEqual([404, strangers.body]);
    },
  );

  it('sees nothing of it in lists and searches', async () => {
    for (const path of [
      '/v1/appointments',
      `/v1/appointments?patientId=${patientId}`,
      `/v1/messages?appointmentId=${appointment.id}`,
      `/v1/messages?patientId=${patientId}`,
      '/v1/tasks',
    ]) {
      const answer = await api.call(theirs.staffKey, 'GET', path);
      expect({ path, ...answer }).toMatchObject({ path, status: 200, body: { items: [] } });
    }
    const search = await api.call(theirs.staffKey, 'POST', '/v1/patients/search', { query: mine.mobile });
    expect(search.body.items).toEqual([]);
    const providers = await api.call(theirs.staffKey, 'GET', '/v1/providers');
    expect(providers.body.items.map(({ id }: { id: string }) => id)).not.toContain(providerId);
  });

  it("cannot book for this clinic's patient, at its provider, or with its visit type", async () => {
    const foreign = await api.call(theirs.staffKey, 'POST', '/v1/appointments', body, {
      'idempotency-key': randomUUID(),
    });
    expect(foreign.status).toBe(422);
    expect(foreign.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/patientId',
      '/visitTypeId',
      '/providerId',
    ]);
  });

  it('is what nobody is without a valid key', async () => {
    for (const authorization of ['', 'Bearer', 'Bearer vk_test_unknown', `Basic ${mine.staffKey}`, mine.staffKey]) {
      const answer = await api.request('/v1/appointments', { headers: { authorization } });
      const asked = answer.headers.get('www-authenticate');
      expect([authorization, answer.status, asked]).toEqual([authorization, 401, 'Bearer']);
    }
    await admin`update api_keys set revoked_at = now() where clinic_id = ${theirs.clinicId} and 'staff' <> all (scopes)`;
    expect((await api.call(theirs.webKey, 'GET', '/v1/visit-types')).status).toBe(401);
  });
});

describe('the app role', () => {
  it('reads no row of any table until the transaction has set its clinic', async () => {
    const tables = await admin`select c.relname as name from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'clinic_id'
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname <> 'api_keys'`;
    expect(tables.length).toBeGreaterThan(15);
    for (const { name } of tables) {
      const [row] = await app`select count(*)::int as n from ${app(name as string)}`;
      expect({ name, rows: row?.['n'] }).toEqual({ name, rows: 0 });
    }
    await expect(app`select * from api_keys`).rejects.toThrow('permission denied');
  });

  it('sees only its own clinic within one, and nothing again after it', async () => {
    const seen = await app.begin(async (tx) => {
      await tx`select set_config('app.clinic', ${theirs.clinicId}, true)`;
      return tx`select distinct clinic_id from patients`;
    });
    expect(seen.map((row) => row['clinic_id'])).toEqual([theirs.clinicId]);
    expect(await app`select * from patients`).toHaveLength(0);
  });

  it('cannot write a row of another clinic', async () => {
    const writing = app.begin(async (tx) => {
      await tx`select set_config('app.clinic', ${theirs.clinicId}, true)`;
      await tx`insert into patients (clinic_id, id, first_name, last_name, created_at, updated_at)
        values (${mine.clinicId}, ${randomUUID()}, 'A', 'B', now(), now())`;
    });
    await expect(writing).rejects.toThrow('row-level security');
  });

  it.each(['audit_entries', 'requests', 'message_events'])(
    'can neither change nor remove what stands in %s',
    async (table) => {
      const as = (statement: (tx: postgres.TransactionSql) => Promise<unknown>) =>
        app.begin(async (tx) => {
          await tx`select set_config('app.clinic', ${mine.clinicId}, true)`;
          await statement(tx);
        });
      await expect(as((tx) => tx`update ${tx(table)} set clinic_id = clinic_id`)).rejects.toThrow('permission denied');
      await expect(as((tx) => tx`delete from ${tx(table)}`)).rejects.toThrow('permission denied');
    },
  );
});
