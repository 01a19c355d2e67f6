import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createPart, type PartDescription } from './part.ts';
import { commandLine, startProcess } from './processes.ts';

const dir = mkdtempSync(join(tmpdir(), 'vuoro-part-'));
afterAll(() => rmSync(dir, { recursive: true }));

const losses: string[] = [];
const node = (script: string) => () =>
  startProcess({ command: process.execPath, args: ['-e', script, dir], pidFile: join(dir, 'part.pid'), mark: dir });
const idle: PartDescription = {
  name: 'idle',
  launch: node('setInterval(() => {}, 1000)'),
  isHealthy: () => Promise.resolve(true),
  stopBy: { signal: 'SIGTERM', patienceMs: 5_000 },
  onLost: (_part, reason) => losses.push(reason),
};

it('can be stopped and killed without being counted as lost, and started again', async () => {
  const part = createPart(idle);
  await part.start();
  const first = part.pid()!;
  await part.stop();
  await part.start();
  const second = part.pid()!;
  await part.kill();
  expect([first, second].map(commandLine)).toEqual(['', '']);
  expect(part.pid()).toBeUndefined();
  expect(losses).toEqual([]);
});

it('is reported as lost when it ends by itself', async () => {
  const part = createPart(idle);
  await part.start();
  process.kill(part.pid()!, 'SIGKILL');
  await expect.poll(() => losses).toEqual(['signal SIGKILL']);
  expect(part.pid()).toBeUndefined();
});

it('is not waited for any longer once its process has ended', async () => {
  const part = createPart({ ...idle, launch: node('process.exit(3)'), isHealthy: () => Promise.resolve(false) });
  await expect(part.start()).rejects.toThrow('idle ended at its start (exit code 3).');
});
