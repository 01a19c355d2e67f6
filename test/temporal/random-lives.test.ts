import fc from 'fast-check';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, expect, it } from 'vitest';
import { passingFaults } from '../support/faults.ts';
import { startProduct } from '../support/product.ts';
import { type Life, life } from './random-lives/commands.ts';
import { live } from './random-lives/run.ts';

const LIVES = Number(process.env['RANDOM_LIVES'] ?? 300);
const SEED = Number(process.env['RANDOM_SEED'] ?? Date.now() % 1_000_000_000);
const PATH = process.env['RANDOM_PATH'];
const LANES = Number(process.env['RANDOM_LANES'] ?? 12);

const product = await startProduct();
const sql = postgres(product.adminUrl, { max: 6, onnotice: () => {} });
afterAll(() => sql.end());
const faults = passingFaults();

it('lives random lives as the contract says', async () => {
  console.info(`random lives: ${LIVES}, RANDOM_SEED=${SEED}`);
  let lived = 0;
  const shift = workInShifts();
  const seen = new Map<string, number>();
  const count = (what: string) => void seen.set(what, (seen.get(what) ?? 0) + 1);
  const stage = { product, sql, faults, count };
  let failing: number | undefined;
  // Once one lane has found something, the others leave it the machine to find the shortest life that shows it.
  const property = (lane: number) =>
    fc.asyncProperty(life, async (one) => {
      if (failing !== undefined && failing !== lane) return;
      try {
        await live(stage, one);
        lived += 1;
      } catch (error) {
        failing ??= lane;
        if (failing === lane) throw error;
      }
    });
  const lanes = Array.from({ length: PATH ? 1 : LANES }, (_, lane) =>
    fc.check(property(lane), {
      seed: SEED + lane,
      numRuns: Math.ceil(LIVES / LANES),
      ...(PATH ? { path: PATH } : {}),
    }),
  );
  const results = await Promise.all(lanes);
  await shift.end();
  console.info(
    [...seen]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([what, times]) => `${what} ${times}`)
      .join(', '),
  );
  const failures = results.filter(({ failed }) => failed).map(told);
  expect(failures.join('\n\n')).toBe('');
  expect(lived).toBeGreaterThan(0);
}, 3_600_000);

function told(result: fc.RunDetails<[Life]>): string {
  const { seed, counterexamplePath, counterexample, errorInstance } = result;
  const error = errorInstance instanceof Error ? `${errorInstance.stack}` : String(errorInstance);
  return `RANDOM_SEED=${seed} RANDOM_PATH=${counterexamplePath}\n${JSON.stringify(counterexample?.[0])}\n${error}`;
}

/** Every few seconds the worker goes home and another one comes: with an empty cache, one in four without any. */
function workInShifts() {
  let isOn = true;
  const working = (async () => {
    for (let number = 1; isOn; number++) {
      const options = number % 4 === 0 ? { maxCachedWorkflows: 0 } : {};
      const worker = await product.startWorker(faults.wrap, options);
      for (let tenths = 0; isOn && tenths < 40; tenths++) await delay(100);
      await worker.stop();
    }
  })();
  return {
    end: () => {
      isOn = false;
      return working;
    },
  };
}
