import { setTimeout as delay } from 'node:timers/promises';
import type { Part } from './part.ts';

const AT_MOST = 5;
const WITHIN_MS = 60_000;
const PAUSE_MS = 1_000;

/** Starts a lost part again after a moment, unless it is lost again and again. */
export function supervisor(report: (line: string) => void, isStopping: () => boolean) {
  const losses = new Map<string, number[]>();

  return async function restart(part: Part, reason: string): Promise<void> {
    if (isStopping()) return;
    const now = Date.now();
    const recent = [...(losses.get(part.name) ?? []), now].filter((at) => at > now - WITHIN_MS);
    losses.set(part.name, recent);
    if (recent.length > AT_MOST) {
      report(
        `${part.name} ended ${AT_MOST} times within a minute and stays down (${reason}). Stop the stack, mend it, start again.`,
      );
      return;
    }
    report(`${part.name} ended unexpectedly (${reason}); starting it again.`);
    await delay(PAUSE_MS);
    if (isStopping()) return;
    try {
      await part.start();
      report(`${part.name} is back.`);
    } catch (error) {
      await restart(part, error instanceof Error ? error.message : String(error));
    }
  };
}
