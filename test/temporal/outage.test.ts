import { expect, it } from 'vitest';
import type { Database } from '../../db/client.ts';
import { SECOND } from '../../domain/interval.ts';
import { eventually } from '../support/product.ts';
import { persist, startAmongVictims } from './victims.ts';

const { product, newVictims, asks, send, preReserve, stateOf } = await startAmongVictims();

it('lets a worker be stopped while its database is away, and the next one carry on', async () => {
  const outage = { isOn: false, refused: 0 };
  const worker = await product.startWorker({ db: (real) => awayDuring(real, outage) });
  const victims = await newVictims(10);
  await Promise.all(victims.map(preReserve));
  outage.isOn = true;
  const answers = Promise.all(victims.map((victim) => persist(() => send(asks.confirmation(victim)))));
  await eventually('some tries', async () => outage.refused > 3 * victims.length);
  const began = performance.now();
  await worker.stop();
  expect(performance.now() - began).toBeLessThan(12 * SECOND);

  const successor = await product.startWorker();
  for (const answer of await answers) expect(answer).toMatchObject({ status: 200, body: { status: 'booked' } });
  for (const victim of victims) expect(await stateOf(victim)).toMatchObject({ changes: ['preReserved', 'confirmed'] });
  await successor.stop();
});

function awayDuring(real: Database, outage: { isOn: boolean; refused: number }): Database {
  const transaction: Database['drizzle']['transaction'] = (work, config) => {
    if (!outage.isOn) return real.drizzle.transaction(work, config);
    outage.refused += 1;
    return Promise.reject(Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' }));
  };
  const drizzle = new Proxy(real.drizzle, {
    get: (target, name): unknown => (name === 'transaction' ? transaction : Reflect.get(target, name)),
  });
  return { drizzle, close: () => real.close() };
}
