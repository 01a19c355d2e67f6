import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { daysAhead, outcomeOf, reserve } from '../support/bookings.ts';
import { type Answer, eventually, startProduct } from '../support/product.ts';

const product = await startProduct({ clinic: { policy: { quietHours: null } } });
const { call, temporal } = product;
const sql = postgres(product.adminUrl, { max: 2, onnotice: () => {} });
afterAll(() => sql.end());

const HALF_HOUR = 1_800_000;
let visits = 0;
/** One half hour after another, so that nothing overlaps. */
function freshTime(from = daysAhead(30)): string {
  visits += 1;
  return new Date(Date.parse(from) + visits * HALF_HOUR).toISOString();
}

interface Appointment {
  id: string;
  workflowId: string;
  startsAt: string;
  confirmBy: string | null;
}

describe.each([
  ['with a warm cache', {}, { chains: 8, races: 20, pairs: 40 }],
  ['replaying every task', { maxCachedWorkflows: 0 }, { chains: 4, races: 10, pairs: 10 }],
])('two who act at the same instant, %s', (_, options, { chains, races, pairs }) => {
  beforeAll(async () => {
    const worker = await product.startWorker({}, options);
    return () => worker.stop();
  });

  it('a confirmation and the expiry', async () => {
    const outcomes = await Promise.all(Array.from({ length: chains }, () => raceTheExpiry(races)));
    expect([...new Set(outcomes.flat())].toSorted()).toEqual(['200 booked', '409 APPOINTMENT_EXPIRED']);
  });

  it('a confirmation and a cancellation', async () => {
    const pending = await inParallel(pairs, () => preReserve());
    await Promise.all(
      pending.map(async (appointment, index) => {
        const names = index % 2 === 0 ? ['confirm', 'cancel'] : ['cancel', 'confirm'];
        const answers = await Promise.all(names.map(async (name) => [name, said(await act(appointment, name))]));
        const { confirm, cancel } = Object.fromEntries(answers) as Record<string, string>;
        expect(cancel).toBe('200 cancelled');
        expect(['200 booked', '409 APPOINTMENT_CLOSED']).toContain(confirm);
        const changes =
          confirm === '200 booked' ? ['preReserved', 'confirmed', 'cancelled'] : ['preReserved', 'cancelled'];
        expect(await recordOf(appointment)).toEqual({
          status: 'cancelled',
          revision: changes.length,
          changes,
          isOccupied: false,
        });
        expect(await outcomeOf(product, appointment.workflowId)).toEqual({ outcome: 'cancelled' });
      }),
    );
  });

  it('two cancellations', async () => {
    const booked = await inParallel(pairs, () => book());
    await Promise.all(
      booked.map(async (appointment) => {
        const answers = await Promise.all([act(appointment, 'cancel'), act(appointment, 'cancel')]);
        expectOneDone(answers);
        const record = { status: 'cancelled', revision: 2, changes: ['booked', 'cancelled'], isOccupied: false };
        expect(await recordOf(appointment)).toEqual(record);
      }),
    );
  });

  it('twenty releases of one hold', async () => {
    const answer = await reserve(product, freshTime(), { mode: 'hold', holder: 'form' });
    const { id, workflowId } = answer.body;
    const release = () => call('POST', `/v1/appointments/${id}/release`, { body: { holder: 'form' } });
    const answers = await Promise.all(Array.from({ length: 20 }, release));
    const refusals = Array.from({ length: 19 }, () => '409 APPOINTMENT_CLOSED');
    expect(answers.map(said).toSorted()).toEqual(['200 cancelled', ...refusals]);
    expect(await outcomeOf(product, workflowId)).toEqual({ outcome: 'cancelled' });
  });

  it('"the patient was here" and "did not come"', async () => {
    const booked = await inParallel(pairs, () => book(freshTime(daysAhead(1))));
    await Promise.all(
      booked.map(async (appointment) => {
        await temporal.advance(appointment.workflowId, { to: Date.parse(appointment.startsAt) });
        const answers = await Promise.all([act(appointment, 'complete'), act(appointment, 'no-show')]);
        const status = expectOneDone(answers);
        expect(await recordOf(appointment)).toEqual({
          status,
          revision: 2,
          changes: ['booked', status],
          isOccupied: false,
        });
        expect(await outcomeOf(product, appointment.workflowId)).toEqual({ outcome: status });
      }),
    );
  });
});

