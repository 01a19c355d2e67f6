import { performance } from 'node:perf_hooks';
import { SECOND } from '../domain/interval.ts';

/** Less than the 20 seconds that a caller waits at most: the rest is for the database. */
export const WAITING = 18 * SECOND;

/** What is left of the time that one request may wait for Temporal; at least a moment, so that a call is tried. */
export function timeLimit(): () => number {
  const start = performance.now();
  return () => Math.max(100, WAITING - (performance.now() - start));
}
