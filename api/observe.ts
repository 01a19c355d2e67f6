import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { ApiDeps, ApiEnv } from './deps.ts';

/**
 * Gives each request its id, and counts and logs it by its route's pattern: the address itself may hold a token or a
 * patient's id, and stays out of logs and metrics.
 */
export function observe({ log }: Pick<ApiDeps, 'log'>, registry: Registry): MiddlewareHandler<ApiEnv> {
  const duration = new Histogram({
    name: 'vuoro_http_request_duration_seconds',
    help: 'How long requests took, by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
    registers: [registry],
  });
  const problems = new Counter({
    name: 'vuoro_http_problems_total',
    help: 'Requests that were refused, by route and code.',
    labelNames: ['route', 'code'],
    registers: [registry],
  });

  return async (c, next) => {
    const start = performance.now();
    c.set('requestId', randomUUID());
    await next();
    c.header('X-Request-Id', c.get('requestId'));
    const seconds = (performance.now() - start) / 1_000;
    const { method } = c.req;
    const route = routeOf(c);
    const { status } = c.res;
    const code = c.get('problemCode');
    duration.observe({ method, route, status }, seconds);
    if (code !== undefined) problems.inc({ route, code });
    if (isProbe(route) && status < 400) return;
    log.info('request', {
      requestId: c.get('requestId'),
      clinicId: c.get('caller')?.clinicId,
      method,
      route,
      status,
      code,
      durationMs: Math.round(seconds * 1_000),
    });
  };
}

/** Asked every few seconds by whatever watches over us: only a bad answer is news. */
function isProbe(route: string): boolean {
  return route === '/healthz' || route === '/readyz' || route === '/metrics';
}

function routeOf(c: Context<ApiEnv>): string {
  const pattern = routePath(c, -1);
  return pattern.includes('*') ? 'none' : pattern;
}
