import { Context } from '@temporalio/activity';
import type { Instant } from '../domain/interval.ts';

/**
 * The workflow's clock at this very try, by which quiet hours and usefulness are judged: after a wait too, be it for the
 * provider or for a worker. A clock that has travelled ahead stands where the try was scheduled.
 */
export function attemptTime(): Instant {
  return Math.max(Context.current().info.currentAttemptScheduledTimestampMs, Date.now());
}
