import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type Answer, testApi } from '../support/api.ts';
import { type TestClinic, addClinic } from '../support/clinic.ts';
import { addCrowd } from '../support/crowd.ts';
import { testDatabase } from '../support/database.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;
const { adminUrl, appUrl } = await testDatabase();
const clinic = await addClinic(adminUrl);
const sql = postgres(adminUrl, { max: 4, onnotice: () => {} });
const crowd = await addCrowd(sql, clinic, 200);
const api = testApi(appUrl);
afterAll(() => sql.end());

let days = 5;
/** Noon of a day of which nothing is reserved. */
function freshDay(): number {
  return Math.floor(Date.now() / DAY) * DAY + DAY / 2 + days++ * DAY;
}

const iso = (instant: number) => new Date(instant).toISOString();

async function book(startsAt: number, changes: Record<string, unknown> = {}, at: TestClinic = clinic) {
  const { patientId, visitTypeId, providerId } = at;
  const body = {
    mode: 'book',
    actor: 'staff',
    patientId,
    visitTypeId,
    providerId,
    startsAt: iso(startsAt),
    ...changes,
  };
  const answer = await api.call(at.staffKey, 'POST', '/v1/appointments', body, { 'idempotency-key': randomUUID() });
  expect([answer.status, answer.body.code]).toEqual([201, undefined]);
  return answer.body;
}

function move(id: string, startsAt: number, changes: Record<string, unknown> = {}, as = clinic.staffKey) {
  const body = { actor: 'staff', startsAt: iso(startsAt), ...changes };
  return api.call(as, 'POST', `/v1/appointments/${id}/move`, body);
}

async function asItIs(id: string) {
  return (await api.call(clinic.staffKey, 'GET', `/v1/appointments/${id}`)).body;
}

async function timesOf(id: string): Promise<string[]> {
  const rows = await sql<{ start: Date; provider: string }[]>`
    select lower(during) as start, provider_id as provider from occupancies where owner_id = ${id} order by 1`;
  return rows.map(({ start, provider }) => `${start.toISOString()} ${provider}`);
}

const brief = ({ status, body }: Answer) => [status, body.code ?? body.status];
const { providerId, otherProviderId, patientId, otherPatientId } = clinic;

