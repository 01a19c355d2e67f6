import type { Hono, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { Registry } from 'prom-client';
import { authenticate } from './authentication.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { answerError, tooLarge } from './faults.ts';
import { observe } from './observe.ts';
import { routes } from './openapi.ts';
import { notFound, problemResponse } from './problem.ts';
import { appointmentActionRoutes } from './routes/appointment-actions.ts';
import { appointmentRoutes } from './routes/appointments.ts';
import { availabilityRoutes } from './routes/availability.ts';
import { operationsRoutes } from './routes/operations.ts';
import { reservationRoutes } from './routes/reservations.ts';

export interface AppOptions {
  /** Collects the process's own metrics as well, where the main has set them up. */
  registry?: Registry;
  /** The providers' webhooks, each under its path. */
  webhooks?: Readonly<Record<string, Hono>>;
}

const SMALL = 64 * 1024;

/** The whole HTTP surface: the booking API, the providers' webhooks, the patient's page, and what operators ask. */
export function createApp(deps: ApiDeps, { registry = new Registry(), webhooks = {} }: AppOptions = {}) {
  const app = routes();
  app.use(observe(deps, registry));
  app.onError(answerError(deps));
  app.notFound((c) => problemResponse(c, notFound()));

  app.route('/', operationsRoutes(deps, registry));
  for (const [path, webhook] of Object.entries(webhooks)) app.route(path, webhook);

  app.use('/v1/*', authenticate(deps), neverStored(), atMost(SMALL));
  app.route('/v1', availabilityRoutes(deps));
  app.route('/v1', reservationRoutes(deps));
  app.route('/v1', appointmentRoutes(deps));
  app.route('/v1', appointmentActionRoutes(deps));
  return app;
}

function neverStored(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
  };
}

function atMost(maxSize: number): MiddlewareHandler<ApiEnv> {
  return bodyLimit({ maxSize, onError: (c) => problemResponse(c, tooLarge()) });
}
