import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { startProcess, type RunningProcess } from './processes.ts';

/** Our own programs, started as `node` would start them in production but from their TypeScript. */
export const PROGRAMS = ['simulator', 'worker', 'API'] as const;
export type ProgramName = (typeof PROGRAMS)[number];

const MAINS: Record<ProgramName, URL> = {
  simulator: new URL('../../simulator/main.ts', import.meta.url),
  worker: new URL('../../worker/main.ts', import.meta.url),
  API: new URL('../../api/main.ts', import.meta.url),
};

const require = createRequire(import.meta.url);
const TSX = pathToFileURL(require.resolve('tsx')).href;

export interface ProgramOptions {
  name: ProgramName;
  dir: string;
  env: Record<string, string>;
  output: (line: string) => void;
}

export function startProgram({ name, dir, env, output }: ProgramOptions): RunningProcess {
  const main = fileURLToPath(MAINS[name]);
  const args = ['--import', TSX, main];
  return startProcess({ command: process.execPath, args, pidFile: programPidFile(dir, name), mark: main, env }, output);
}

export function programPidFile(dir: string, name: ProgramName): string {
  return join(dir, 'run', `${name.toLowerCase()}.pid`);
}