describe('a move', () => {
  it('keeps the id, raises the version, and leaves exactly the new time taken', async () => {
    const day = freshDay();
    const visit = await book(day);
    const moved = await move(visit.id, day + 2 * HOUR, { providerId: otherProviderId });
    expect(moved.status).toBe(200);
    expect(moved.body).toMatchObject({
      id: visit.id,
      status: 'booked',
      version: 2,
      revision: 2,
      providerId: otherProviderId,
      workflowId: visit.workflowId,
    });
    expect(Date.parse(moved.body.startsAt)).toBe(day + 2 * HOUR);
    expect(Date.parse(moved.body.cancelUntil)).toBe(day - 22 * HOUR);
    expect(await asItIs(visit.id)).toEqual(moved.body);
    expect(await timesOf(visit.id)).toEqual([`${iso(day + 2 * HOUR)} ${otherProviderId}`]);
    await book(day, { patientId: otherPatientId });
  });

  it('goes onto a time that overlaps its own', async () => {
    const day = freshDay();
    const visit = await book(day);
    expect((await move(visit.id, day + 15 * MINUTE)).status).toBe(200);
    expect(await timesOf(visit.id)).toEqual([`${iso(day + 15 * MINUTE)} ${providerId}`]);
  });

  it('keeps its length, also where its type has got another one', async () => {
    const own = await addClinic(adminUrl);
    const day = freshDay();
    const visit = await book(day, {}, own);
    await sql`update visit_types set duration_minutes = 50 where id = ${own.visitTypeId}`;
    const moved = await move(visit.id, day + HOUR, {}, own.staffKey);
    expect(Date.parse(moved.body.endsAt) - Date.parse(moved.body.startsAt)).toBe(30 * MINUTE);
    const path = `/v1/appointments/${visit.id}/alternatives`;
    const { slots } = (await api.call(own.staffKey, 'GET', path)).body;
    const lengths = slots.map((slot: Slot) => Date.parse(slot.endsAt) - Date.parse(slot.startsAt));
    expect(new Set(lengths)).toEqual(new Set([30 * MINUTE]));
  });

  it('onto a taken or a held time is refused with free ones nearby, and changes nothing', async () => {
    const day = freshDay();
    const visit = await book(day);
    await book(day + HOUR, { patientId: otherPatientId });
    await book(day + 2 * HOUR, { mode: 'hold', patientId: undefined, holder: 'h' });
    for (const wanted of [day + HOUR, day + HOUR + 15 * MINUTE, day + 2 * HOUR]) {
      const refused = await move(visit.id, wanted);
      expect(brief(refused)).toEqual([409, 'SLOT_TAKEN']);
      expect(refused.body.alternatives).toHaveLength(5);
      expect(refused.body.alternatives).not.toContainEqual(
        expect.objectContaining({ startsAt: visit.startsAt, providerId }),
      );
    }
    expect(await asItIs(visit.id)).toEqual(visit);
    expect(await timesOf(visit.id)).toEqual([`${iso(day)} ${providerId}`]);
  });

  it('takes a time over a lease that has lapsed', async () => {
    const day = freshDay();
    const visit = await book(day);
    await sql`insert into occupancies (clinic_id, provider_id, owner_id, during, leased_until) values (${clinic.clinicId},
      ${providerId}, ${randomUUID()}, tstzrange(${new Date(day + HOUR)}, ${new Date(day + 2 * HOUR)}), now() - interval '1 second')`;
    expect((await move(visit.id, day + HOUR)).status).toBe(200);
  });

  it.each([
    ['into the past', { startsAt: iso(Date.now() - HOUR) }, 422, 'VALIDATION_FAILED', '/startsAt'],
    ['to an unknown provider', { providerId: randomUUID() }, 422, 'VALIDATION_FAILED', '/providerId'],
    ['without a time', { startsAt: undefined }, 422, 'VALIDATION_FAILED', '/startsAt'],
    [
      'by a patient off the grid',
      { actor: 'patient', startsAt: iso(freshDay() + MINUTE) },
      422,
      'NOT_BOOKABLE',
      '/startsAt',
    ],
    [
      'by a patient at night',
      { actor: 'patient', startsAt: iso(freshDay() + 12 * HOUR) },
      422,
      'NOT_BOOKABLE',
      '/startsAt',
    ],
    ['by a patient, untold', { actor: 'patient', notify: false }, 422, 'VALIDATION_FAILED', '/notify'],
    ['by the office, without reminders', { actor: 'office', remind: false }, 422, 'VALIDATION_FAILED', '/remind'],
    ['by a patient, unoffered', { actor: 'patient', offer: false }, 422, 'VALIDATION_FAILED', '/offer'],
  ])('%s is refused, and changes nothing', async (_how, changes, status, code, pointer) => {
    const day = freshDay();
    const visit = await book(day);
    const refused = await move(visit.id, day + HOUR, changes);
    expect([...brief(refused), refused.body.errors?.[0]?.pointer]).toEqual([status, code, pointer]);
    expect(await asItIs(visit.id)).toEqual(visit);
  });

  it('onto another visit of the patient is refused, unless staff allow the overlap', async () => {
    const day = freshDay();
    const visit = await book(day);
    await book(day + HOUR, { providerId: otherProviderId });
    expect(brief(await move(visit.id, day + HOUR))).toEqual([409, 'PATIENT_OVERLAP']);
    expect((await move(visit.id, day + HOUR, { allowPatientOverlap: true })).status).toBe(200);
  });

  it('of another clinic’s appointment, or to its provider, finds nothing', async () => {
    const stranger = await addClinic(adminUrl);
    const visit = await book(freshDay());
    expect(brief(await move(visit.id, freshDay(), {}, stranger.staffKey))).toEqual([404, 'NOT_FOUND']);
    const abroad = await move(visit.id, freshDay(), { providerId: stranger.providerId });
    expect(brief(abroad)).toEqual([422, 'VALIDATION_FAILED']);
    const path = `/v1/appointments/${visit.id}/alternatives`;
    expect((await api.call(stranger.staffKey, 'GET', path)).status).toBe(404);
  });

  it('to one time by two hundred at once lets one have it, and leaves the others where they were', async () => {
    const from = freshDay();
    days += 7;
    const to = freshDay();
    const visits = await Promise.all(
      crowd.map((member, index) => book(from + index * 45 * MINUTE, { patientId: member.patientId })),
    );
    const answers = await Promise.all(visits.map(({ id }) => move(id, to)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'SLOT_TAKEN')).toHaveLength(199);
    const after = await Promise.all(visits.map(({ id }) => timesOf(id)));
    const expected = visits.map((visit, index) => (answers[index]?.status === 200 ? to : Date.parse(visit.startsAt)));
    expect(after).toEqual(expected.map((at) => [`${iso(at)} ${providerId}`]));
  });

  it('of two visits that would swap, at once, changes neither', async () => {
    const day = freshDay();
    const [one, other] = [await book(day), await book(day + HOUR, { patientId: otherPatientId })];
    const answers = await Promise.all([move(one.id, day + HOUR), move(other.id, day)]);
    expect(answers.map(brief)).toEqual([
      [409, 'SLOT_TAKEN'],
      [409, 'SLOT_TAKEN'],
    ]);
    expect([await asItIs(one.id), await asItIs(other.id)]).toEqual([one, other]);
  });

  it('and a booking of one time at once leave it to one of them', async () => {
    for (let round = 0; round < 20; round++) {
      const [from, to] = [freshDay(), freshDay()];
      const visit = await book(from);
      const body = {
        mode: 'book',
        actor: 'staff',
        patientId: otherPatientId,
        visitTypeId: clinic.visitTypeId,
        providerId,
      };
      const key = { 'idempotency-key': randomUUID() };
      const [moved, booked] = await Promise.all([
        move(visit.id, to),
        api.call(clinic.staffKey, 'POST', '/v1/appointments', { ...body, startsAt: iso(to) }, key),
      ]);
      expect(['200 409', '409 201']).toContain(`${moved.status} ${booked.status}`);
      const rows = await sql`select from occupancies where lower(during) = ${iso(to)} and provider_id = ${providerId}`;
      expect(rows).toHaveLength(1);
    }
  });
});

