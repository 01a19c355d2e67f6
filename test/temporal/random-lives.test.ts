import fc from 'fast-check';
import { setTimeout as delay } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, expect, it } from 'vitest';
import { passingFaults } from '../support/faults.ts';
import { startProduct } from '../support/product.ts';
import { type Life, life } from './random-lives/commands.ts';
import { live } from './random-lives/run.ts';

/** `RANDOM_LIVES=10000` lives more; `RANDOM_SEED` and `RANDOM_LIFE`, as a failure tells them, live that one again. */
const LIVES = Number(process.env['RANDOM_LIVES'] ?? 300);
const SEED = Number(process.env['RANDOM_SEED'] ?? Date.now() % 1_000_000_000);
const ONLY = process.env['RANDOM_LIFE'];
const SIDE_BY_SIDE = 12;
const SHRINKING_MS = 180_000;

/** What so many lives bring about, a dozen times at least: were it never seen, they would prove little. */
const ENOUGH = 300;
const common = `booked held preReserved confirmed moved extended cancelled expired completed told-of-booked told-of-ask
  told-of-moved told-of-reminder told-of-expired nothing-to-do ACTION_NOT_ALLOWED APPOINTMENT_CLOSED APPOINTMENT_EXPIRED
  VALIDATION_FAILED TOO_LATE_TO_MOVE`.split(/\s+/);

const product = await startProduct();
const sql = postgres(product.adminUrl, { max: 6, onnotice: () => {} });
afterAll(() => sql.end());
const faults = passingFaults();
const seen = new Map<string, number>();
const count = (what: string) => void seen.set(what, (seen.get(what) ?? 0) + 1);

const property = fc.asyncProperty(fc.noBias(life), (one) => live({ product, sql, faults, count }, one));

it(
  'random lives end as the contract says',
  async () => {
    console.info(`RANDOM_LIVES=${LIVES} RANDOM_SEED=${SEED}`);
    const shifts = workInShifts();
    const failed = ONLY === undefined ? await liveAll() : { number: ONLY, error: undefined };
    const story = failed && (await shortest(failed));
    await shifts.end();
    console.info(census());
    expect(story).toBeUndefined();
    const expected = ONLY === undefined && LIVES >= ENOUGH ? common : [];
    expect([...seen.keys()]).toEqual(expect.arrayContaining(expected));
  },
  LIVES * 3_000 + 2 * SHRINKING_MS,
);

interface Failed {
  number: string;
  error: unknown;
}

/** All of them, some side by side, until one is not as it should be. */
async function liveAll(): Promise<Failed | undefined> {
  const lives = fc.sample(property, { seed: SEED, numRuns: LIVES }).entries();
  let failed: Failed | undefined;
  const lane = async () => {
    for (const [number, [one]] of lives) {
      if (failed) return;
      await live({ product, sql, faults, count }, one).catch((error: unknown) => {
        failed ??= { number: String(number), error };
      });
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
  return failed;
}

/** The shortest life that still fails; the life itself where it does not fail again. */
async function shortest({ number, error }: Failed): Promise<string | undefined> {
  const again = { seed: SEED, path: number, numRuns: 1, interruptAfterTimeLimit: SHRINKING_MS };
  const { failed, counterexample, counterexamplePath, errorInstance } = await fc.check(property, again);
  if (!failed) return error === undefined ? undefined : told(number, undefined, error);
  return told(counterexamplePath ?? number, counterexample?.[0], errorInstance);
}

function told(path: string, one: Life | undefined, error: unknown): string {
  const { stack = '', actual, expected } = error as { stack?: string; actual?: unknown; expected?: unknown };
  const why = [stack, ...(actual === undefined ? [] : [{ actual, expected }])].map(shown).join('\n');
  return `RANDOM_SEED=${SEED} RANDOM_LIFE=${path}\n${one ? JSON.stringify(one) : 'It did not fail again.'}\n${why}`;
}

function shown(part: unknown): string {
  return typeof part === 'string' ? part : JSON.stringify(part);
}

function census(): string {
  const counted = [...seen].toSorted(([a], [b]) => a.localeCompare(b));
  return counted.map(([what, times]) => `${what} ${times}`).join(', ');
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
