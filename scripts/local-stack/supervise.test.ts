import { expect, it } from 'vitest';
import type { Part } from './part.ts';
import { supervisor } from './supervise.ts';

const noPause = () => Promise.resolve();

function brokenPart(failures: number): Part & { starts: () => number } {
  let starts = 0;
  return {
    name: 'worker',
    pid: () => undefined,
    start: () => {
      starts += 1;
      return starts <= failures ? Promise.reject(new Error('no database')) : Promise.resolve();
    },
    stop: noPause,
    kill: noPause,
    starts: () => starts,
  };
}

it('starts a lost part again, until it is back', async () => {
  const lines: string[] = [];
  const part = brokenPart(2);
  await supervisor({ report: (line) => lines.push(line), isStopping: () => false, pause: noPause })(
    part,
    'signal SIGKILL',
  );
  expect(part.starts()).toBe(3);
  expect(lines.at(0)).toContain('worker ended unexpectedly (signal SIGKILL)');
  expect(lines.at(-1)).toBe('worker is back.');
});

it('gives up on a part that ends again and again, and says so', async () => {
  const lines: string[] = [];
  const part = brokenPart(100);
  await supervisor({ report: (line) => lines.push(line), isStopping: () => false, pause: noPause })(
    part,
    'exit code 1',
  );
  expect(part.starts()).toBe(5);
  expect(lines.at(-1)).toContain('stays down (no database)');
});

it('starts nothing while the stack stops', async () => {
  const part = brokenPart(0);
  await supervisor({ report: () => {}, isStopping: () => true, pause: noPause })(part, 'exit code 0');
  expect(part.starts()).toBe(0);
});
