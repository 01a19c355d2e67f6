import type { Hono, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { except } from 'hono/combine';
import { Registry } from 'prom-client';
import { authenticate } from './authentication.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { answerError, tooLarge } from './faults.ts';
import { observe } from './observe.ts';
import { routes } from './openapi.ts';
import { notFound, problemResponse } from './problem.ts';
import { type RateLimits, rateLimits } from './rate-limit.ts';
import { describeApi } from './pages/docs/routes.ts';
import { appointmentPage } from './pages/appointment/routes.ts';
import { appointmentActionRoutes } from './routes/appointment-actions.ts';
import { appointmentRoutes } from './routes/appointments.ts';
import { availabilityRoutes } from './routes/availability.ts';
import { catalogueRoutes } from './routes/catalogue.ts';
import { consentRoutes } from './routes/consents.ts';
import { copyRoutes } from './routes/copies.ts';
import { freeTextRoutes } from './routes/free-texts.ts';
import { holdRoutes } from './routes/holds.ts';
import { importRoutes } from './routes/imports.ts';
import { messageRoutes } from './routes/messages.ts';
import { moveRoutes } from './routes/moves.ts';
import { openingRoutes } from './routes/openings.ts';
import { openingViewRoutes } from './routes/opening-views.ts';
import { operationsRoutes } from './routes/operations.ts';
import { patientRoutes } from './routes/patients.ts';
import { proposalRoutes } from './routes/proposals.ts';
import { reservationRoutes } from './routes/reservations.ts';
import { taskRoutes } from './routes/tasks.ts';
import { timelineRoutes } from './routes/timeline.ts';
import { waitingListRoutes } from './routes/waiting-list.ts';

export interface AppOptions {
  /** Collects the process's own metrics as well, where the main has set them up. */
  registry?: Registry;
  /** The providers' webhooks, each under its path. */
  webhooks?: Readonly<Record<string, Hono>>;
  limits?: RateLimits;
}

const unlimited = rateLimits({ perMinute: 0, trustedProxies: 0 });

const SMALL = 64 * 1024;

const bookingApi = [
  catalogueRoutes,
  availabilityRoutes,
  patientRoutes,
  importRoutes,
  reservationRoutes,
  appointmentRoutes,
  appointmentActionRoutes,
  moveRoutes,
  holdRoutes,
  copyRoutes,
  timelineRoutes,
  messageRoutes,
  freeTextRoutes,
  proposalRoutes,
  taskRoutes,
  consentRoutes,
  waitingListRoutes,
  openingViewRoutes,
  openingRoutes,
];

/** The whole HTTP surface: the booking API, the providers' webhooks, the patient's page, and what operators ask. */
export function createApp(
  deps: ApiDeps,
  { registry = new Registry(), webhooks = {}, limits = unlimited }: AppOptions = {},
) {
  const app = routes();
  app.use(observe(deps, registry));
  app.onError(answerError(deps));
  app.notFound((c) => problemResponse(c, notFound()));

  app.route('/', operationsRoutes(deps, registry));
  for (const [path, webhook] of Object.entries(webhooks)) app.route(path, webhook);

  app.route('/', appointmentPage(deps, limits));

  app.use('/v1/*', authenticate(deps, limits), neverStored());
  // Held in memory by this, a file would not stream: imports watch their size themselves.
  app.use('/v1/*', except('/v1/imports/*', atMost(SMALL)));
  for (const part of bookingApi) app.route('/v1', part(deps));
  describeApi(app, deps.publicUrl);
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
