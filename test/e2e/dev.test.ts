import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, expect, it } from 'vitest';
import { freePorts, isListening } from '../../scripts/local-stack/ports.ts';
import { kallio } from '../../scripts/seed/kallio.ts';

const dir = mkdtempSync(join(tmpdir(), 'vuoro-dev-'));
const names = ['API_PORT', 'SIMULATOR_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'POSTGRES_PORT'];
const ports = await freePorts(names.length);
const env = {
  ...process.env,
  DATA_DIR: dir,
  ...Object.fromEntries(names.map((name, index) => [name, String(ports[index])])),
};

const running = new Set<ChildProcess>();
afterEach(async () => {
  for (const child of running) {
    child.kill('SIGINT');
    await once(child, 'close');
  }
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A script of the package, as a person runs it in a terminal. */
function run(script: string): { child: ChildProcess; told: () => string; ended: Promise<number> } {
  const path = fileURLToPath(new URL(`../../scripts/${script}`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', path], { env });
  running.add(child);
  let told = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child);
    return code as number;
  });
  return { child, told: () => told, ended };
}

async function untilUp({ told, ended }: ReturnType<typeof run>): Promise<string> {
  const isEnded = ended.then((code) => `ended with ${code}: ${told()}`);
  for (;;) {
    const end = await Promise.race([isEnded, new Promise((resolve) => setTimeout(resolve, 50))]);
    expect(end).toBeUndefined();
    if (told().includes('Ctrl-C stops everything')) return told();
  }
}

it('starts everything by one command, says where it is, stops cleanly, and finds its data again', async () => {
  const first = run('dev.ts');
  const [, welcome = ''] = (await untilUp(first)).split('Vuoro is up');
  const [api, ...pages] = welcome.match(/http:\/\/127\.0\.0\.1:\d+(\/docs)?(?=\s)/g)!;
  expect(pages).toHaveLength(3);
  for (const place of [`${api}/readyz`, ...pages]) {
    const response = await fetch(place);
    // A page that is not read to its end keeps its connection open.
    await response.text();
    expect(response.status).toBe(200);
  }
  const [, key] = /Bearer (vk_test_\w+)/.exec(welcome)!;
  const [, path] = /'(http\S+availability\S+)'/.exec(welcome)!;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const { slots } = (await (await fetch(path!, { headers })).json()) as {
    slots: { providerId: string; startsAt: string }[];
  };
  expect(slots).toHaveLength(5);
  const { providerId, startsAt } = slots[4]!;
  const wish = {
    mode: 'book',
    actor: 'staff',
    patientId: kallio.patients[0]!.id,
    visitTypeId: kallio.visitTypes[0]!.id,
    providerId,
    startsAt,
  };
  const init = { method: 'POST', headers: { ...headers, 'idempotency-key': randomUUID() } };
  const made = await fetch(`${api}/v1/appointments`, { ...init, body: JSON.stringify(wish) });
  const { id } = (await made.json()) as { id: string };
  expect(made.status).toBe(201);

  first.child.kill('SIGINT');
  expect(await first.ended).toBe(0);
  expect(await Promise.all(ports.map(isListening))).toEqual(ports.map(() => false));

  const second = run('dev.ts');
  await untilUp(second);
  const found = await fetch(`${api}/v1/appointments/${id}`, { headers });
  expect(await found.json()).toMatchObject({ id, status: 'booked' });
  second.child.kill('SIGINT');
  expect(await second.ended).toBe(0);
});

it('tells the story of the demonstration on a stack that it starts and stops', async () => {
  const demo = run('demo.ts');
  expect([await demo.ended, demo.told()]).toEqual([0, expect.stringContaining('Stopping what was started')]);
  expect(await Promise.all(ports.map(isListening))).toEqual(ports.map(() => false));
});
