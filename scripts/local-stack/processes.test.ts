import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandLine, endLeftover, endProcess, livingProcess, startProcess } from './processes.ts';

const dir = mkdtempSync(join(tmpdir(), 'vuoro-processes-'));
const pidFile = join(dir, 'sleeper.pid');

afterAll(() => rmSync(dir, { recursive: true }));

const sleeper = (script: string) =>
  startProcess({ command: process.execPath, args: ['-e', script, dir], pidFile, mark: dir, logFile: join(dir, 'log') });
const idle = 'setInterval(() => {}, 1000); console.log("up")';
const deaf = `process.on('SIGTERM', () => {}); ${idle}`;

const isUp = () =>
  expect.poll(() => existsSync(join(dir, 'log')) && readFileSync(join(dir, 'log'), 'utf8')).toContain('up');

describe('a process of the stack', () => {
  it('is remembered by its pid file and ended by it', async () => {
    const running = sleeper(idle);
    expect(livingProcess(pidFile)).toBe(running.pid);
    expect(await endLeftover(pidFile, 'SIGTERM', 5_000)).toBe(true);
    expect(await running.exited).toBe('signal SIGTERM');
    expect(existsSync(pidFile)).toBe(false);
  });

  it('is ended by force when it does not listen', async () => {
    rmSync(join(dir, 'log'), { force: true });
    const running = sleeper(deaf);
    await isUp();
    await endProcess(running.pid, 'SIGTERM', 100);
    expect(await running.exited).toBe('signal SIGKILL');
  });

  it('is left alone when its pid now belongs to another program', async () => {
    const running = sleeper(idle);
    writeFileSync(pidFile, `${running.pid}\nanother-program\n`);
    expect(await endLeftover(pidFile, 'SIGTERM', 1_000)).toBe(false);
    expect(commandLine(running.pid)).toContain(dir);
    await endProcess(running.pid, 'SIGTERM', 5_000);
  });

  it.each(['', 'nonsense', '1\ninit\n', '-1\nx\n'])('is not looked for by a damaged pid file: %j', async (content) => {
    writeFileSync(pidFile, content);
    expect(await endLeftover(pidFile, 'SIGTERM', 1_000)).toBe(false);
  });

  it('says why it could not start', async () => {
    const missing = startProcess({ command: join(dir, 'missing'), args: [], pidFile: join(dir, 'x.pid'), mark: dir });
    expect(await missing.exited).toContain('ENOENT');
    expect(missing.hasExited()).toBe(true);
  });
});
