import type { Instant } from '../domain/interval.ts';
import type { Behaviours } from './behaviour.ts';
import type { BlockList } from './block-list.ts';
import type { Store } from './store.ts';
import type { Webhooks } from './twilio/signature.ts';

/** The one account that exists here. */
export const account = {
  sid: 'AC00000000000000000000000000000001',
  authToken: 'simulator-auth-token',
} as const;

export const apiVersion = '2010-04-01';

export interface Timings {
  /** Between one receipt and the next. */
  receiptMs: number;
  /** Before the one retry of a webhook whose connection failed. */
  retryMs: number;
  /** How long a webhook may take to answer. */
  answerMs: number;
}

export const defaultTimings: Timings = { receiptMs: 600, retryMs: 1_000, answerMs: 15_000 };

/** What the simulated carrier consists of; the routes, pages and callbacks all work on the same one. */
export interface Carrier {
  store: Store;
  behaviours: Behaviours;
  blocks: BlockList;
  webhooks: Webhooks;
  apiUrl: string;
  timings: Timings;
  now: () => Instant;
  /** Aborted when the simulator closes: open streams, held requests and pending receipts end. */
  closing: AbortSignal;
}
