import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PartName } from '../../scripts/local-stack/options.ts';
import { type Stack, createStack } from '../../scripts/local-stack/stack.ts';
import { daysAhead, reserve, story } from '../support/bookings.ts';
import { type Answer, eventually } from '../support/product.ts';
import { type RunningStack, startRunningStack } from './running-stack.ts';

const SECOND = 1_000;

let desk: RunningStack;
/** Goes on where the first one was killed. */
let second: Stack | undefined;

beforeAll(async () => {
  desk = await startRunningStack({ stack: { isDurable: true }, clinic: { policy: { quietHours: null } } });
  // The first call of a stack takes long.
  await reserve(desk, daysAhead(200), { notify: false });
});
afterAll(async () => {
  await second?.stop();
  await desk?.stack.stop();
});

const partsOf = (names: Iterable<PartName>) => [...names].map((name) => desk.stack.parts.get(name)!);
const kill = (...names: PartName[]) => Promise.all(partsOf(names).map((part) => part.kill()));
const restart = (...names: PartName[]) => Promise.all(partsOf(names).map((part) => part.start()));

describe('a reservation that is to expire', () => {
  it.each([['Temporal'], ['PostgreSQL']] as [PartName][])(
    'expires although %s is killed meanwhile, and gives its time back',
    async (name) => {
      const startsAt = daysAhead(12);
      const reserved = await preReserve(startsAt, 3 * SECOND);
      await kill(name);
      await restart(name);
      await untilExpired(reserved.id);
      const other = { patientId: desk.clinic.otherPatientId, notify: false };
      const key = randomUUID();
      const booked = await eventually('an answer', () => answered(reserve(desk, startsAt, other, key)));
      expect(booked.status).toBe(201);
      const reason = 'The next test wants the time.';
      await act(booked.body.id, 'cancel', { reason, notify: false });
    },
  );
});

describe('twenty bookings under way', () => {
  // Each part at another moment: while they are leased, made, answered.
  it.each([
    ['PostgreSQL', 20, 60],
    ['API', 45, 150],
    ['Temporal', 70, 100],
    ['worker', 95, 250],
  ] as [PartName, number, number][])('have one right answer each although %s is killed', async (name, day, afterMs) => {
    const before = await ids();
    const asked = Array.from({ length: 20 }, (_, index) => ({ key: randomUUID(), startsAt: daysAhead(day + index) }));
    const book = ({ key, startsAt }: (typeof asked)[number]) => reserve(desk, startsAt, { notify: false }, key);
    const underWay = asked.map((each) => book(each).catch(() => undefined));
    await delay(afterMs);
    await kill(name);
    const restarted = restart(name);
    const first = await Promise.all(underWay);
    await restarted;
    const last = await Promise.all(asked.map((each) => eventually('an answer', () => answered(book(each)))));

    const heard = first.filter((answer) => answer !== undefined);
    expect(heard.filter(({ status }) => status !== 201 && status !== 503)).toEqual([]);
    // Only who dies itself leaves its callers without any answer.
    expect(heard.length).toBe(name === 'API' ? heard.length : asked.length);
    const acknowledged = first.map((answer, index) => (answer?.status === 201 ? answer : last[index])!.body);
    expect(last.map(({ body }) => body)).toEqual(acknowledged);
    expect(last.map(({ status, body }) => [status, body.status, Date.parse(body.startsAt)])).toEqual(
      asked.map(({ startsAt }) => [201, 'booked', Date.parse(startsAt)]),
    );
    expect(await ids()).toEqual(sorted([...before, ...last.map(({ body }) => body.id)]));
  });
});

