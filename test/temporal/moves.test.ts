import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { daysAhead, outcomeOf, reserve, story, untilStatus } from '../support/bookings.ts';
import { type Answer, eventually, startProduct } from '../support/product.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

// No quiet hours, so that the tests read the same at any hour; `reminder-plan.test.ts` has them.
const product = await startProduct({ clinic: { policy: { quietHours: null } } });
const { call, clinic, temporal } = product;
const sql = postgres(product.adminUrl, { max: 2, onnotice: () => {} });
afterAll(() => sql.end());

beforeAll(async () => {
  const worker = await product.startWorker();
  return () => worker.stop();
});

let days = 30;
/** Noon of a day that is no other test's. */
function freshDay(): string {
  return daysAhead(days++);
}

function act(id: string, action: string, body: Record<string, unknown>): Promise<Answer> {
  return call('POST', `/v1/appointments/${id}/${action}`, { body });
}

const brief = ({ status, body }: Answer) => [status, body.code ?? body.status];
const at = (instant: string, ms: number) => new Date(Date.parse(instant) + ms).toISOString();

/** By what operators find it in the Temporal UI. */
async function searchableAs(workflowId: string): Promise<Record<string, unknown>> {
  const { typedSearchAttributes } = await temporal.client.workflow.getHandle(workflowId).describe();
  return Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
}

async function planned(id: string): Promise<string[]> {
  const { body } = await call('GET', `/v1/appointments/${id}/timeline`);
  return body.planned.map(({ what, kind, at: when }: Planned) => `${kind ?? what} ${when}`);
}

interface Planned {
  what: string;
  kind?: string;
  at: string;
}