interface Slot {
  providerId: string;
  startsAt: string;
  endsAt: string;
}

describe('the times to move to', () => {
  async function alternatives(id: string, query: string, as = clinic.staffKey): Promise<Slot[]> {
    const { status, body } = await api.call(as, 'GET', `/v1/appointments/${id}/alternatives?${query}`);
    expect(status).toBe(200);
    return body.slots;
  }

  it('are all free ones of its length, but its own; also those that overlap its own', async () => {
    const day = freshDay();
    const visit = await book(day);
    const query = `providerId=${providerId}&from=${iso(day - HOUR / 2)}&to=${iso(day + HOUR)}`;
    const starts = (await alternatives(visit.id, query)).map((slot) => (Date.parse(slot.startsAt) - day) / MINUTE);
    expect(starts).toEqual([-30, -15, 15, 30, 45]);
    for (const start of starts) expect((await move(visit.id, day + start * MINUTE)).status).toBe(200);
  });

  it('are those of every provider who offers the type, by pages, in one stable order', async () => {
    const day = freshDay();
    const visit = await book(day);
    const query = `from=${iso(day)}&to=${iso(day + HOUR)}`;
    const all = await alternatives(visit.id, query);
    expect(all).toHaveLength(7);
    expect(new Set(all.map((slot) => slot.providerId)).size).toBe(2);
    const paged: Slot[] = [];
    let cursor = '';
    do {
      const path = `/v1/appointments/${visit.id}/alternatives?${query}&limit=2${cursor && `&cursor=${cursor}`}`;
      const { body } = await api.call(clinic.staffKey, 'GET', path);
      expect(body.slots.length).toBeLessThanOrEqual(2);
      paged.push(...body.slots);
      cursor = body.nextCursor ?? '';
    } while (cursor);
    expect(paged).toEqual(all);
  });

  it('are none at which the patient has another visit', async () => {
    const day = freshDay();
    const visit = await book(day);
    await book(day + HOUR, { providerId: otherProviderId });
    const query = `providerId=${providerId}&from=${iso(day + HOUR / 2)}&to=${iso(day + 2 * HOUR)}`;
    const starts = (await alternatives(visit.id, query)).map((slot) => (Date.parse(slot.startsAt) - day) / MINUTE);
    expect(starts).toEqual([30, 90, 105]);
  });

  it('keep notice and horizon for patients only', async () => {
    const visit = await book(freshDay(), { visitTypeId: clinic.lockedVisitTypeId });
    const far = `from=${iso(Date.now() + 190 * DAY)}&to=${iso(Date.now() + 195 * DAY)}`;
    expect((await alternatives(visit.id, far)).length).toBeGreaterThan(0);
    expect(await alternatives(visit.id, `${far}&actor=patient`)).toEqual([]);
    expect(await alternatives(visit.id, far, clinic.webKey)).toEqual([]);
  });
});

