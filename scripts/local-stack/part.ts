import { endProcess, type RunningProcess } from './processes.ts';

/** One process of the stack. It can be stopped, killed and started again on its own, as tests of crashes do. */
export interface Part {
  readonly name: string;
  /** Undefined while it is down. */
  pid: () => number | undefined;
  /** Starts it and waits until it can be used. */
  start: () => Promise<void>;
  stop: () => Promise<void>;
  /** Ends it by `kill -9`, without any goodbye. */
  kill: () => Promise<void>;
}

export interface PartDescription {
  name: string;
  launch: () => RunningProcess | Promise<RunningProcess>;
  /** Called again and again until it says yes, or the process has ended. */
  isHealthy: (running: RunningProcess) => Promise<boolean>;
  stopBy: { signal: NodeJS.Signals; patienceMs: number };
  /** Told when it ended although nobody asked for it. */
  onLost: (part: Part, reason: string) => void;
}

const HEALTHY_WITHIN_MS = 60_000;

export function createPart({ name, launch, isHealthy, stopBy, onLost }: PartDescription): Part {
  let current: RunningProcess | undefined;
  let launching: Promise<RunningProcess> | undefined;

  async function untilHealthy(running: RunningProcess): Promise<void> {
    const deadline = Date.now() + HEALTHY_WITHIN_MS;
    while (!(await isHealthy(running))) {
      if (running.hasExited()) throw new Error(`${name} ended at its start (${await running.exited}).`);
      if (Date.now() > deadline) throw new Error(`${name} is not ready after ${HEALTHY_WITHIN_MS / 1_000} s.`);
      await pause(50);
    }
  }

  async function end(signal: NodeJS.Signals, patienceMs: number): Promise<void> {
    await launching?.catch(() => undefined);
    const running = current;
    current = undefined;
    if (!running || running.hasExited()) return;
    await endProcess(running.pid, signal, patienceMs);
    // A process that is dying has ports until its last thread is gone, and its parent is told.
    await running.exited;
  }

  const part: Part = {
    name,
    pid: () => current?.pid,
    start: async () => {
      launching = Promise.resolve(launch());
      const running = await launching;
      current = running;
      await untilHealthy(running);
      void running.exited.then((reason) => {
        if (current !== running) return;
        current = undefined;
        onLost(part, reason);
      });
    },
    stop: () => end(stopBy.signal, stopBy.patienceMs),
    kill: () => end('SIGKILL', 5_000),
  };
  return part;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