describe('a move', () => {
  it('brings one notice, reminders of the new time alone, and nothing of the old one', async () => {
    const [from, to] = [freshDay(), freshDay()];
    const { body } = await reserve(product, from);
    const moved = await act(body.id, 'move', { actor: 'patient', startsAt: to });
    expect(moved.body).toMatchObject({ status: 'booked', version: 2, revision: 2 });
    await eventually('the notice', async () => (await story(product, body.id)).includes('message:moved'));
    await temporal.advance(body.workflowId, { by: 60 * DAY });
    expect(await outcomeOf(product, body.workflowId)).toEqual({ outcome: 'completed' });
    const told = ['booked', 'message:booked', 'moved', 'message:moved', 'message:reminder', 'completed'];
    expect(await story(product, body.id)).toEqual(told);
    const { past } = (await call('GET', `/v1/appointments/${body.id}/timeline`)).body;
    const reminder = past.find(({ kind }: Planned) => kind === 'reminder');
    expect(Date.parse(to) - Date.parse(reminder.at)).toBeGreaterThan(DAY);
    expect(Date.parse(to) - Date.parse(reminder.at)).toBeLessThan(3 * DAY);
  });

  it('is judged by the old start, to the last moment of it', async () => {
    const [from, to] = [freshDay(), freshDay()];
    const { body } = await reserve(product, from);
    expect(body.moveUntil).toBe(at(from, -DAY).replace('.000', ''));
    await temporal.advance(body.workflowId, { to: Date.parse(body.moveUntil) - MINUTE });
    const moved = await act(body.id, 'move', { actor: 'guardian', startsAt: to });
    expect(brief(moved)).toEqual([200, 'booked']);
    expect(moved.body.moveUntil).toBe(at(to, -DAY).replace('.000', ''));
    await temporal.advance(body.workflowId, { to: Date.parse(moved.body.moveUntil) + 1 });
    const late = await act(body.id, 'move', { actor: 'patient', startsAt: freshDay() });
    expect([...brief(late), late.body.phone]).toEqual([409, 'TOO_LATE_TO_MOVE', '+358401999000']);
    expect((await call('GET', `/v1/appointments/${body.id}`)).body).toEqual(moved.body);
  });

  it('is open to staff and office at any time, with a reason once a rule stands against it', async () => {
    const { body } = await reserve(product, freshDay());
    const plain = await act(body.id, 'move', { actor: 'office', startsAt: freshDay() });
    expect(brief(plain)).toEqual([200, 'booked']);
    await temporal.advance(body.workflowId, { to: Date.parse(plain.body.moveUntil) + HOUR });
    const to = freshDay();
    expect(brief(await act(body.id, 'move', { actor: 'staff', startsAt: to }))).toEqual([422, 'REASON_REQUIRED']);
    const moved = await act(body.id, 'move', {
      actor: 'staff',
      startsAt: to,
      reason: 'the patient phoned',
      actorRef: 'desk 1',
    });
    expect(brief(moved)).toEqual([200, 'booked']);
    const { past } = (await call('GET', `/v1/appointments/${body.id}/timeline`)).body;
    expect(past.findLast(({ what }: Planned) => what === 'moved')).toMatchObject({
      by: 'staff',
      overrode: 'TOO_LATE_TO_MOVE',
      reason: 'the patient phoned',
      actorRef: 'desk 1',
    });
  });

  it('of a locked type is for staff', async () => {
    const { body } = await reserve(product, freshDay(), { visitTypeId: clinic.lockedVisitTypeId });
    expect(body).toMatchObject({ moveUntil: null, cancelUntil: null });
    const startsAt = freshDay();
    const refused = await act(body.id, 'move', { actor: 'patient', startsAt });
    expect([...brief(refused), refused.body.phone]).toEqual([409, 'STAFF_ONLY', '+358401999000']);
    expect(brief(await act(body.id, 'move', { actor: 'staff', startsAt }))).toEqual([422, 'REASON_REQUIRED']);
    expect(brief(await act(body.id, 'move', { actor: 'staff', startsAt, reason: 'asked' }))).toEqual([200, 'booked']);
  });

  it('of a reservation by its patient confirms it', async () => {
    const { body } = await reserve(product, freshDay(), { mode: 'preReserve' });
    const moved = await act(body.id, 'move', { actor: 'patient', startsAt: freshDay() });
    expect(moved.body).toMatchObject({ status: 'booked', confirmBy: null, version: 2 });
    await eventually('the notice', async () => (await story(product, body.id)).includes('message:moved'));
    await temporal.advance(body.workflowId, { by: 70 * DAY });
    expect(await outcomeOf(product, body.workflowId)).toEqual({ outcome: 'completed' });
    expect(await story(product, body.id)).not.toContain('message:nudge');
  });

  it('of a reservation by staff asks the patient anew, with a new time to answer', async () => {
    const { body } = await reserve(product, daysAhead(50, 2), { mode: 'preReserve' });
    await eventually('the question', async () => (await story(product, body.id)).includes('message:ask'));
    const to = daysAhead(60, 2);
    const moved = await act(body.id, 'move', { actor: 'staff', startsAt: to });
    expect(moved.body).toMatchObject({ status: 'pending', version: 2 });
    expect(Math.round((Date.parse(to) - Date.parse(moved.body.confirmBy)) / DAY)).toBe(14);
    await temporal.advance(body.workflowId, { to: Date.parse(moved.body.confirmBy) + 1_000 });
    expect(await outcomeOf(product, body.workflowId)).toEqual({ outcome: 'expired' });
    const told = ['preReserved', 'message:ask', 'moved', 'message:ask', 'message:nudge', 'message:nudge'];
    expect(await story(product, body.id)).toEqual([...told, 'expired', 'message:expired']);
  });

  it('of a reservation to a time too near to ask is refused, and changes nothing', async () => {
    const { body } = await reserve(product, freshDay(), { mode: 'preReserve' });
    const near = new Date(Math.ceil(Date.now() / HOUR) * HOUR + 25 * HOUR).toISOString();
    const refused = await act(body.id, 'move', { actor: 'staff', startsAt: near });
    expect(brief(refused)).toEqual([422, 'CONFIRMATION_TIME_TOO_SHORT']);
    expect((await call('GET', `/v1/appointments/${body.id}`)).body).toEqual(body);
  });

  it('to where it is changes nothing and tells nobody', async () => {
    const { body } = await reserve(product, freshDay(), { notify: false });
    const same = await act(body.id, 'move', {
      actor: 'patient',
      startsAt: body.startsAt,
      providerId: clinic.providerId,
    });
    expect(same.body).toEqual(body);
    expect(await story(product, body.id)).toEqual(['booked']);
  });

  it('is found by its new time and provider in the Temporal UI', async () => {
    const { body } = await reserve(product, freshDay());
    const [startsAt, providerId] = [freshDay(), clinic.otherProviderId];
    await act(body.id, 'move', { actor: 'patient', startsAt, providerId });
    expect(await searchableAs(body.workflowId)).toMatchObject({ StartsAt: new Date(startsAt), ProviderId: providerId });
  });

  it('without reminders plans none, also when it is confirmed later', async () => {
    const { body } = await reserve(product, freshDay(), { mode: 'preReserve', notify: false });
    await act(body.id, 'move', { actor: 'staff', startsAt: freshDay(), remind: false, notify: false });
    await act(body.id, 'confirm', { actor: 'staff' });
    expect((await planned(body.id)).filter((step) => step.startsWith('reminder'))).toEqual([]);
  });

  it('of an ended visit is refused', async () => {
    const { body } = await reserve(product, freshDay(), { mode: 'preReserve' });
    await temporal.advance(body.workflowId, { to: Date.parse(body.confirmBy) + 1_000 });
    await untilStatus(product, body.id, 'expired');
    const late = { actor: 'patient', startsAt: freshDay() };
    expect(brief(await act(body.id, 'move', late))).toEqual([409, 'APPOINTMENT_EXPIRED']);
    const cancelled = await reserve(product, freshDay());
    await act(cancelled.body.id, 'cancel', { actor: 'staff' });
    expect(brief(await act(cancelled.body.id, 'move', late))).toEqual([409, 'APPOINTMENT_CLOSED']);
  });
});

