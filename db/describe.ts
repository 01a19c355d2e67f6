import { readFile } from 'node:fs/promises';
import pg from 'pg';

const HEADING =
  '-- What the migrations come to, to be read. Renewed by `node --import tsx scripts/dump-schema.ts`; a test holds it.';

/**
 * The database's public schema as SQL to be read: what the migrations come to, in an order that stays the same. It is read
 * from the catalogues, so it tells what is there and not what was meant.
 */
export async function describeSchema(url: string): Promise<string> {
  const query = await readFile(new URL('./describe.sql', import.meta.url), 'utf8');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // Defaults that are instants would be told in the time zone of the machine.
    await client.query("set timezone to 'UTC'");
    const { rows } = await client.query<{ paragraph: string }>(query);
    return [`${HEADING}\n`, ...rows.map(({ paragraph }) => paragraph)].join('\n');
  } finally {
    await client.end();
  }
}