/** Eight at a time: more would only queue before two cores. */
async function inParallel<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < count; index = next++) made[index] = await make(index);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return made;
}

async function preReserve(body: Record<string, unknown> = {}): Promise<Appointment> {
  const answer = await reserve(product, freshTime(), { mode: 'preReserve', notify: false, ...body });
  expect(answer).toMatchObject({ status: 201, body: { status: 'pending' } });
  return answer.body;
}

async function book(startsAt = freshTime()): Promise<Appointment> {
  const answer = await reserve(product, startsAt, { notify: false });
  expect(answer).toMatchObject({ status: 201, body: { status: 'booked' } });
  return answer.body;
}

function act({ id }: Appointment, action: string): Promise<Answer> {
  const body = { actor: 'staff', ...(action === 'cancel' ? { reason: 'ill', notify: false } : {}) };
  return call('POST', `/v1/appointments/${id}/${action}`, { body });
}

async function recordOf({ id }: Appointment) {
  const [row] = await sql<{ status: string; revision: number; changes: string[]; isOccupied: boolean }[]>`
    select status, revision,
      (select array_agg(action order by id) from audit_entries where appointment_id = a.id) as changes,
      exists (select from occupancies where owner_id = a.id) as "isOccupied"
    from appointments a where id = ${id}`;
  return { ...row };
}

const bookedRecord = { status: 'booked', revision: 2, changes: ['preReserved', 'confirmed'], isOccupied: true };
const expiredRecord = { status: 'expired', revision: 2, changes: ['preReserved', 'expired'], isOccupied: false };

/** What the caller heard; the tables and the workflow say the same. */
async function bothSides(appointment: Appointment, answer: Answer): Promise<string> {
  const heard = said(answer);
  const isBooked = heard === '200 booked';
  const record = await eventually('the end', async () => {
    const now = await recordOf(appointment);
    return now.status !== 'pending' && now;
  });
  const { status } = await temporal.client.workflow.getHandle(appointment.workflowId).describe();
  expect([heard, record]).toEqual(isBooked ? ['200 booked', bookedRecord] : ['409 APPOINTMENT_EXPIRED', expiredRecord]);
  expect(isBooked ? status.name : await outcomeOf(product, appointment.workflowId)).toEqual(
    isBooked ? 'RUNNING' : { outcome: 'expired' },
  );
  return heard;
}

/** Confirms again and again at the last instant: a little later each time that it came in time, a little earlier when not. */
async function raceTheExpiry(times: number): Promise<string[]> {
  const outcomes: string[] = [];
  let lead = 60;
  for (let race = 0; race < times; race++) {
    const appointment = await preReserve();
    const confirmBy = Date.parse(appointment.confirmBy!);
    const clock = await temporal.advance(appointment.workflowId, { to: confirmBy - 2 * lead - 100 });
    await delay(confirmBy - clock - lead);
    const outcome = await bothSides(appointment, await act(appointment, 'confirm'));
    // However long a confirmation takes on this machine: soon it is made at the last moment.
    lead *= outcome === '200 booked' ? 0.8 : 1.4;
    outcomes.push(outcome);
  }
  return outcomes;
}

/** One of them was done, the other one refused; answers what it is now. */
function expectOneDone(answers: Answer[]): string {
  const [done, refused] = answers.map(said).toSorted();
  expect(refused).toBe('409 APPOINTMENT_CLOSED');
  expect(done).toMatch(/^200 /);
  return done!.slice(4);
}

function said({ status, body }: Answer): string {
  return `${status} ${body.status === status ? body.code : body.status}`;
}
