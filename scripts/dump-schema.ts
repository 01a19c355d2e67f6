import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeSchema } from '../db/describe.ts';
import { migrate } from '../db/migrate.ts';
import { guardFolder } from './local-stack/guard.ts';
import { freePort } from './local-stack/ports.ts';
import { createDatabase, startPostgres } from './local-stack/postgres.ts';

const FILE = new URL('../db/schema.sql', import.meta.url);

const dir = mkdtempSync(join(tmpdir(), 'vuoro-schema-'));
guardFolder(dir);
const server = await startPostgres({ dir, port: await freePort(), isDurable: false });
try {
  await createDatabase(server.adminUrl('postgres'), 'vuoro');
  await migrate(server.adminUrl('vuoro'));
  await writeFile(FILE, await describeSchema(server.adminUrl('vuoro')));
} finally {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
}
