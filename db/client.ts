import { sql } from 'drizzle-orm';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { ClinicId } from '../domain/ids.ts';
import * as schema from './schema/index.ts';

type Drizzle = PostgresJsDatabase<typeof schema>;

/** A pool of connections that sees nothing until a transaction has set its clinic. */
export interface Database {
  readonly drizzle: Drizzle;
  close(): Promise<void>;
}

/** A transaction that sees and writes one clinic's rows. */
export type ClinicTransaction = Parameters<Parameters<Drizzle['transaction']>[0]>[0];

/** Opens a pool on the app role's URL; `onQuery` is told of each statement, for counting them. */
export function openDatabase(
  url: string,
  options: { connections?: number; onQuery?: (statement: string) => void } = {},
): Database {
  const connection = postgres(url, { max: options.connections ?? 10, connect_timeout: 5, onnotice: () => {} });
  const logger = options.onQuery ? { logQuery: options.onQuery } : false;
  return {
    drizzle: drizzle(connection, { schema, logger }),
    close: () => connection.end({ timeout: 5 }),
  };
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
  const [role] = await db.drizzle.execute<{ powerful: boolean; member: boolean; owner: boolean }>(sql`
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
