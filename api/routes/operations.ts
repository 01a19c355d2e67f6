import { Hono } from 'hono';
import type { Registry } from 'prom-client';
import { isDatabaseReady } from '../../db/queries/readiness.ts';
import type { ApiDeps, ApiEnv } from '../deps.ts';

/** For whoever runs the process: is it alive, can it work, how does it do. */
export function operationsRoutes({ db, temporal }: Pick<ApiDeps, 'db' | 'temporal'>, registry: Registry) {
  return new Hono<ApiEnv>()
    .get('/healthz', (c) => c.json({ status: 'ok' }))
    .get('/readyz', async (c) => {
      const [database, engine] = await Promise.all([isDatabaseReady(db), temporal.isReady()]);
      const isReady = database && engine;
      if (!isReady) c.header('Retry-After', '3');
      const parts = { database: word(database), temporal: word(engine) };
      return c.json({ status: isReady ? 'ok' : 'unavailable', ...parts }, isReady ? 200 : 503);
    })
    .get('/metrics', async (c) => c.body(await registry.metrics(), 200, { 'Content-Type': registry.contentType }));
}

function word(answers: boolean): string {
  return answers ? 'ok' : 'unavailable';
}