describe('a copy', () => {
  function copy(id: string, body: unknown, headers = { 'idempotency-key': randomUUID() }, as = clinic.staffKey) {
    return api.call(as, 'POST', `/v1/appointments/${id}/copy`, body, headers);
  }

  it('is a new visit of the same patient and type, from any status, without reminders unless they are asked for', async () => {
    const [day, next, third] = [freshDay(), freshDay(), freshDay()];
    const visit = await book(day);
    await api.call(clinic.staffKey, 'POST', `/v1/appointments/${visit.id}/cancel`, { actor: 'staff' });
    const made = await copy(visit.id, { startsAt: iso(next) });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      status: 'booked',
      patientId,
      providerId,
      visitTypeId: clinic.visitTypeId,
      version: 1,
    });
    expect(made.body.id).not.toBe(visit.id);
    const reminded = await copy(made.body.id, { startsAt: iso(third), providerId: otherProviderId, remind: true });
    const planned = async (id: string) =>
      (await api.call(clinic.staffKey, 'GET', `/v1/appointments/${id}/timeline`)).body.planned.map(
        ({ what, kind }: { what: string; kind?: string }) => kind ?? what,
      );
    expect(await planned(made.body.id)).not.toContain('reminder');
    expect(await planned(reminded.body.id)).toContain('reminder');
  });

  it('is one for one key, needs a key, a free time, and staff', async () => {
    const [day, next] = [freshDay(), freshDay()];
    const visit = await book(day);
    const key = { 'idempotency-key': randomUUID() };
    const answers = await Promise.all([1, 2, 3, 4].map(() => copy(visit.id, { startsAt: iso(next) }, key)));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(brief(await copy(visit.id, { startsAt: iso(next) }, {} as never))).toEqual([
      400,
      'IDEMPOTENCY_KEY_REQUIRED',
    ]);
    const taken = await copy(visit.id, { startsAt: iso(next) });
    expect([...brief(taken), taken.body.alternatives.length]).toEqual([409, 'SLOT_TAKEN', 5]);
    expect(brief(await copy(visit.id, { startsAt: iso(freshDay()) }, key, clinic.webKey))).toEqual([403, 'FORBIDDEN']);
    expect(brief(await copy(randomUUID(), { startsAt: iso(freshDay()) }))).toEqual([404, 'NOT_FOUND']);
  });
});

