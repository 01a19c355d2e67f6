import type { TestProject } from 'vitest/node';
import { migrate } from '../../db/migrate.ts';
import { freePort } from '../../scripts/local-stack/ports.ts';
import { APP_LOGIN, createDatabase, ensureAppLogin, startPostgres } from '../../scripts/local-stack/postgres.ts';
import { endRun, oncePerRun } from './once-per-run.ts';
import type { ProvidedPostgres } from './provided.ts';

const TEMPLATE = 'vuoro_template';

/** One PostgreSQL for the run, with one migrated database that every test file copies. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('postgres', await oncePerRun('postgres', start));
}

export const teardown = endRun;

async function start(dir: string, atEnd: (stop: () => Promise<void>) => void): Promise<ProvidedPostgres> {
  const server = await startPostgres({ dir, port: await freePort(), isDurable: false });
  atEnd(server.stop);
  await createDatabase(server.adminUrl('postgres'), TEMPLATE);
  await migrate(server.adminUrl(TEMPLATE));
  await ensureAppLogin(server.adminUrl(TEMPLATE), APP_LOGIN.user, APP_LOGIN.password);
  return { port: server.port, template: TEMPLATE };
}
