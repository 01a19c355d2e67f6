import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guardFolder } from '../../scripts/local-stack/guard.ts';

interface Run {
  dir: string;
  started: Map<string, Promise<unknown>>;
  stops: (() => Promise<void>)[];
}

/** Each project loads its global set-up anew, so what belongs to the whole run hangs on the process. */
const holder = globalThis as { vuoroTestRun?: Run | undefined };

/** Starts a server the first time that a project asks for it. `start` gets a folder that is gone after the run. */
export function oncePerRun<T>(
  name: string,
  start: (dir: string, atEnd: (stop: () => Promise<void>) => void) => Promise<T>,
): Promise<T> {
  holder.vuoroTestRun ??= newRun();
  const run = holder.vuoroTestRun;
  const starting = run.started.get(name) ?? start(join(run.dir, name), (stop) => run.stops.push(stop));
  run.started.set(name, starting);
  return starting as Promise<T>;
}

function newRun(): Run {
  const dir = mkdtempSync(join(tmpdir(), 'vuoro-test-'));
  // Vitest leaves at once on Ctrl-C, without its tear-down.
  guardFolder(dir);
  return { dir, started: new Map(), stops: [] };
}

/** Stops everything; the project that comes second finds nothing left to do. */
export async function endRun(): Promise<void> {
  const run = holder.vuoroTestRun;
  if (run === undefined) return;
  holder.vuoroTestRun = undefined;
  await Promise.all(run.stops.map((stop) => stop()));
  rmSync(run.dir, { recursive: true, force: true });
}
