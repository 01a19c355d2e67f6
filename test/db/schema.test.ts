import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { readFile } from 'node:fs/promises';
import postgres from 'postgres';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { describeSchema } from '../../db/describe.ts';
import { migrate } from '../../db/migrate.ts';
import * as schema from '../../db/schema/index.ts';
import { createDatabase, databaseUrl, dropDatabase, OWNER } from '../../scripts/local-stack/postgres.ts';
import { type TestClinic, addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const database = await testDatabase();
const sql = postgres(database.adminUrl, { max: 1, onnotice: () => {} });
const app = postgres(database.appUrl, { max: 1 });
afterAll(async () => {
  await sql.end();
  await app.end();
});

const readable = await sql<{ name: string }[]>`
  select relname as name from pg_class
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and has_table_privilege('vuoro_app', oid, 'SELECT')`;

describe('the migrated database', () => {
  it('is as db/schema.sql shows it', async () => {
    const kept = await readFile(new URL('../../db/schema.sql', import.meta.url), 'utf8');
    const actual = await describeSchema(database.adminUrl);
    expect(actual, 'renew it with `node --import tsx scripts/dump-schema.ts`, and read what changed').toBe(kept);
  });

  it('has the tables that drizzle knows', async () => {
    const migrated = await describeSchema(database.adminUrl);
    const known = await describeKnownToDrizzle();
    expect(tablesIn(known), 'write a migration with `npx drizzle-kit generate`').toEqual(tablesIn(migrated));
  });

  it('is not changed by migrating it again', async () => {
    const before = [await describeSchema(database.adminUrl), await sql`select * from drizzle.__drizzle_migrations`];
    await migrate(database.adminUrl);
    const after = [await describeSchema(database.adminUrl), await sql`select * from drizzle.__drizzle_migrations`];
    expect(after).toEqual(before);
  });
});

describe('a clinic', () => {
  it('owns the rows of every table', async () => {
    const strangers = await sql`
      select relname from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and not exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'clinic_id' and attnotnull)`;
    expect(strangers).toEqual([]);
  });

  it('is the only one that sees them', async () => {
    const open = await sql`
      select relname from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and not (relrowsecurity and exists (
          select from pg_policies
          where schemaname = 'public' and tablename = relname and 'vuoro_app' = any (roles) and qual like '%clinic_id%app.clinic%'))`;
    expect(open).toEqual([]);
  });

  it('cannot point at the rows of another', async () => {
    const loose = await sql`
      select conname from pg_constraint
      where contype = 'f' and connamespace = 'public'::regnamespace and not exists (
        select from unnest(conkey, confkey) as pair (mine, theirs)
        join pg_attribute as m on m.attrelid = conrelid and m.attnum = mine and m.attname = 'clinic_id'
        join pg_attribute as t on t.attrelid = confrelid and t.attnum = theirs and t.attname = 'clinic_id')`;
    expect(loose).toEqual([]);
  });
});

describe('the app role', () => {
  it('owns nothing', async () => {
    const owned = await sql`
      select c.oid::regclass::text as name from pg_class c join pg_roles on pg_roles.oid = relowner where rolname like 'vuoro_app%'
      union all
      select p.oid::regprocedure::text from pg_proc p join pg_roles on pg_roles.oid = proowner where rolname like 'vuoro_app%'`;
    expect(owned).toEqual([]);
  });

  it.each(readable)('sees no row of $name but those of the clinic that the transaction has set', async ({ name }) => {
    const clinic = await addClinic(database.adminUrl);
    await addClinic(database.adminUrl);
    expect(await app`select clinic_id from ${app(name)}`).toEqual([]);
    const seen = await asClinic(clinic, (tx) => tx`select clinic_id from ${tx(name)}`);
    expect(seen.filter((row) => row['clinic_id'] !== clinic.clinicId)).toEqual([]);
  });

  describe.each(['requests', 'audit_entries', 'message_events'])('does not rewrite %s:', (table) => {
    it.each([`update ${table} set clinic_id = clinic_id`, `delete from ${table}`, `truncate ${table}`])(
      '%s',
      async (change) => {
        const clinic = await addClinic(database.adminUrl);
        await expect(asClinic(clinic, (tx) => tx.unsafe(change))).rejects.toMatchObject({ code: '42501' });
      },
    );
  });

  it('calls none of the functions that only migrations need', async () => {
    const [right] = await app`select has_function_privilege('protect_clinic_rows(regclass)', 'execute') as is_granted`;
    expect(right).toEqual({ is_granted: false });
  });
});

function asClinic<T>({ clinicId }: TestClinic, work: (tx: postgres.TransactionSql) => Promise<T>) {
  return app.begin(async (tx) => {
    await tx`select set_config('app.clinic', ${clinicId}, true)`;
    return work(tx);
  });
}

/** What drizzle would make of its own description, in a database that is empty. */
async function describeKnownToDrizzle(): Promise<string> {
  const server = databaseUrl(inject('postgres').port, OWNER, 'postgres');
  const name = `drizzle_${process.pid}`;
  const url = databaseUrl(inject('postgres').port, OWNER, name);
  await createDatabase(server, name);
  const empty = postgres(url, { max: 1, onnotice: () => {} });
  try {
    for (const statement of await generateMigration(generateDrizzleJson({}), generateDrizzleJson(schema))) {
      await empty.unsafe(statement);
    }
    return await describeSchema(url);
  } finally {
    await empty.end();
    await dropDatabase(server, name);
  }
}

// What drizzle cannot say is written by hand in the migrations.
const handWritten = /ROW LEVEL SECURITY;$|^CREATE POLICY|^  USING|^GRANT|CONSTRAINT occupancies_(no_overlap|not_empty)/;

/** The lines of every table, in an order of their own: columns may have been added later. */
function tablesIn(description: string): Record<string, string[]> {
  const tables = description.split('\n\n').filter((paragraph) => paragraph.startsWith('CREATE TABLE'));
  const entries = tables.map((paragraph) => {
    const [name = '', ...lines] = paragraph.split('\n').map((line) => line.replace(/,$/, ''));
    return [name, lines.filter((line) => !handWritten.test(line)).toSorted()] as const;
  });
  return Object.fromEntries(entries);
}
