import { account, mailAccount } from '../../simulator/account.ts';
import { answersOk, workerPolls } from './health.ts';
import type { PartName, StackAddresses, StackOptions } from './options.ts';
import { createPart, type Part, type PartDescription } from './part.ts';
import { startProgram, type ProgramName } from './programs.ts';
import { postgresDir, startPostgres } from './postgres.ts';
import type { RunningProcess } from './processes.ts';
import { temporalBinary } from './temporal-binary.ts';
import { startTemporal, temporalDir } from './temporal.ts';

/** The parts that this stack runs itself; servers that somebody else runs are not among them. */
export function stackParts(
  options: StackOptions,
  addresses: StackAddresses,
  taskQueue: string,
  onLost: (part: Part, reason: string) => void,
): Map<PartName, Part> {
  const env = programEnvironment(options, addresses, taskQueue);
  const programs: Record<ProgramName, (running: RunningProcess) => Promise<boolean>> = {
    simulator: () => answersOk(`${addresses.simulator}/`),
    worker: ({ pid }) => workerPolls(addresses.temporal, taskQueue, pid),
    API: () => answersOk(`${addresses.api}/readyz`),
  };
  const parts = new Map<PartName, Part>();
  if (options.databaseUrl === undefined) parts.set('PostgreSQL', createPart({ ...postgresPart(options), onLost }));
  if (options.temporalAddress === undefined) parts.set('Temporal', createPart({ ...temporalPart(options), onLost }));
  for (const [name, isHealthy] of Object.entries(programs) as [ProgramName, () => Promise<boolean>][]) {
    const output = (line: string): void => options.output?.(name, line);
    const launch = (): RunningProcess => startProgram({ name, dir: options.dir, env, output });
    // Longer than a worker or an API takes to finish what it began.
    const stopBy = { signal: 'SIGTERM', patienceMs: 30_000 } as const;
    parts.set(name, createPart({ name, launch, isHealthy, stopBy, onLost }));
  }
  return parts;
}

type ServerPart = Omit<PartDescription, 'onLost'>;

function postgresPart({ dir, ports, isDurable = true }: StackOptions): ServerPart {
  return {
    name: 'PostgreSQL',
    launch: async () => (await startPostgres({ dir: postgresDir(dir), port: ports.postgres, isDurable })).process,
    isHealthy: () => Promise.resolve(true),
    stopBy: { signal: 'SIGINT', patienceMs: 15_000 },
  };
}

function temporalPart({ dir, ports, temporalCli, report }: StackOptions): ServerPart {
  return {
    name: 'Temporal',
    launch: async () => {
      const binary = await temporalBinary({ chosen: temporalCli, ...(report ? { report } : {}) });
      const { temporal: port, temporalUi: uiPort } = ports;
      return (await startTemporal({ binary, dir: temporalDir(dir), port, uiPort, isDurable: true })).process;
    },
    isHealthy: () => Promise.resolve(true),
    stopBy: { signal: 'SIGTERM', patienceMs: 10_000 },
  };
}

function programEnvironment(
  { ports }: StackOptions,
  addresses: StackAddresses,
  taskQueue: string,
): Record<string, string> {
  return {
    DATABASE_URL: addresses.database,
    TEMPORAL_ADDRESS: addresses.temporal,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_TASK_QUEUE: taskQueue,
    PUBLIC_URL: addresses.api,
    PORT: String(ports.api),
    API_URL: addresses.api,
    SIMULATOR_PORT: String(ports.simulator),
    TWILIO_BASE_URL: addresses.simulator,
    TWILIO_ACCOUNT_SID: account.sid,
    TWILIO_AUTH_TOKEN: account.authToken,
    SENDGRID_BASE_URL: addresses.simulator,
    SENDGRID_API_KEY: mailAccount.apiKey,
    SENDGRID_WEBHOOK_PUBLIC_KEY: mailAccount.eventPublicKey,
  };
}
