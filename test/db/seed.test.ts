import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, expect, it } from 'vitest';
import { actors } from '../../domain/appointment.ts';
import { readMobile } from '../../domain/phone.ts';
import { seed } from '../../scripts/seed.ts';
import { testApi } from '../support/api.ts';
import { testDatabase } from '../support/database.ts';

const { adminUrl, appUrl } = await testDatabase();
await seed(adminUrl);
const api = testApi(appUrl);
const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
afterAll(() => admin.end());

const tables =
  'clinics senders api_keys visit_types providers provider_hours provider_exceptions provider_visit_types patients'.split(
    ' ',
  );

async function everything(): Promise<unknown[]> {
  return Promise.all(tables.map((table) => admin`select * from ${admin(table)} order by 1, 2, 3`));
}

it('changes nothing a second time, and nothing that people have changed', async () => {
  await admin`update visit_types set duration_minutes = 35 where names->>'en' = 'Check-up'`;
  await admin`delete from provider_hours where weekday = 1`;
  const before = await everything();
  await seed(adminUrl);
  expect(await everything()).toEqual(before);
});

it('has the clinics, ids and numbers that everybody may rely on', async () => {
  const clinics = await admin`
    select slug, name, time_zone as zone, languages, clinic_id as id, senders.address as sender
    from clinics join senders using (clinic_id) where channel = 'sms' order by slug`;
  expect(clinics).toEqual([
    {
      slug: 'kallio',
      name: 'Kallion hammashoitola',
      zone: 'Europe/Helsinki',
      languages: ['fi', 'sv', 'en'],
      id: '6b616c6c-696f-4000-8000-000000000001',
      sender: '+358401000001',
    },
    {
      slug: 'markt',
      name: 'Praxis am Markt',
      zone: 'Europe/Berlin',
      languages: ['de', 'en'],
      id: '6d61726b-7400-4000-8000-000000000001',
      sender: '+4915110000001',
    },
  ]);
});

it('holds the keys as digests only', async () => {
  expect(JSON.stringify(await admin`select digest from api_keys`)).not.toContain('vk_test');
  for (const key of ['vk_test_kallio_staff', 'vk_test_kallio_web', 'vk_test_markt_staff']) {
    expect((await api.call(key, 'GET', '/v1/visit-types')).status).toBe(200);
  }
  expect((await api.call('vk_test_kallio_web', 'GET', '/v1/tasks')).status).toBe(403);
});

it.each([
  ['vk_test_kallio_staff', ['patient', 'guardian', 'staff', 'office']],
  ['vk_test_kallio_web', ['patient', 'guardian']],
])('has a key %s that speaks for %j alone', async (key, speaksFor) => {
  const heard = await Promise.all(
    actors.map(async (actor) => {
      const path = `/v1/appointments/${randomUUID()}/confirm`;
      return [actor, (await api.call(key, 'POST', path, { actor })).body.code];
    }),
  );
  const expected = actors.map((actor) => [actor, speaksFor.includes(actor) ? 'NOT_FOUND' : 'FORBIDDEN']);
  expect(heard).toEqual(expected);
});

it('has free times at both clinics, a type that patients cannot cancel, and numbers that can be texted', async () => {
  for (const key of ['vk_test_kallio_staff', 'vk_test_markt_staff']) {
    const { body } = await api.call(key, 'GET', '/v1/visit-types');
    const locks = body.items.map((type: { selfService: { cancel: string } }) => type.selfService.cancel);
    expect(new Set(locks)).toEqual(new Set(['allowed', 'staffOnly']));
    for (const { id } of body.items) {
      const free = await api.call(key, 'GET', `/v1/availability?visitTypeId=${id}&limit=1`);
      expect(free.body.slots).toHaveLength(1);
    }
  }
  for (const { mobile } of await admin`select mobile from patients`) {
    expect(readMobile(mobile as string, 'FI')).toEqual({ number: mobile });
  }
});
