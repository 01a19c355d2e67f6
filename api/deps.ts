import type { Log } from '../config/log.ts';
import type { Database } from '../db/client.ts';
import type { Caller } from '../db/queries/api-key.ts';
import type { Instant } from '../domain/interval.ts';
import type { TemporalGateway } from './temporal-gateway.ts';

/** What the API works with; the mains and the tests put it together. */
export interface ApiDeps {
  db: Database;
  temporal: TemporalGateway;
  now: () => Instant;
  log: Log;
  /** Where the world reaches us, without a slash at the end. */
  publicUrl: string;
}

/** What a request carries along while it is handled. */
export interface ApiEnv {
  Variables: {
    requestId: string;
    /** Set once the key is known; the routes under /v1 always have it. */
    caller?: Caller;
    /** The code of the problem that was answered, for the log and the metrics. */
    problemCode?: string;
  };
}
