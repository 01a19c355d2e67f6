import { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isListening, LOCALHOST } from './ports.ts';
import { endLeftover, endProcess, lastLines, startProcess, type RunningProcess } from './processes.ts';

/** What operators can search appointments by. */
const SEARCH_ATTRIBUTES = {
  ClinicId: 'Keyword',
  ProviderId: 'Keyword',
  AppointmentStatus: 'Keyword',
  OpeningStatus: 'Keyword',
  PatientRef: 'Keyword',
  StartsAt: 'Datetime',
} as const;

const SETTINGS = {
  // Virtual time: the first key is for server 1.32, the second for later ones; a server ignores a key it does not know.
  'frontend.WorkflowTimeSkippingEnabled': true,
  'system.workflowTimeSkippingEnabled': true,
  // One partition: on two cores the slowest starts under load took 0.6 s in place of 2 s.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // Timers are looked at this much late; with the default of 1 s virtual time takes a second for every timer it meets.
  'history.timerProcessorMaxTimeShift': '"10ms"',
};

export interface TemporalOptions {
  binary: string;
  /** Holds the log and the pid file. */
  dir: string;
  port: number;
  uiPort: number;
  /** Keep workflows in a file below `dir`; otherwise they end with the server. */
  isDurable: boolean;
}

export interface TemporalServer {
  address: string;
  uiUrl: string;
  pid: number;
  process: RunningProcess;
  stop: () => Promise<void>;
}

/**
 * Starts a development server and waits until it answers. A leftover of an earlier run in this folder is ended first. For its
 * own services the server looks for free ports itself, and ends if another program takes one in between: it is started again.
 */
export async function startTemporal(options: TemporalOptions, attempts = 3): Promise<TemporalServer> {
  try {
    return await startOnce(options);
  } catch (error) {
    if (attempts === 1 || !(error instanceof EndedAtStart)) throw error;
    return startTemporal(options, attempts - 1);
  }
}

class EndedAtStart extends Error {}

async function startOnce(options: TemporalOptions): Promise<TemporalServer> {
  mkdirSync(options.dir, { recursive: true });
  const logFile = join(options.dir, 'temporal.log');
  const pidFile = temporalPidFile(options.dir);
  await endLeftover(pidFile, 'SIGTERM', 10_000);
  const address = `${LOCALHOST}:${options.port}`;
  const running = startProcess({
    command: options.binary,
    args: serverArguments(options),
    pidFile,
    mark: serverMark(options),
    logFile,
  });
  try {
    await untilServing(options.port, running, logFile);
    if (options.isDurable) await addSearchAttributes(address);
  } catch (error) {
    await endProcess(running.pid, 'SIGTERM', 5_000);
    throw error;
  }
  return {
    address,
    uiUrl: `http://${LOCALHOST}:${options.uiPort}`,
    pid: running.pid,
    process: running,
    stop: () => endProcess(running.pid, 'SIGTERM', 10_000),
  };
}

export function temporalDir(stackDir: string): string {
  return join(stackDir, 'temporal');
}

export function temporalPidFile(dir: string): string {
  return join(dir, 'temporal.pid');
}

function serverArguments(options: TemporalOptions): string[] {
  const args = ['server', 'start-dev', '--ip', LOCALHOST, '--log-level', 'error'];
  args.push('--port', String(options.port), '--ui-port', String(options.uiPort));
  if (options.isDurable) args.push('--db-filename', databaseFile(options.dir), '--sqlite-pragma', 'journal_mode=WAL');
  for (const [name, type] of Object.entries(SEARCH_ATTRIBUTES)) args.push('--search-attribute', `${name}=${type}`);
  for (const [key, value] of Object.entries(SETTINGS)) args.push('--dynamic-config-value', `${key}=${value}`);
  return args;
}

function serverMark(options: TemporalOptions): string {
  return options.isDurable ? databaseFile(options.dir) : `--port ${options.port} `;
}

function databaseFile(dir: string): string {
  return join(dir, 'temporal.sqlite');
}

async function untilServing(port: number, running: RunningProcess, logFile: string): Promise<void> {
  const address = `${LOCALHOST}:${port}`;
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (running.hasExited())
      throw new EndedAtStart(
        `The Temporal server ended at its start (${await running.exited}):\n${lastLines(logFile)}`,
      );
    if ((await isListening(port)) && (await answers(address))) return;
    if (Date.now() > deadline)
      throw new Error(`The Temporal server does not answer on ${address}; ${logFile} ends:\n${lastLines(logFile)}`);
    await delay(50);
  }
}

// The server heeds its arguments in a new file only; one of an earlier release lacks what came since.
async function addSearchAttributes(address: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => !(name in customAttributes));
    if (missing.length === 0) return;
    const { INDEXED_VALUE_TYPE_KEYWORD, INDEXED_VALUE_TYPE_DATETIME } = proto.temporal.api.enums.v1.IndexedValueType;
    const types = { Keyword: INDEXED_VALUE_TYPE_KEYWORD, Datetime: INDEXED_VALUE_TYPE_DATETIME };
    const searchAttributes = Object.fromEntries(missing.map(([name, type]) => [name, types[type]]));
    await connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes });
  } finally {
    await connection.close();
  }
}

// Only called once the port listens: a refused first attempt would make the channel wait a second for the next.
async function answers(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: 1_000 });
    try {
      await connection.withDeadline(Date.now() + 1_000, () =>
        connection.workflowService.describeNamespace({ namespace: 'default' }),
      );
      return true;
    } finally {
      await connection.close();
    }
  } catch {
    return false;
  }
}
