import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { type TemporalGateway, temporalGateway } from '../../api/temporal-gateway.ts';
import { createLog } from '../../config/log.ts';
import { crashPoints } from '../support/faults.ts';
import { eventually } from '../support/product.ts';
import { type Ask, type Victim, startAmongVictims } from './victims.ts';

const { product, sql, newVictims, asks, send, book, preReserve, untilQuiet, stateOf } = await startAmongVictims();
const { apiUrl, clinic, temporal } = product;
const gateway = temporalGateway(temporal);
afterAll(() => gateway.close());

beforeAll(async () => {
  const worker = await product.startWorker();
  return () => worker.stop();
});

interface Request {
  prepare?: (victim: Victim) => Promise<unknown>;
  ask: (victim: Victim) => Ask;
  /** What happens between the death and the successor. */
  meanwhile?: () => Promise<unknown>;
  answer: { status: number; body: Record<string, unknown> };
  changes: string[];
  texts: string[];
}

const requests: Record<string, Request> = {
  booking: {
    ask: (victim) => asks.booking(victim),
    answer: { status: 201, body: { status: 'booked', revision: 1 } },
    changes: ['booked'],
    texts: ['booked'],
  },
  'booking that is asked for again when its lease has lapsed': {
    ask: (victim) => asks.booking(victim),
    meanwhile: () =>
      sql`update occupancies set leased_until = now() - interval '1 second' where leased_until is not null`,
    answer: { status: 201, body: { status: 'booked', revision: 1 } },
    changes: ['booked'],
    texts: ['booked'],
  },
  confirmation: {
    prepare: preReserve,
    ask: asks.confirmation,
    answer: { status: 200, body: { status: 'booked', revision: 2 } },
    changes: ['preReserved', 'confirmed'],
    texts: ['confirmed'],
  },
  cancellation: {
    prepare: (victim) => book(victim, { notify: false }),
    ask: asks.cancellation,
    answer: { status: 200, body: { status: 'cancelled', revision: 2 } },
    changes: ['booked', 'cancelled'],
    texts: ['cancelled'],
  },
};

describe.each(Object.entries(requests))('an API that dies over a %s', (_, request) => {
  const { ask, prepare = () => Promise.resolve(), meanwhile, answer, changes, texts } = request;

  it('has the same request answered by its successor, wherever it dies', async () => {
    const process = crashPoints();
    const api = mortalApi(process);
    const [sample] = await newVictims(1);
    await prepare(sample!);
    const { points } = process.watch(sample!.id);
    expect(await api(sample!, ask(sample!))).toBe(answer.status);

    const victims = await newVictims(points.length);
    await Promise.all(victims.map((victim) => prepare(victim)));
    const lives = victims.map((victim, index) => process.watch(victim.id, index + 1));
    await Promise.all(victims.map((victim) => api(victim, ask(victim))));
    expect(lives.filter(({ isOver }) => !isOver)).toEqual([]);
    await meanwhile?.();

    const answers = await Promise.all(victims.map((victim) => send(ask(victim))));
    for (const each of answers) expect(each).toMatchObject(answer);
    const again = await Promise.all(victims.map((victim) => send(ask(victim))));
    expect(again.map(({ body }) => body)).toEqual(answers.map(({ body }) => body));

    const survivors = victims.map((victim, index) => ({ ...victim, ...answers[index]?.body }));
    const states = () => Promise.all(survivors.map(stateOf));
    await eventually('the texts', async () => (await states()).every((state) => state.texts.length > 0));
    await untilQuiet(survivors);
    const { status } = answer.body;
    const state = { status, isOccupied: status === 'booked', changes, texts, tasks: [], isOnlyOne: true };
    const found = (await states()).map((each, index) => ({ killed: points[index], ...each }));
    expect(found).toEqual(points.map((killed) => ({ killed, ...state })));
  });
});

/** The API on a database and a way to Temporal that its process can die over; answers the status. */
function mortalApi(process: ReturnType<typeof crashPoints>) {
  const app = createApp({
    db: process.wrap.db!(product.db),
    temporal: mortalGateway(process.pass),
    now: Date.now,
    log: createLog('error', { write: () => {} }),
    publicUrl: apiUrl,
  });
  return ({ id }: Victim, { path, body, idempotencyKey }: Ask): Promise<number> => {
    const authorization = `Bearer ${clinic.staffKey}`;
    const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': idempotencyKey };
    const request = { method: 'POST', headers, body: JSON.stringify(body) };
    return process.workOn({ appointmentId: id }, async () => (await app.request(path, request)).status);
  };
}

function mortalGateway(pass: (point: string) => void): TemporalGateway {
  async function between<T>(work: () => Promise<T>): Promise<T> {
    pass('before Temporal is asked');
    const answer = await work();
    pass('after Temporal has answered');
    return answer;
  }
  return {
    ...gateway,
    reserve: (...args) => between(() => gateway.reserve(...args)),
    act: (...args) => between(() => gateway.act(...args)),
  };
}
