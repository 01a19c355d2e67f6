import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Log } from '../config/log.ts';
import type { TemporalSettings } from '../config/temporal.ts';
import { type DatabaseOptions, openDatabase, refusePowerfulRole } from '../db/client.ts';
import { createApp } from './app.ts';
import { type RateLimitSettings, rateLimits } from './rate-limit.ts';
import { listen, type Serving } from './serve.ts';
import { temporalGateway } from './temporal-gateway.ts';
import { sendGridWebhooks } from './webhooks/sendgrid.ts';
import { twilioWebhooks } from './webhooks/twilio.ts';
import { backgroundTeller } from './webhooks/workflows.ts';

export interface ApiSettings {
  databaseUrl: string;
  database?: DatabaseOptions;
  temporal: TemporalSettings;
  host: string;
  port: number;
  /** Where the world reaches us, without a slash at the end. */
  publicUrl: string;
  twilioAuthTokens: readonly string[];
  /** Without any, every event is refused. */
  sendgridPublicKeys: readonly string[];
  /** Nobody is limited without. */
  rateLimit?: RateLimitSettings;
  log: Log;
}

/** Starts the API: refuses a database role that row-level security would not bind, then listens. */
export async function startApi(settings: ApiSettings): Promise<Serving> {
  const { log } = settings;
  const db = openDatabase(settings.databaseUrl, settings.database);
  const temporal = temporalGateway(settings.temporal);
  const teller = backgroundTeller(log);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const close = async () => {
    await teller.stop();
    await temporal.close();
    await db.close();
  };
  try {
    await refusePowerfulRole(db);
    const common = { db, log, publicUrl: settings.publicUrl, now: Date.now };
    const receipts = { ...common, workflows: temporal, teller };
    const webhooks = {
      '/webhooks/twilio': twilioWebhooks({ ...receipts, authTokens: settings.twilioAuthTokens }),
      '/webhooks/sendgrid': sendGridWebhooks({ ...receipts, publicKeys: settings.sendgridPublicKeys }),
    };
    const limits = rateLimits(settings.rateLimit ?? { perMinute: 0, trustedProxies: 0 });
    const app = createApp({ ...common, temporal }, { registry, webhooks, limits });
    const serving = await listen(app, settings);
    log.info('the API listens', { address: serving.url });
    return {
      url: serving.url,
      stop: async () => {
        await serving.stop();
        await close();
        log.info('the API has stopped');
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
