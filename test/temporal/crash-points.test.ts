import { describe, expect, it } from 'vitest';
import { twilioTransport } from '../../activities/messaging/transports/twilio.ts';
import { MINUTE, SECOND } from '../../domain/interval.ts';
import { account } from '../../simulator/account.ts';
import { type Death, crashPoints, deathsBetween } from '../support/faults.ts';
import { type Wrap, eventually } from '../support/product.ts';
import { type Victim, persist, startAmongVictims } from './victims.ts';

const { product, sql, newVictims, asks, send, book, preReserve, deliveriesOf, untilAtRest, untilQuiet, stateOf } =
  await startAmongVictims();
const { call, temporal } = product;

interface Action {
  /** Leads to the moment before. */
  prepare?: (victim: Victim) => Promise<unknown>;
  /** Answers when the action is through. */
  act: (victim: Victim) => Promise<unknown>;
  /** What the process does last; `sendNotification` if not said. */
  lastAnswer?: string;
  end: { status: string; changes: string[]; isOccupied: boolean };
  /** What the patient is told, if anything. */
  text?: string;
  /** Rather not at all than twice: staff are told. */
  maySayNothing?: boolean;
  hasReceipts?: boolean;
}

const booked = { status: 'booked', changes: ['booked'], isOccupied: true };
const confirmed = { status: 'booked', changes: ['preReserved', 'confirmed'], isOccupied: true };
const expired = { status: 'expired', changes: ['preReserved', 'expired'], isOccupied: false };
const cancelled = { status: 'cancelled', changes: ['booked', 'cancelled'], isOccupied: false };

const actions: Record<string, Action> = {
  booking: {
    act: async (victim) =>
      expect(await persist(() => book(victim))).toMatchObject({ status: 201, body: { id: victim.id } }),
    end: booked,
    text: 'booked',
  },
  'booking of which no receipt tells': {
    act: (victim) => persist(() => book(victim)),
    end: booked,
    text: 'booked',
    hasReceipts: false,
  },
  confirmation: {
    prepare: preReserve,
    act: async (victim) =>
      expect(await persist(() => send(asks.confirmation(victim)))).toMatchObject({
        status: 200,
        body: { revision: 2 },
      }),
    end: confirmed,
    text: 'confirmed',
  },
  expiry: {
    prepare: preReserve,
    act: async (victim) => {
      const { confirmBy } = (await call('GET', `/v1/appointments/${victim.id}`)).body;
      await temporal.advance(victim.workflowId, { to: Date.parse(confirmBy) + SECOND });
    },
    end: expired,
    text: 'expired',
  },
  cancellation: {
    prepare: (victim) => book(victim, { notify: false }),
    act: async (victim) =>
      expect(await persist(() => send(asks.cancellation(victim)))).toMatchObject({
        status: 200,
        body: { revision: 2 },
      }),
    end: cancelled,
    text: 'cancelled',
  },
  move: {
    prepare: (victim) => book(victim, { notify: false }),
    act: async (victim) =>
      expect(await persist(() => send(asks.move(victim)))).toMatchObject({
        status: 200,
        body: { revision: 2, version: 2 },
      }),
    end: { status: 'booked', changes: ['booked', 'moved'], isOccupied: true },
    text: 'moved',
  },
  'move of a reservation': {
    prepare: preReserve,
    act: (victim) => persist(() => send(asks.move(victim))),
    end: { status: 'pending', changes: ['preReserved', 'moved'], isOccupied: true },
    text: 'ask',
  },
  release: {
    prepare: (victim) => book(victim, { mode: 'hold', holder: victim.key }),
    act: async (victim) =>
      expect(await persist(() => send(asks.release(victim)))).toMatchObject({
        status: 200,
        body: { statusReason: 'released' },
      }),
    lastAnswer: 'endAppointment',
    end: { status: 'cancelled', changes: ['held', 'released'], isOccupied: false },
  },
  reminder: {
    prepare: (victim) => book(victim, { notify: false }),
    act: async (victim) => {
      const [planned] = await sql<{ at: string }[]>`
        select step->>'at' as at from appointments, jsonb_array_elements(plan) as step
        where id = ${victim.id} and step->>'kind' = 'reminder'`;
      await temporal.advance(victim.workflowId, { to: Number(planned!.at) });
    },
    end: booked,
    text: 'reminder',
    hasReceipts: false,
    maySayNothing: true,
  },
  'second try of a message that was lost': {
    prepare: async (victim) => {
      await behave(victim, 'errorNotSent:1');
      await book(victim);
    },
    act: async (victim) => {
      const [workflowId] = await deliveriesOf([victim]);
      // Not further than where it asks: on the way every pause is skipped, also that of the dead.
      await temporal.advance(workflowId!, { by: 3 * MINUTE });
    },
    lastAnswer: 'repeatMessage',
    end: booked,
    text: 'booked',
    // "Once more" is once: the try that the crash cut short was it.
    maySayNothing: true,
  },
};

