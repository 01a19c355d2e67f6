import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { MINUTE } from '../../domain/interval.ts';
import { testApi } from '../support/api.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const { adminUrl, appUrl } = await testDatabase();
const clinic = await addClinic(adminUrl);
const api = testApi(appUrl);

function book(patientId: string, startsAt: number) {
  const { visitTypeId, providerId } = clinic;
  const body = { mode: 'book', actor: 'staff', patientId, visitTypeId, providerId, startsAt: new Date(startsAt) };
  return api.call(clinic.staffKey, 'POST', '/v1/appointments', body, { 'idempotency-key': randomUUID() });
}

it.each([
  ['noShow', 'no-show', '2027-03-10T10:00Z'],
  ['completed', 'complete', '2027-03-11T10:00Z'],
])(
  'a visit that ends as %s before its time is over leaves the rest to a walk-in, and opens nothing',
  async (...visit) => {
    const [status, action, start] = visit;
    const startsAt = Date.parse(start);
    api.clock.at = startsAt - 60 * MINUTE;
    const { body } = await book(clinic.patientId, startsAt);
    api.clock.at = startsAt + 5 * MINUTE;
    expect((await book(clinic.otherPatientId, startsAt + 10 * MINUTE)).body.code).toBe('SLOT_TAKEN');
    const ended = await api.call(clinic.staffKey, 'POST', `/v1/appointments/${body.id}/${action}`, { actor: 'staff' });
    expect(ended.body).toMatchObject({ status });
    expect((await book(clinic.otherPatientId, startsAt + 10 * MINUTE)).status).toBe(201);
    expect((await api.call(clinic.staffKey, 'GET', '/v1/openings')).body.items).toEqual([]);
  },
);
