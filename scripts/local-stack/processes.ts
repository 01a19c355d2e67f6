import { spawn, spawnSync, type ChildProcess, type StdioOptions } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface ProcessOptions {
  command: string;
  args: readonly string[];
  /** Remembers the process, so that a later start finds it when this one was killed by force. */
  pidFile: string;
  /** Part of the command line that no other program has: a pid is only ever ended after this was seen in it. */
  mark: string;
  /** Output goes to this file, or to the `output` callback line by line. */
  logFile?: string;
  /** Beside our own environment. */
  env?: Record<string, string>;
}

export interface RunningProcess {
  pid: number;
  child: ChildProcess;
  /** Resolves once, with what ended it. */
  exited: Promise<string>;
  hasExited: () => boolean;
}

interface PidRecord {
  pid: number;
  mark: string;
}

/**
 * Starts a process in a group of its own, so that Ctrl-C in the terminal reaches only us and we choose the order in
 * which the parts stop.
 */
export function startProcess(options: ProcessOptions, onLine?: (line: string) => void): RunningProcess {
  mkdirSync(dirname(options.pidFile), { recursive: true });
  const log = options.logFile === undefined ? undefined : openSync(options.logFile, 'a');
  const output = log ?? 'pipe';
  const stdio: StdioOptions = ['ignore', output, output];
  const child = spawn(options.command, options.args, {
    stdio,
    detached: true,
    env: { ...process.env, ...options.env },
  });
  if (log !== undefined) closeSync(log);
  const running = watch(child);
  if (child.pid !== undefined) {
    writeFileSync(options.pidFile, `${child.pid}\n${options.mark}\n`);
  }
  if (onLine) for (const stream of [child.stdout, child.stderr]) if (stream) eachLine(stream, onLine);
  return running;
}

function watch(child: ChildProcess): RunningProcess {
  let ended = false;
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
  }).then((reason) => {
    ended = true;
    return reason;
  });
  return { pid: child.pid ?? 0, child, exited, hasExited: () => ended };
}

function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}

/** What a log ends with, to be quoted in an error: the folder of a test run or a demonstration is gone with it. */
export function lastLines(logFile: string): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-20).join('\n');
}

/** Asks the process to end with `signal` and ends it by force after `patienceMs`. */
export async function endProcess(pid: number, signal: NodeJS.Signals, patienceMs: number): Promise<void> {
  if (!send(pid, signal)) return;
  if (await goneWithin(pid, patienceMs)) return;
  send(pid, 'SIGKILL');
  if (!(await goneWithin(pid, 5_000))) throw new Error(`Process ${pid} does not end, not even by SIGKILL.`);
}

/**
 * Ends what an earlier run left behind under this pid file, after making sure that the pid still belongs to it.
 * Answers whether there was something to end.
 */
export async function endLeftover(pidFile: string, signal: NodeJS.Signals, patienceMs: number): Promise<boolean> {
  const pid = livingProcess(pidFile);
  if (pid !== undefined) await endProcess(pid, signal, patienceMs);
  rmSync(pidFile, { force: true });
  return pid !== undefined;
}

/** The process of a pid file, if it is alive and still the one that the file was written for. */
export function livingProcess(pidFile: string): number | undefined {
  const record = readPidFile(pidFile);
  return record !== undefined && commandLine(record.pid).includes(record.mark) ? record.pid : undefined;
}

function readPidFile(pidFile: string): PidRecord | undefined {
  const [pid = '', mark = ''] = readIfThere(pidFile).split('\n');
  return /^\d+$/.test(pid) && Number(pid) > 1 && mark !== '' ? { pid: Number(pid), mark } : undefined;
}

/** The command line of a process, empty when there is no such process. */
export function commandLine(pid: number): string {
  if (existsSync('/proc/self/cmdline')) return readIfThere(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
  return spawnSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

async function goneWithin(pid: number, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (isRunning(pid)) {
    if (Date.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  // A process that has ended but was not yet collected by its parent still answers to signal 0.
  return !/^\d+ \(.*\) Z/s.test(readIfThere(`/proc/${pid}/stat`));
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
