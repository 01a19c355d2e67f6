import { setTimeout as delay } from 'node:timers/promises';
import type { Part } from './part.ts';

const AT_MOST = 5;
const WITHIN_MS = 60_000;

export interface SupervisorOptions {
  report: (line: string) => void;
  isStopping: () => boolean;
  /** Between the loss and the new start. */
  pause?: () => Promise<void>;
}

/** Starts a lost part again after a moment, unless it is lost again and again. */
export function supervisor({ report, isStopping, pause = () => delay(1_000) }: SupervisorOptions) {
  const losses = new Map<string, number[]>();

  return async function restart(part: Part, reason: string): Promise<void> {
    if (isStopping()) return;
    const now = Date.now();
    const recent = [...(losses.get(part.name) ?? []), now].filter((at) => at > now - WITHIN_MS);
    losses.set(part.name, recent);
    if (recent.length > AT_MOST) {
      report(`${part.name} ended ${AT_MOST} times within a minute and stays down (${reason}).`);
      return;
    }
    report(`${part.name} ended unexpectedly (${reason}); starting it again.`);
    await pause();
    if (isStopping()) return;
    try {
      await part.start();
      report(`${part.name} is back.`);
    } catch (error) {
      await part.stop();
      await restart(part, error instanceof Error ? error.message : String(error));
    }
  };
}
