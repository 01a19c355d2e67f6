import postgres from 'postgres';
import { afterAll, expect, it } from 'vitest';
import { testApi } from '../support/api.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const { adminUrl, appUrl } = await testDatabase();
const { clinicId, webKey, providerId, otherProviderId, visitTypeId, lockedVisitTypeId } = await addClinic(adminUrl);
const api = testApi(appUrl);
const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
afterAll(() => admin.end());

type Item = Record<string, unknown> & { id: string };

async function items(path: string): Promise<Item[]> {
  const { body } = await api.call(webKey, 'GET', path);
  expect(body.nextCursor).toBeNull();
  return byId(body.items as Item[]);
}

const byId = (all: Item[]) => all.toSorted((a, b) => (a.id < b.id ? -1 : 1));

it('visit types are shown with all that a booking page needs, and with no rule of the clinic besides', async () => {
  await admin`update visit_types set names = '{"fi": "Tarkastus", "en": "Check-up"}', buffer_after_minutes = 10, may_backfill = true
    where clinic_id = ${clinicId} and id = ${visitTypeId}`;
  await admin`update visit_types set may_backfill = false where clinic_id = ${clinicId} and id = ${lockedVisitTypeId}`;
  const usual = { bufferBeforeMinutes: 0, gridMinutes: 15, minimumNoticeMinutes: 120, horizonDays: 180 };
  expect(await items('/v1/visit-types')).toEqual(
    byId([
      {
        id: visitTypeId,
        ...usual,
        names: { fi: 'Tarkastus', en: 'Check-up' },
        durationMinutes: 30,
        bufferAfterMinutes: 10,
        selfService: { cancel: 'allowed', move: 'allowed' },
        backfill: true,
      },
      {
        id: lockedVisitTypeId,
        ...usual,
        names: { en: 'Locked visit' },
        durationMinutes: 45,
        bufferAfterMinutes: 0,
        selfService: { cancel: 'staffOnly', move: 'staffOnly' },
        backfill: false,
      },
    ]),
  );
});

it('providers are shown with their weekly hours and what they offer', async () => {
  await admin`delete from provider_hours where clinic_id = ${clinicId} and provider_id = ${providerId} and weekday > 1`;
  await admin`delete from provider_visit_types
    where clinic_id = ${clinicId} and provider_id = ${providerId} and visit_type_id = ${lockedVisitTypeId}`;
  const open = (weekday: number) => ({ weekday, opensAt: '08:00', closesAt: '20:00' });
  const every = [1, 2, 3, 4, 5, 6, 7].map(open);
  const both = [visitTypeId, lockedVisitTypeId].toSorted();
  const shown = await items('/v1/providers');
  expect(shown.map((item) => ({ ...item, visitTypeIds: (item['visitTypeIds'] as string[]).toSorted() }))).toEqual(
    byId([
      { id: providerId, name: 'Room', visitTypeIds: [visitTypeId], hours: [open(1)] },
      { id: otherProviderId, name: 'Room', visitTypeIds: both, hours: every },
    ]),
  );
});
