import { randomUUID } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import { APP_LOGIN, createDatabase, databaseUrl, dropDatabase, OWNER } from '../../scripts/local-stack/postgres.ts';
import './provided.ts';

export interface TestDatabase {
  /** The owner of the tables, not bound by row-level security: for looking behind the scenes. */
  adminUrl: string;
  /** What the product logs in with. */
  appUrl: string;
  drop: () => Promise<void>;
}

/** A migrated, empty database of this test file's own; call it at the top of the file, so that it is dropped at its end. */
export async function testDatabase(): Promise<TestDatabase> {
  const { port, template } = inject('postgres');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const server = databaseUrl(port, OWNER, 'postgres');
  await createDatabase(server, name, template);
  const drop = (): Promise<void> => dropDatabase(server, name);
  afterAll(drop);
  return { adminUrl: databaseUrl(port, OWNER, name), appUrl: databaseUrl(port, APP_LOGIN, name), drop };
}
