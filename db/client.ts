import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { createHash } from 'node:crypto';
import pg from 'pg';
import type { ClinicId } from '../domain/ids.ts';

type Drizzle = NodePgDatabase;

/** A pool of connections that sees nothing until a transaction has set its clinic. */
export interface Database {
  readonly drizzle: Drizzle;
  close(): Promise<void>;
}

/** A transaction that sees and writes one clinic's rows. */
export type ClinicTransaction = Parameters<Parameters<Drizzle['transaction']>[0]>[0];

export interface DatabaseOptions {
  /** At most so many at once: 10, unless said otherwise. */
  connections?: number;
  /** How long to wait for a connection, be it a new one or one that others have to give back: 10 s. */
  patienceMs?: number;
  /** Told of each statement, for counting them. */
  onQuery?: (statement: string) => void;
}

/** Opens a pool on the app role's URL. */
export function openDatabase(url: string, options: DatabaseOptions = {}): Database {
  const pool = openPool(url, options);
  const logger = options.onQuery ? { logQuery: options.onQuery } : false;
  const database: Drizzle = drizzle(pool, { logger });
  // The library's own keeps a connection for ever whose transaction cannot begin, and hides what went wrong behind the rollback.
  database.transaction = async (work) => {
    const client = await pool.connect();
    let isLost = false;
    try {
      await client.query('begin');
      // All of a transaction but its own rollback(), which nobody needs who can throw.
      const result = await work(drizzle(client, { logger }) as unknown as ClinicTransaction);
      await commit(client);
      return result;
    } catch (error) {
      await client.query('rollback').catch(() => {
        isLost = true;
      });
      throw error;
    } finally {
      client.release(isLost);
    }
  };
  return { drizzle: database, close: () => pool.end() };
}

/** PostgreSQL answers a commit after a failed statement by rolling back, and calls it a success. */
async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('commit');
  if (command !== 'COMMIT') throw new Error('The transaction was rolled back: the error of a statement was ignored.');
}

function openPool(url: string, { connections = 10, patienceMs = 10_000 }: DatabaseOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: patienceMs,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
  });
  // Whoever uses a connection that is lost learns it from their query; nobody listening would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
    prepareOnce(client);
  });
  return pool;
}

type Query = (statement: { text: string; name?: string } | string, values?: unknown[], ...rest: unknown[]) => unknown;

/** Lists of values make a text of its own for each length, and a connection keeps all that it has prepared. */
const MOST_VALUES = 40;

/**
 * Has a connection parse and plan each statement once, whoever sends it again: without, that is half of what PostgreSQL does
 * for us. A name is a digest of the text, so that it means the same to everybody behind a pooler.
 */
function prepareOnce(client: pg.PoolClient): void {
  const query = client.query.bind(client) as Query;
  const named: Query = (statement, values, ...rest) => {
    const isPreparable = typeof statement === 'object' && values && values.length > 0 && values.length <= MOST_VALUES;
    return query(isPreparable ? { ...statement, name: nameOf(statement.text) } : statement, values, ...rest);
  };
  client.query = named as typeof client.query;
}

const names = new Map<string, string>();

function nameOf(text: string): string {
  const name = names.get(text) ?? createHash('sha256').update(text).digest('base64url');
  names.set(text, name);
  return name;
}

/** Runs `work` in one transaction that is bound to this clinic by row-level security. */
export async function inClinic<T>(
  db: Database,
  clinicId: ClinicId,
  work: (tx: ClinicTransaction) => Promise<T>,
): Promise<T> {
  return db.drizzle.transaction(async (tx) => {
    await tx.execute(sql`select set_config('app.clinic', ${clinicId}, true)`);
    return work(tx);
  });
}

/** Refuses a login that row-level security would not bind, so that a wrong URL is found at start and not by a patient. */
export async function refusePowerfulRole(db: Database): Promise<void> {
  const {
    rows: [role],
  } = await db.drizzle.execute<{ powerful: boolean; member: boolean; owner: boolean }>(sql`
    select rolsuper or rolbypassrls as powerful,
      pg_has_role(current_user, 'vuoro_app', 'member') as member,
      exists (select from pg_tables where schemaname = 'public' and tableowner = current_user) as owner
    from pg_roles where rolname = current_user`);
  if (!role || role.powerful || role.owner || !role.member) {
    throw new Error(
      'DATABASE_URL must name a login that is a member of vuoro_app, owns no table and has neither SUPERUSER nor BYPASSRLS.',
    );
  }
}

/** Whether row-level security hides nothing from the login, as from an owner; true as long as there are no tables. */
export async function ownsTables(db: Database): Promise<boolean> {
  const {
    rows: [table],
  } = await db.drizzle.execute<{ is_ours: boolean }>(sql`
    select pg_has_role(current_user, tableowner, 'usage') as is_ours
    from pg_tables where schemaname = 'public' and tablename = 'clinics'`);
  return table?.is_ours ?? true;
}
