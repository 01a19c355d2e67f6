import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programPidFile, PROGRAMS } from './programs.ts';
import { commandLine, endLeftover, livingProcess } from './processes.ts';
import { postgresDir, postgresPidFile } from './postgres.ts';
import { temporalDir, temporalPidFile } from './temporal.ts';

/** One stack a folder: a second start while the first is alive would end the first one's parts. */
export function claimFolder(dir: string): void {
  const owner = livingProcess(ownerFile(dir));
  if (owner !== undefined && owner !== process.pid) {
    throw new Error(
      `The stack is already running, as process ${owner}. Stop it there with Ctrl-C, or by: kill ${owner}`,
    );
  }
  mkdirSync(dir, { recursive: true });
  writeFileSync(ownerFile(dir), `${process.pid}\n${commandLine(process.pid).split('\n')[0]}\n`);
}

export function releaseFolder(dir: string): void {
  if (livingProcess(ownerFile(dir)) === process.pid) rmSync(ownerFile(dir), { force: true });
}

/** Ends the parts of an earlier run that was killed by force, the programs before the servers. */
export async function endLeftovers(dir: string, report: (line: string) => void): Promise<void> {
  const programs = PROGRAMS.map((name) => endLeftover(programPidFile(dir, name), 'SIGTERM', 10_000));
  const ended = await Promise.all(programs);
  ended.push(await endLeftover(temporalPidFile(temporalDir(dir)), 'SIGTERM', 10_000));
  ended.push(await endLeftover(postgresPidFile(postgresDir(dir)), 'SIGINT', 15_000));
  const count = ended.filter(Boolean).length;
  if (count > 0) report(`ended ${count} ${count === 1 ? 'process' : 'processes'} that an earlier run had left behind`);
}

function ownerFile(dir: string): string {
  return join(dir, 'stack.owner');
}
