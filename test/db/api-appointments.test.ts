import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR } from '../../domain/interval.ts';
import { testApi } from '../support/api.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const { adminUrl, appUrl } = await testDatabase();
const { clinicId, staffKey, providerId, otherProviderId, patientId, otherPatientId, visitTypeId } =
  await addClinic(adminUrl);
const api = testApi(appUrl);
const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
afterAll(() => admin.end());

const first = Date.parse('2027-03-10T08:00Z');
const instant = (hours: number) => new Date(first + hours * HOUR).toISOString();

interface Visit {
  hours: number;
  status?: string;
  provider?: string;
  patient?: string;
}

async function addVisit({ hours, status = 'booked', provider = providerId, patient = patientId }: Visit) {
  const id = randomUUID();
  await admin`insert into appointments (clinic_id, id, status, patient_id, provider_id, visit_type_id, starts_at, ends_at,
      version, revision, plan, settled_at, created_at, updated_at)
    values (${clinicId}, ${id}, ${status}, ${patient}, ${provider}, ${visitTypeId}, ${instant(hours)}, ${instant(hours + 0.5)},
      1, 1, '[]', now(), now(), now())`;
  return id;
}

const ids: string[] = [];
beforeAll(async () => {
  const visits: Visit[] = [
    { hours: 0 },
    { hours: 1, status: 'cancelled' },
    { hours: 2, provider: otherProviderId },
    { hours: 3, patient: otherPatientId },
    { hours: 4, status: 'completed' },
  ];
  for (const visit of visits) ids.push(await addVisit(visit));
});

function ask(query: Record<string, string>) {
  return api.call(staffKey, 'GET', `/v1/appointments?${new URLSearchParams(query).toString()}`);
}

async function list(query: Record<string, string>) {
  const { status, body } = await ask(query);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as { items: { id: string }[]; nextCursor: string | null };
}

describe('appointments', () => {
  it.each([
    ['all of them', {}, [0, 1, 2, 3, 4]],
    ['those from an instant on, itself included', { from: instant(2) }, [2, 3, 4]],
    ['those before an instant, itself excluded', { to: instant(2) }, [0, 1]],
    ['those of a range', { from: instant(1), to: instant(3) }, [1, 2]],
    ['those of a provider', { providerId: otherProviderId }, [2]],
    ['those of a patient', { patientId: otherPatientId }, [3]],
    ['those in a status', { status: 'cancelled' }, [1]],
    ['those in one of two', { status: 'cancelled,completed' }, [1, 4]],
    ['those of which all this is so', { from: instant(1), providerId, status: 'booked' }, [3]],
  ])('are listed by their start: %s', async (_, query, expected) => {
    const { items, nextCursor } = await list(query);
    expect(items.map(({ id }) => ids.indexOf(id))).toEqual(expected);
    expect(nextCursor).toBeNull();
  });

  it.each([
    [{ status: 'gone' }, '/status/0'],
    [{ providerId: 'x' }, '/providerId'],
    [{ from: 'tomorrow' }, '/from'],
    [{ cursor: 'x' }, '/cursor'],
  ])('are not listed by %o', async (query, pointer) => {
    const { status, body } = await ask(query);
    expect([status, body.code, body.errors[0].pointer]).toEqual([422, 'VALIDATION_FAILED', pointer]);
  });

  it('come page by page, each once, also where several start together and others are made meanwhile', async () => {
    const day = 24 * 30;
    const together = await Promise.all([1, 2, 3, 4, 5].map(() => addVisit({ hours: day })));
    const last = await addVisit({ hours: day + 1 });
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await list({ from: instant(day), limit: '2', ...(cursor && { cursor }) });
      paged.push(...page.items.map(({ id }) => id));
      if (paged.length === 2) await addVisit({ hours: day - 1 });
      cursor = page.nextCursor;
    }
    expect(paged).toEqual([...together.toSorted(), last]);
  });
});
