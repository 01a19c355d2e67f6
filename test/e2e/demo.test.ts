import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../scripts/local-stack/ports.ts';
import { type Stack, startTemporaryStack } from '../../scripts/local-stack/stack.ts';

const DEMO = fileURLToPath(new URL('../../scripts/demo.ts', import.meta.url));

let stack: Stack;
beforeAll(async () => {
  stack = await startTemporaryStack();
});
afterAll(() => stack?.stop());

/** Runs `npm run demo` against this stack; answers its exit code and what it told. */
async function demo(otherPorts: Record<string, string> = {}): Promise<{ code: number; told: string }> {
  const { api, simulator, temporalUi } = stack.addresses;
  const portOf = (address: string | undefined) => new URL(address ?? '').port;
  const ports = { API_PORT: portOf(api), SIMULATOR_PORT: portOf(simulator), TEMPORAL_UI_PORT: portOf(temporalUi) };
  const child = spawn(process.execPath, ['--import', 'tsx', DEMO], {
    env: { ...process.env, ...ports, ...otherPorts },
  });
  let told = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, told };
}

it('tells the story of all three lives, and once more on the same data', async () => {
  const first = await demo();
  expect(first.told).toContain('at 13:00 on the clinic');
  const parts = ['moves it by the same link', 'TOO_LATE_TO_CANCEL', 'expired', 'REASON_REQUIRED'];
  for (const part of [...parts, 'two of them answer', 'one of them has it', 'the offering ends at once']) {
    expect(first.told).toContain(part);
  }
  expect(first.told).toContain('/namespaces/default/workflows/');
  expect(first).toMatchObject({ code: 0 });
  const second = await demo();
  expect(second).toMatchObject({ code: 0 });
});

it('fails where the system does something else than the story says', async () => {
  const kaethe = '+491713920012';
  const init = { method: 'POST', headers: { 'content-type': 'application/json' } };
  const body = JSON.stringify({ to: kaethe, outcome: 'invalid' });
  await fetch(`${stack.addresses.simulator}/_sim/behaviour`, { ...init, body });
  const { code, told } = await demo();
  expect(told).toContain('did not happen');
  expect(code).toBe(1);
});

it('fails where nobody is to be reached', async () => {
  const { code, told } = await demo({ SIMULATOR_PORT: String(await freePort()) });
  expect(told).toContain('✗');
  expect(code).toBe(1);
});
