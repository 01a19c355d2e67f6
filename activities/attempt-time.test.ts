import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, it } from 'vitest';
import { HOUR } from '../domain/interval.ts';
import { attemptTime } from './attempt-time.ts';

const timeOfTry = (scheduledAt: number): Promise<number> =>
  new MockActivityEnvironment({ currentAttemptScheduledTimestampMs: scheduledAt }).run(() =>
    Promise.resolve(attemptTime()),
  );

it('is the real clock where the try has waited for a worker', async () => {
  const before = Date.now();
  expect(await timeOfTry(before - 5 * HOUR)).toBeGreaterThanOrEqual(before);
});

it('is when the try was scheduled where the workflow has travelled ahead', async () => {
  const ahead = Date.now() + 5 * HOUR;
  expect(await timeOfTry(ahead)).toBe(ahead);
});
