import { expect, it } from 'vitest';
import { answersOk } from '../../scripts/local-stack/health.ts';
import { commandLine } from '../../scripts/local-stack/processes.ts';
import { startTemporaryStack } from '../../scripts/local-stack/stack.ts';

it('comes up from nothing, bears the loss of every part by force, and leaves no process behind', async () => {
  const stack = await startTemporaryStack();
  const isReady = () => answersOk(`${stack.addresses.api}/readyz`);
  try {
    expect(await isReady()).toBe(true);
    for (const part of stack.parts.values()) {
      const pid = part.pid()!;
      await part.kill();
      expect(commandLine(pid)).toBe('');
      await part.start();
      expect(part.pid()).not.toBe(pid);
    }
    await expect.poll(isReady, { timeout: 20_000 }).toBe(true);
  } finally {
    const pids = [...stack.parts.values()].map((part) => part.pid()!);
    await stack.stop();
    expect(pids.map(commandLine).filter((command) => command !== '')).toEqual([]);
  }
});
