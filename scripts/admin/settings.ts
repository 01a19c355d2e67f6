import { readAdminEnv } from '../../config/env.ts';
import { type Database, openDatabase, ownsTables } from '../../db/client.ts';
import { UserError } from './command.ts';

export type AdminSettings = ReturnType<typeof readAdminEnv>;

/** Where the database and Temporal are, as the environment says it. */
export function adminSettings(): AdminSettings {
  try {
    return readAdminEnv();
  } catch (error) {
    throw new UserError(
      `${error instanceof Error ? error.message : String(error)}\nFor the servers of \`npm run dev\` add --local.`,
    );
  }
}

/**
 * Works on the database as the owner of its tables. Row-level security does not bind an owner: every statement has to
 * name its clinic.
 */
export async function asOwner<T>(settings: AdminSettings, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(settings.migrationDatabaseUrl, { connections: 1 });
  try {
    // Bound by row-level security it would find nothing, and say so.
    if (!(await ownsTables(db))) throw new UserError(notTheOwner);
    return await work(db);
  } catch (error) {
    throw explained(error);
  } finally {
    await db.close();
  }
}

const notTheOwner = 'The login of MIGRATION_DATABASE_URL does not own the tables.';

const explanations: Record<string, string> = {
  ECONNREFUSED: 'Nothing answers at MIGRATION_DATABASE_URL. Is PostgreSQL running there?',
  ENOTFOUND: 'The host of MIGRATION_DATABASE_URL is not known.',
  '28P01': 'PostgreSQL does not take the login of MIGRATION_DATABASE_URL.',
  '28000': 'PostgreSQL does not take the login of MIGRATION_DATABASE_URL.',
  '3D000': 'The database of MIGRATION_DATABASE_URL does not exist. Create it first: it may be empty.',
  '42501': notTheOwner,
  '42P01': 'The database lacks tables. Bring it to the newest schema first: npm run admin -- migrate',
  '42703': 'The database has an older schema. Bring it to the newest one first: npm run admin -- migrate',
};

/** What a person can do about a fault of the database, where that is known. */
export function explained(error: unknown): unknown {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  const explanation = explanations[String((cause as { code?: unknown } | null)?.code)];
  return explanation === undefined ? error : new UserError(explanation);
}