/** The dead keep their places in the worker until they are buried: more of them would leave none for the living. */
const DEAD_AT_ONCE = 25;

describe.each(Object.entries(actions))('a worker that dies in the midst of a %s', (_, action) => {
  it('leaves nothing undone and says nothing twice, wherever it dies', async () => {
    const points = await pointsOf(action);
    const deaths = deathsBetween(points);
    for (let first = 0; first < deaths.length; first += DEAD_AT_ONCE) {
      await dieAt(deaths.slice(first, first + DEAD_AT_ONCE), points, action);
    }
  }, 240_000);
});

/** One victim for each. */
async function dieAt(deaths: readonly Death[], points: readonly string[], action: Action): Promise<void> {
  const process = crashPoints();
  const worker = await product.startWorker(carriedBy(action, process.wrap));
  const victims = await newVictims(deaths.length);
  await lead(victims, action);
  const lives = victims.map((victim, index) => process.watch(victim.id, deaths[index]!.at));
  const acting = Promise.all(victims.map(action.act));
  await eventually('the end of every life', async () => lives.every((life) => life.isOver), 60_000);
  const stopping = worker.stop();
  process.bury();
  await stopping;

  const successor = await product.startWorker(carriedBy(action));
  await acting;
  await untilQuiet(victims);
  await successor.stop();
  const found = await Promise.all(
    victims.map(async (victim, index) => ({ killed: deaths[index], ...(await stateOf(victim)) })),
  );
  expect(found).toEqual(deaths.map((killed) => ({ killed, ...expectedAt(killed, points, action) })));
}

function expectedAt({ at }: Death, points: readonly string[], { end, text, maySayNothing = false }: Action) {
  const handOver = points.indexOf('before the hand-over') + 1;
  // On record and not yet handed over: nobody can tell that it has not left.
  const isUnsaid = maySayNothing && (at === handOver || at === handOver - 1);
  return {
    ...end,
    isOnlyOne: true,
    ...(isUnsaid ? { texts: [], tasks: ['unknownOutcome'] } : { texts: text === undefined ? [] : [text], tasks: [] }),
  };
}

async function lead(victims: readonly Victim[], { prepare }: Action): Promise<void> {
  if (!prepare) return;
  await Promise.all(victims.map((victim) => prepare(victim)));
  await untilAtRest(victims);
}

/** What a process does from the beginning of the action to its end, when it lives. */
async function pointsOf(action: Action): Promise<string[]> {
  const { act, lastAnswer = 'sendNotification' } = action;
  const process = crashPoints();
  const worker = await product.startWorker(carriedBy(action, process.wrap));
  const [sample] = await newVictims(1);
  await lead([sample!], action);
  const { points } = process.watch(sample!.id);
  await act(sample!);
  await eventually('the end', async () => points.at(-1) === `before the answer of ${lastAnswer}`);
  await worker.stop();
  return [...points];
}

/** Receipts prove by themselves what has left; without them the provider must be asked. */
function carriedBy({ hasReceipts = true }: Action, wrap: Wrap = {}): Wrap {
  const { sid: accountSid, authToken } = account;
  const toNobody = { accountSid, authToken, baseUrl: product.simulatorUrl, publicUrl: 'http://127.0.0.1:1' };
  const carriers = (real: Parameters<NonNullable<Wrap['transports']>>[0]) =>
    hasReceipts ? real : { sms: twilioTransport(toNobody) };
  return { ...wrap, transports: (real) => (wrap.transports ?? ((same) => same))(carriers(real)) };
}

async function behave({ mobile }: Victim, outcome: string): Promise<void> {
  const body = JSON.stringify({ to: mobile, outcome });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${product.simulatorUrl}/_sim/behaviour`, { method: 'POST', body, headers });
}