describe('a move to a time that is near', () => {
  it('is reminded 26 hours before, since two days before at 13:00 has passed', async () => {
    const { body } = await reserve(product, freshDay());
    const soon = new Date(Math.floor(Date.now() / MINUTE) * MINUTE + 30 * HOUR).toISOString();
    const moved = await act(body.id, 'move', { actor: 'staff', startsAt: soon });
    expect(brief(moved)).toEqual([200, 'booked']);
    const reminders = (await planned(body.id)).filter((step) => step.startsWith('reminder'));
    expect(reminders).toEqual([`reminder ${at(soon, -26 * HOUR).replace('.000', '')}`]);
  });

  it('is not reminded where every moment has passed: the notice is all', async () => {
    const { body } = await reserve(product, freshDay());
    const soon = new Date(Math.floor(Date.now() / MINUTE) * MINUTE + 5 * HOUR).toISOString();
    await act(body.id, 'move', { actor: 'staff', startsAt: soon });
    expect((await planned(body.id)).filter((step) => step.startsWith('reminder'))).toEqual([]);
    await eventually('the notice', async () => (await story(product, body.id)).includes('message:moved'));
  });
});

describe('extending a reservation', () => {
  it('gives until the new instant, reminds of the question anew and expires then', async () => {
    const { body } = await reserve(product, daysAhead(90, 3), { mode: 'preReserve' });
    await eventually('the question', async () => (await story(product, body.id)).includes('message:ask'));
    const later = at(body.startsAt, -3 * DAY);
    const extended = await act(body.id, 'extend', { actor: 'staff', confirmBy: later });
    expect(extended.body).toMatchObject({
      status: 'pending',
      version: 1,
      revision: 2,
      confirmBy: later.replace('.000', ''),
    });
    await temporal.advance(body.workflowId, { to: Date.parse(body.confirmBy) + HOUR });
    expect((await call('GET', `/v1/appointments/${body.id}`)).body.status).toBe('pending');
    await temporal.advance(body.workflowId, { to: Date.parse(later) + 1_000 });
    expect(await outcomeOf(product, body.workflowId)).toEqual({ outcome: 'expired' });
    const told = ['preReserved', 'message:ask', 'extended', 'message:nudge', 'message:nudge'];
    expect(await story(product, body.id)).toEqual([...told, 'expired', 'message:expired']);
  });

  it('may bring the end nearer', async () => {
    const { body } = await reserve(product, daysAhead(91, 3), { mode: 'preReserve', notify: false });
    const sooner = new Date(Date.now() + 3 * HOUR).toISOString();
    expect((await act(body.id, 'extend', { actor: 'staff', confirmBy: sooner })).status).toBe(200);
    await temporal.advance(body.workflowId, { to: Date.parse(sooner) + 1_000 });
    expect(await outcomeOf(product, body.workflowId)).toEqual({ outcome: 'expired' });
  });

  it('is for staff, for reservations, and for an instant after now and before the start', async () => {
    const { body } = await reserve(product, daysAhead(92, 3), { mode: 'preReserve', notify: false });
    const wanted = at(body.startsAt, -HOUR);
    for (const actor of ['patient', 'guardian', 'office']) {
      expect(brief(await act(body.id, 'extend', { actor, confirmBy: wanted }))).toEqual([409, 'ACTION_NOT_ALLOWED']);
    }
    for (const confirmBy of [body.startsAt, new Date(Date.now() - MINUTE).toISOString()]) {
      const refused = await act(body.id, 'extend', { actor: 'staff', confirmBy });
      expect([...brief(refused), refused.body.errors?.[0]?.pointer]).toEqual([422, 'VALIDATION_FAILED', '/confirmBy']);
    }
    await act(body.id, 'confirm', { actor: 'patient' });
    expect(brief(await act(body.id, 'extend', { actor: 'staff', confirmBy: wanted }))).toEqual([
      409,
      'ACTION_NOT_ALLOWED',
    ]);
  });
});

