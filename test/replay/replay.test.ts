import { Runtime, Worker } from '@temporalio/worker';
import { readFileSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { kallio } from '../../scripts/seed/kallio.ts';
import { bundleQuietly } from '../support/bundle.ts';

const HISTORIES = new URL('./histories/', import.meta.url);

const names = readdirSync(HISTORIES, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
const lives = names.toSorted().map((name) => [name, readFileSync(new URL(name, HISTORIES), 'utf8')] as const);

beforeAll(() => {
  // What does not replay is logged; here it is what the tests look for.
  const logger = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
  Runtime.install({ logger, telemetryOptions: { logging: { filter: 'OFF' } } });
});

describe('the workflows of today', () => {
  let code: string;

  beforeAll(async () => {
    ({ code } = await bundleQuietly(new URL('../../workflows/index.ts', import.meta.url)));
  });

  it.each(lives)('live %s again as it was', async (_, history) => {
    await expect(replay(code, history)).resolves.toBeUndefined();
  });
});

describe('a workflow that was changed under running appointments is refused:', () => {
  const [, booked] = lives.find(([name]) => name.endsWith('booked-to-completed.json'))!;

  it.each(['naps first', 'tells first', 'ends early'])('one that %s', async (change) => {
    const { code } = await bundleQuietly(changed(change));
    await expect(replay(code, booked)).rejects.toMatchObject({ name: 'DeterminismViolationError' });
  });

  it('one that reads a file is not even bundled', async () => {
    await expect(bundleQuietly(changed('reads a file'))).rejects.toThrow('Webpack finished with errors');
  });
});

describe('a recorded history', () => {
  const people = kallio.patients.flatMap(({ firstName, lastName, mobile }) => [firstName, lastName, mobile]);
  const addresses = [...kallio.senders.map(({ address }) => address), kallio.clinic.phone];

  it.each(lives)('%s says nothing of a person', (_, history) => {
    const said = [history, ...payloadsOf(history)].join('\n');
    expect([...people, ...addresses].filter((name) => said.includes(name!))).toEqual([]);
  });

  it.each(lives)('%s says nothing of the machine that recorded it', (_, history) => {
    expect(/\d+@[\w.-]+|file:\/\/|node_modules/.exec([history, ...payloadsOf(history)].join('\n'))).toBeNull();
  });
});

function changed(how: string): URL {
  return new URL(`./changed/${how.replaceAll(' ', '-')}.workflow.ts`, import.meta.url);
}

function replay(code: string, history: string): Promise<void> {
  return Worker.runReplayHistory({ workflowBundle: { code } }, JSON.parse(history));
}

/** All payloads, in the clear. */
function payloadsOf(history: string): string[] {
  return [...history.matchAll(/"data": "([^"]*)"/g)].map((match) => Buffer.from(match[1]!, 'base64').toString('utf8'));
}