describe('a change before the word of the last move has left', () => {
  afterEach(() => {
    api.clock.at = undefined;
  });

  /** What the patient is told of the visit now, and which start they are taken to know. */
  async function noticeOf(id: string) {
    const [row] = await sql<{ plan: { kind: string; previousStartsAt?: number }[] }[]>`
      select plan from appointments where id = ${id}`;
    const { kind, previousStartsAt } = row!.plan[0]!;
    return [kind, previousStartsAt ?? null];
  }

  /** The carrier's answers to the tries at the notice of the first move. */
  async function tried(id: string, outcomes: readonly (string | null)[]): Promise<void> {
    const [notification, message] = [randomUUID(), randomUUID()];
    const { clinicId, sender } = clinic;
    await sql`insert into notifications (clinic_id, id, kind, dedupe_key, status, created_at)
      values (${clinicId}, ${notification}, 'moved', ${`${id}:moved:v2`}, 'sending', now())`;
    await sql`insert into messages (clinic_id, id, notification_id, patient_id, channel, transport, sender, recipient, language,
        body, segments, status, created_at, status_at)
      values (${clinicId}, ${message}, ${notification}, ${patientId}, 'sms', 'twilio', ${sender}, '+358405550001', 'en', '', 1,
        'sending', now(), now())`;
    for (const [index, outcome] of outcomes.entries()) {
      await sql`insert into message_attempts (clinic_id, message_id, number, body_digest, outcome, started_at)
        values (${clinicId}, ${message}, ${index + 1}, '', ${outcome}, now())`;
    }
  }

  it.each<[string, readonly (string | null)[], isTold: boolean]>([
    ['was turned away by the carrier', ['busy', 'busy'], false],
    ['was refused by the carrier', ['rejected'], false],
    ['was looked for at the carrier in vain', ['notFound'], false],
    ['was superseded before its first try', [], false],
    ['has left after all', ['busy', 'accepted'], true],
    ['may have left', ['unknown'], true],
    ['is on its way', [null], true],
  ])('names the time that the patient knows, where that word %s', async (_, outcomes, isTold) => {
    const day = freshDay();
    const visit = await book(day);
    api.clock.at = day - 3 * DAY;
    await move(visit.id, day + HOUR);
    expect(await noticeOf(visit.id)).toEqual(['moved', day]);
    await tried(visit.id, outcomes);
    await move(visit.id, day + 2 * HOUR);
    expect(await noticeOf(visit.id)).toEqual(['moved', isTold ? day + HOUR : day]);
  });

  it('takes the time to be known to a patient who moved there themselves', async () => {
    const day = freshDay();
    const visit = await book(day);
    api.clock.at = day - 3 * DAY + 10 * HOUR;
    await move(visit.id, day + HOUR, { actor: 'patient' });
    await api.call(clinic.staffKey, 'POST', `/v1/appointments/${visit.id}/cancel`, { actor: 'staff', reason: 'ill' });
    expect(await noticeOf(visit.id)).toEqual(['cancelled', null]);
  });

  it('says nothing where the visit is moved back before that word has left', async () => {
    const day = freshDay();
    const visit = await book(day);
    api.clock.at = day - 3 * DAY + 10 * HOUR;
    await move(visit.id, day + HOUR);
    await move(visit.id, day);
    const kinds = await sql<{ kind: string }[]>`
      select step->>'kind' as kind from appointments, jsonb_array_elements(plan) step where id = ${visit.id}`;
    expect(kinds.map(({ kind }) => kind)).not.toContain('moved');
  });

  it('names the time that the patient knows also where that word waits for the morning, and at the end', async () => {
    const day = freshDay();
    const visit = await book(day);
    api.clock.at = day - 3 * DAY + 10 * HOUR;
    for (const hours of [1, 2]) {
      await move(visit.id, day + hours * HOUR);
      expect(await noticeOf(visit.id)).toEqual(['moved', day]);
    }
    await api.call(clinic.staffKey, 'POST', `/v1/appointments/${visit.id}/cancel`, { actor: 'staff', reason: 'ill' });
    expect(await noticeOf(visit.id)).toEqual(['cancelled', day]);
  });
});
