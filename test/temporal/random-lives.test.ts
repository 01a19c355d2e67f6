import fc from 'fast-check';
import postgres from 'postgres';
import { afterAll, expect, it } from 'vitest';
import type { Activities } from '../../activities/index.ts';
import { passingFaults } from '../support/faults.ts';
import { type Wrap, startProduct } from '../support/product.ts';
import { type Life, life } from './random-lives/commands.ts';
import { made } from './random-lives/made.ts';
import { live } from './random-lives/run.ts';

/** `RANDOM_LIVES=10000 RANDOM_SEED=2` lives more and others; with `RANDOM_LIFE`, as a failure tells it, that one again. */
const LIVES = Number(process.env['RANDOM_LIVES'] ?? 300);
const SEED = Number(process.env['RANDOM_SEED'] ?? 1);
const ONLY = process.env['RANDOM_LIFE'];
const SIDE_BY_SIDE = 12;
/** So many activities: some seconds of work, however slow the machine is. */
const SHIFT = 200;
const SHRINKING_MS = 180_000;

/** What so many lives bring about, a dozen times at least: were it never seen, they would prove little. */
const ENOUGH = 300;
const common = `booked held preReserved confirmed moved cancelled expired told-of-booked told-of-ask
  told-of-moved told-of-reminder told-of-expired nothing-to-do ACTION_NOT_ALLOWED VALIDATION_FAILED`.split(/\s+/);
/** What some of them are made for. */
const certain = `extended noShow completed released SLOT_TAKEN NOT_BOOKABLE REASON_REQUIRED STAFF_ONLY
  TOO_LATE_TO_CANCEL TOO_LATE_TO_MOVE PATIENT_OVERLAP CONFIRMATION_TIME_TOO_SHORT APPOINTMENT_EXPIRED
  APPOINTMENT_CLOSED task-undeliverable`.split(/\s+/);

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
    const failed = ONLY === undefined ? await liveAll() : { path: ONLY };
    const story = failed && (await shortest(failed));
    await shifts.end();
    console.info(census());
    expect(story).toBeUndefined();
    const expected = LIVES >= ENOUGH ? [...certain, ...common] : certain;
    expect([...seen.keys()]).toEqual(expect.arrayContaining(ONLY === undefined ? expected : []));
  },
  LIVES * 6_000 + 2 * SHRINKING_MS,
);

/** `path` leads to it; one that was made has none, and is as short as it can be. */
interface Failed {
  path?: string;
  one?: Life;
  error?: unknown;
}

/** All of them, some side by side, until one is not as it should be. */
async function liveAll(): Promise<Failed | undefined> {
  const sampled = fc.sample(property, { seed: SEED, numRuns: LIVES - made.length });
  const byChance = sampled.map(([one], number) => ({ one, path: String(number) }));
  const lives = [...byChance, ...made.map((one) => ({ one }))].values();
  let failed: Failed | undefined;
  const lane = async () => {
    for (const next of lives) {
      if (failed) return;
      await live({ product, sql, faults, count }, next.one).catch((error: unknown) => {
        failed ??= { ...next, error };
      });
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
  return failed;
}

/** The shortest life that still fails; the life itself where it does not fail again. */
async function shortest({ path, one, error }: Failed): Promise<string | undefined> {
  if (path === undefined) return told('none', one, error);
  const again = { seed: SEED, path, numRuns: 1, interruptAfterTimeLimit: SHRINKING_MS };
  const { failed, counterexample, counterexamplePath, errorInstance } = await fc.check(property, again);
  if (!failed) return error === undefined ? undefined : told(path, undefined, error);
  // Where the machine is slow, not one of them may have been over in time.
  const why = errorInstance ?? error ?? new Error('It did not end in time.');
  return told(counterexamplePath ?? path, counterexample?.[0], why);
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

/** After so much work the worker goes home and another one comes: with an empty cache, one in four without any. */
function workInShifts() {
  let isOn = true;
  let goHome = (): void => {};
  const working = (async () => {
    for (let number = 1; isOn; number++) {
      const atHome = new Promise<void>((resolve) => (goHome = resolve));
      const options = number % 4 === 0 ? { maxCachedWorkflows: 0 } : {};
      const worker = await product.startWorker(tiring(goHome), options);
      if (isOn) await atHome;
      await worker.stop();
    }
  })();
  return {
    end: () => {
      isOn = false;
      goHome();
      return working;
    },
  };
}

function tiring(goHome: () => void): Wrap {
  let left = SHIFT;
  const counted =
    <Input, Output>(activity: (input: Input) => Promise<Output>) =>
    (input: Input): Promise<Output> => {
      left -= 1;
      if (left === 0) goHome();
      return activity(input);
    };
  const activities = (real: Activities) =>
    Object.fromEntries(
      Object.entries(faults.wrap.activities!(real)).map(([name, activity]) => [name, counted(activity as never)]),
    ) as unknown as Activities;
  return { ...faults.wrap, activities };
}