describe('a message on its way', () => {
  it('is found out about and not repeated, though nobody was there for its answer or its receipts', async () => {
    const { clinicId, otherPatientId: patientId, otherMobile: mobile } = desk.clinic;
    await desk.simulate('behaviour', { to: mobile, outcome: 'acceptThenTimeout' });
    const { body } = await reserve(desk, daysAhead(3), { patientId });
    await kill('API');
    await eventually('the text', async () => (await desk.phone(mobile)).length === 1);
    await kill('worker');
    await restart('worker');
    // The engine gives the hand-over up after half a minute, which no virtual time can shorten.
    await desk.simulate('time-travel', { workflowId: body.workflowId, by: 'PT40S' });
    await restart('API');
    expect(await messagesOf(body.id)).toEqual([expect.objectContaining({ kind: 'booked', status: 'unknown' })]);
    const [message] = await messagesOf(body.id);
    await desk.simulate('time-travel', { workflowId: `delivery/${clinicId}/${message!.id}`, by: 'PT5M' });
    const known = await messagesOf(body.id);
    expect(known).toEqual([expect.objectContaining({ id: message!.id, status: 'delivered' })]);
    expect(await desk.phone(mobile)).toHaveLength(1);
  });
});

describe('everything at once', () => {
  it('may be killed: all that was answered is there, and every life goes on', async () => {
    const expiring = await preReserve(daysAhead(130), 6 * SECOND);
    const waiting = await preReserve(daysAhead(131), null);
    const isTold = ({ status }: { status: string }) => status === 'delivered';
    await eventually('the question', async () => (await messagesOf(waiting.id)).some(isTold));
    const before = await appointments();

    await kill(...desk.stack.parts.keys());
    second = createStack(desk.stack.options);
    await second.start();

    await untilExpired(expiring.id);
    const others = (items: Appointment[]) => items.filter(({ id }) => id !== expiring.id);
    expect(others(await appointments())).toEqual(others(before));

    const confirmed = await act(waiting.id, 'confirm', {});
    expect(confirmed).toMatchObject({ status: 200, body: { status: 'booked' } });
    await desk.simulate('time-travel', { workflowId: waiting.workflowId, to: daysBefore(waiting.startsAt, 1) });
    const told = ['preReserved', 'message:ask', 'confirmed', 'message:confirmed', 'message:reminder'];
    await eventually('the reminder', async () => (await story(desk, waiting.id)).at(-1) === told.at(-1));
    expect(await story(desk, waiting.id)).toEqual(told);
  });
});

interface Appointment {
  id: string;
  workflowId: string;
  startsAt: string;
  status: string;
}

async function preReserve(startsAt: string, answerWithinMs: number | null): Promise<Appointment> {
  const confirmBy = answerWithinMs === null ? null : new Date(Date.now() + answerWithinMs).toISOString();
  const { status, body } = await reserve(desk, startsAt, { mode: 'preReserve', confirmBy });
  expect(status).toBe(201);
  return body;
}

function act(id: string, action: string, body: Record<string, unknown>): Promise<Answer> {
  return desk.call('POST', `/v1/appointments/${id}/${action}`, { body: { actor: 'staff', ...body } });
}

/** Undefined while the system says that it cannot answer now. */
async function answered(call: Promise<Answer>): Promise<Answer | undefined> {
  const answer = await call;
  return answer.status === 503 ? undefined : answer;
}

async function untilExpired(id: string): Promise<void> {
  const isExpired = async () => {
    const { body } = await desk.call('GET', `/v1/appointments/${id}`);
    return body.status === 'expired';
  };
  await eventually('the expiry', isExpired, 30 * SECOND);
}

async function messagesOf(appointmentId: string): Promise<{ id: string; kind: string; status: string }[]> {
  const { body } = await desk.call('GET', `/v1/messages?appointmentId=${appointmentId}`);
  return body.items;
}

async function appointments(): Promise<Appointment[]> {
  const { body } = await desk.call('GET', '/v1/appointments?limit=200');
  return body.items;
}

async function ids(): Promise<string[]> {
  return sorted((await appointments()).map(({ id }) => id));
}

function sorted(texts: string[]): string[] {
  return texts.toSorted((a, b) => a.localeCompare(b));
}

function daysBefore(instant: string, days: number): string {
  return new Date(Date.parse(instant) - days * 24 * 3_600 * SECOND).toISOString();
}
