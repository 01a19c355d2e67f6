import { setMaxListeners } from 'node:events';
import { Hono } from 'hono';
import type { Instant } from '../domain/interval.ts';
import { createBehaviours } from './behaviour.ts';
import { createBlockList } from './block-list.ts';
import type { Carrier } from './carrier.ts';
import { defaultTimings } from './timings.ts';
import type { Timings } from './timings.ts';
import { controlRoutes } from './control.ts';
import { isLoopbackUrl } from './loopback.ts';
import { mailPartRoutes } from './pages/mailbox-routes.ts';
import { pageRoutes } from './pages/routes.ts';
import { sendGridRoutes } from './sendgrid/routes.ts';
import { Store } from './store.ts';
import { createSwitches } from './switches.ts';
import type { Advance } from './time-travel.ts';
import { twilioRoutes } from './twilio/routes.ts';
import { createWebhooks } from './webhooks.ts';

export interface SimulatorDeps {
  /** Where inbound texts are posted: the API's public URL, on this machine. */
  apiUrl: string;
  /** Left out where there is no Temporal development server. */
  advance?: Advance;
  now?: () => Instant;
  timings?: Partial<Timings>;
  /** How many texts, and how many mails, are kept. */
  capacity?: number;
}

export interface Simulator {
  fetch: Hono['fetch'];
  /** Ends live pages, held requests and receipts still to come. */
  close(): void;
}

/** The providers' stand-in as one HTTP application: Twilio's and SendGrid's API, the controls under `/_sim` and the virtual phones. */
export function createSimulator(deps: SimulatorDeps): Simulator {
  const closing = new AbortController();
  // Every pending receipt and open page listens; that is not a leak.
  setMaxListeners(0, closing.signal);
  const carrier = createCarrier(deps, closing.signal);
  const app = new Hono();
  app.route('/', twilioRoutes(carrier));
  app.route('/', sendGridRoutes(carrier));
  app.route('/', controlRoutes(carrier, deps.advance));
  // Before the pages, whose headers would loosen those of what came by mail.
  app.route('/', mailPartRoutes(carrier));
  app.route('/', pageRoutes(carrier));
  return { fetch: app.fetch, close: () => closing.abort() };
}

function createCarrier(deps: SimulatorDeps, closing: AbortSignal): Carrier {
  if (!isLoopbackUrl(deps.apiUrl)) throw new Error('The simulator talks to an API on this machine only (API_URL).');
  const { now = Date.now, capacity = 10_000 } = deps;
  const timings = { ...defaultTimings, ...deps.timings };
  return {
    store: new Store({ now, capacity }),
    behaviours: createBehaviours(),
    blocks: createBlockList(),
    switches: createSwitches(now),
    webhooks: createWebhooks({ timings, closing }),
    apiUrl: deps.apiUrl.replace(/\/$/, ''),
    timings,
    now,
    closing,
  };
}
