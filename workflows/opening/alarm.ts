import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import type { Instant } from '../../domain/interval.ts';

/**
 * The one timer of a life that is woken more often than it is due: it stays as it is while what it waits for does, so that
 * an answer in between costs no new one.
 */
export class Alarm {
  #at: Instant | undefined;
  #scope: CancellationScope | undefined;

  /** Wakes the workflow at that instant in place of any other; undefined = not at all. */
  set(at: Instant | undefined, summary: string): void {
    if (at === this.#at) return;
    this.#scope?.cancel();
    this.#at = at;
    this.#scope = at === undefined ? undefined : new CancellationScope();
    if (at !== undefined) void this.#scope?.run(() => this.#sleepUntil(at, summary));
  }

  async #sleepUntil(at: Instant, summary: string): Promise<void> {
    try {
      await sleep(Math.max(1, at - Date.now()), { summary });
      if (this.#at === at) this.#at = undefined;
    } catch (error) {
      if (!isCancellation(error)) throw error;
    }
  }
}
