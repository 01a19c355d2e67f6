import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readStackEnv } from '../../config/env.ts';
import { migrate } from '../../db/migrate.ts';
import { seed } from '../seed.ts';
import { guardFolder } from './guard.ts';
import type { Part } from './part.ts';
import { claimFolder, endLeftovers, releaseFolder } from './leftovers.ts';
import type { PartName, StackAddresses, StackOptions } from './options.ts';
import { stackParts } from './parts.ts';
import { freePorts, LOCALHOST, requireFreePorts, type NamedPort } from './ports.ts';
import { APP_LOGIN, createDatabase, databaseUrl, ensureAppLogin, OWNER } from './postgres.ts';
import { supervisor } from './supervise.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DATABASE = 'vuoro';

export interface Stack {
  /** What it was made from: another stack made from the same goes on where this one ended. */
  options: StackOptions;
  addresses: StackAddresses;
  taskQueue: string;
  parts: ReadonlyMap<PartName, Part>;
  start: () => Promise<void>;
  stop: () => Promise<void>;
}

/** PostgreSQL, Temporal, simulator, worker and API as processes of their own, not yet started. */
export function createStack(options: StackOptions): Stack {
  const { dir, report = () => {} } = options;
  const taskQueue = options.taskQueue ?? 'vuoro';
  const addresses = addressesOf(options);
  let isStopping = false;
  const restart = supervisor({ report, isStopping: () => isStopping });
  const parts = stackParts(options, addresses, taskQueue, (part, reason) => {
    if (options.isSupervised) void restart(part, reason);
  });

  async function bring(name: PartName): Promise<void> {
    const part = parts.get(name);
    if (part === undefined) return;
    if (isStopping) throw new Error('The stack was stopped while it started.');
    const began = performance.now();
    await part.start();
    report(`${name} is ready (${((performance.now() - began) / 1_000).toFixed(1)} s)`);
  }

  async function start(): Promise<void> {
    claimFolder(dir);
    await endLeftovers(dir, report);
    await requireFreePorts(portsToTake(options));
    await Promise.all([
      bring('PostgreSQL').then(() => prepareDatabase(addresses, parts.has('PostgreSQL'))),
      bring('Temporal'),
    ]);
    await Promise.all([bring('simulator'), bring('worker'), bring('API')]);
  }

  async function stop(): Promise<void> {
    isStopping = true;
    // What talks to the servers ends first, so that nothing complains about their absence.
    await stopParts(['API', 'simulator', 'worker']);
    await stopParts(['Temporal', 'PostgreSQL']);
    releaseFolder(dir);
  }

  const stopParts = (names: PartName[]) => Promise.all(names.map(async (name) => parts.get(name)?.stop()));

  return { options, addresses, taskQueue, parts, start, stop };
}

/** As `createStack`, and started: all of it, or nothing is left of it. */
async function startStack(options: StackOptions): Promise<Stack> {
  const stack = createStack(options);
  try {
    await stack.start();
    return stack;
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

/** What `npm run dev` runs: data in `.local/`, unless the environment chooses another folder, as it does ports and servers. */
export function localStackOptions(): StackOptions {
  const { ports, dataDir = join(ROOT, '.local'), ...chosen } = readStackEnv();
  return { dir: resolve(dataDir), ports, ...chosen, isDurable: true, isSupervised: true };
}

/** A stack on free ports in a folder that is gone with it, and gone with us if we are killed. */
export async function startTemporaryStack(options: Partial<StackOptions> = {}): Promise<Stack> {
  const dir = mkdtempSync(join(tmpdir(), 'vuoro-stack-'));
  guardFolder(dir);
  const [api, simulator, temporal, temporalUi, postgres] = (await freePorts(5)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const ports = { api, simulator, temporal, temporalUi, postgres };
  const remove = (): void => rmSync(dir, { recursive: true, force: true });
  try {
    const stack = await startStack({
      dir,
      ports,
      temporalCli: readStackEnv().temporalCli,
      isDurable: false,
      ...options,
    });
    return { ...stack, stop: () => stack.stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

function addressesOf(options: StackOptions): StackAddresses {
  const { ports } = options;
  return {
    api: `http://${LOCALHOST}:${ports.api}`,
    simulator: `http://${LOCALHOST}:${ports.simulator}`,
    temporal: options.temporalAddress ?? `${LOCALHOST}:${ports.temporal}`,
    temporalUi: options.temporalAddress === undefined ? `http://${LOCALHOST}:${ports.temporalUi}` : undefined,
    ...databasesOf(options),
  };
}

function databasesOf({ databaseUrl: app, migrationDatabaseUrl: owner, ports }: StackOptions) {
  if (app !== undefined && owner !== undefined) return { database: app, migrationDatabase: owner };
  if (app === undefined && owner === undefined) {
    return {
      database: databaseUrl(ports.postgres, APP_LOGIN, DATABASE),
      migrationDatabase: databaseUrl(ports.postgres, OWNER, DATABASE),
    };
  }
  throw new Error(
    'DATABASE_URL and MIGRATION_DATABASE_URL belong together: set both to use a PostgreSQL of your own, or neither.',
  );
}

async function prepareDatabase({ migrationDatabase }: StackAddresses, isOurs: boolean): Promise<void> {
  if (isOurs) {
    const { port } = new URL(migrationDatabase);
    await createDatabase(databaseUrl(Number(port), OWNER, 'postgres'), DATABASE);
  }
  await migrate(migrationDatabase);
  if (isOurs) await ensureAppLogin(migrationDatabase, APP_LOGIN.user, APP_LOGIN.password);
  await seed(migrationDatabase);
}

function portsToTake({ ports, temporalAddress, databaseUrl: ownDatabase }: StackOptions): NamedPort[] {
  return [
    { part: 'the API', port: ports.api, setting: 'API_PORT' },
    { part: 'the simulator', port: ports.simulator, setting: 'SIMULATOR_PORT' },
    ...(temporalAddress === undefined
      ? [
          { part: 'Temporal', port: ports.temporal, setting: 'TEMPORAL_PORT' },
          { part: 'the Temporal UI', port: ports.temporalUi, setting: 'TEMPORAL_UI_PORT' },
        ]
      : []),
    ...(ownDatabase === undefined ? [{ part: 'PostgreSQL', port: ports.postgres, setting: 'POSTGRES_PORT' }] : []),
  ];
}