describe('a hold', () => {
  it('frees itself when it is abandoned, and nobody is told', async () => {
    const startsAt = freshDay();
    const wish = { mode: 'hold', actor: 'patient', holder: 'web 1' };
    const { body } = await reserve(product, startsAt, wish);
    await temporal.advance(body.workflowId, { to: Date.parse(body.confirmBy) - MINUTE });
    expect((await call('GET', `/v1/appointments/${body.id}`)).body.status).toBe('held');
    await temporal.advance(body.workflowId, { to: Date.parse(body.confirmBy) + 1_000 });
    expect(await outcomeOf(product, body.workflowId)).toEqual({ outcome: 'expired' });
    expect(await story(product, body.id)).toEqual(['held', 'expired']);
    expect((await reserve(product, startsAt)).status).toBe(201);
    expect(brief(await act(body.id, 'release', { holder: 'web 1' }))).toEqual([409, 'APPOINTMENT_EXPIRED']);
  });

  it('becomes a visit of the patient who is named when it is confirmed, and is told and reminded like any other', async () => {
    const wish = { mode: 'hold', actor: 'patient', holder: 'web 2', patientId: undefined };
    const { body } = await reserve(product, freshDay(), wish);
    const confirmed = await act(body.id, 'confirm', { actor: 'patient', patientId: clinic.patientId });
    expect(confirmed.body).toMatchObject({ status: 'booked', patientId: clinic.patientId });
    const attributes = { PatientRef: clinic.patientId, AppointmentStatus: 'booked' };
    expect(await searchableAs(body.workflowId)).toMatchObject(attributes);
    await eventually('the word', async () => (await story(product, body.id)).includes('message:confirmed'));
    expect((await planned(body.id)).map((step) => step.split(' ')[0])).toEqual(['reminder', 'completed']);
  });

  it('is refused a confirmation without a patient, and may be released as if it had never been', async () => {
    const { body } = await reserve(product, freshDay(), { mode: 'hold', holder: 'web 3', patientId: undefined });
    expect(brief(await act(body.id, 'confirm', { actor: 'patient' }))).toEqual([422, 'VALIDATION_FAILED']);
    expect(brief(await act(body.id, 'cancel', { actor: 'staff' }))).toEqual([409, 'ACTION_NOT_ALLOWED']);
    expect(brief(await act(body.id, 'move', { actor: 'staff', startsAt: freshDay() }))).toEqual([
      409,
      'ACTION_NOT_ALLOWED',
    ]);
    expect(brief(await act(body.id, 'release', { holder: 'web 3' }))).toEqual([200, 'cancelled']);
    expect(await outcomeOf(product, body.workflowId)).toEqual({ outcome: 'cancelled' });
    expect(brief(await act(body.id, 'release', { holder: 'web 3' }))).toEqual([409, 'APPOINTMENT_CLOSED']);
  });
});

describe('at the same instant', () => {
  it.each([
    ['two moves', { startsAt: 1 }, { startsAt: 2 }],
    ['a move and a cancellation', { startsAt: 1 }, undefined],
  ])('%s have one outcome, which both see', async (_what, first, second) => {
    for (let round = 0; round < 15; round++) {
      const day = freshDay();
      const { body } = await reserve(product, day, { notify: false });
      const wish = { actor: 'staff', notify: false };
      const moveTo = ({ startsAt }: { startsAt: number }) =>
        act(body.id, 'move', { ...wish, startsAt: at(day, startsAt * HOUR) });
      const asked = [moveTo(first), second ? moveTo(second) : act(body.id, 'cancel', wish)];
      const answers = await Promise.all(round % 2 ? asked : asked.toReversed());
      const now = (await call('GET', `/v1/appointments/${body.id}`)).body;
      const last = answers.find((answer) => answer.body.revision === now.revision);
      expect(last?.body).toEqual(now);
      for (const answer of answers) {
        expect(['200 booked', '200 cancelled', '409 APPOINTMENT_CLOSED']).toContain(brief(answer).join(' '));
      }
      const rows = await sql<
        { start: Date }[]
      >`select lower(during) as start from occupancies where owner_id = ${body.id}`;
      const times = rows.map(({ start }) => start.getTime());
      expect(times).toEqual(now.status === 'booked' ? [Date.parse(now.startsAt)] : []);
    }
  });
});
