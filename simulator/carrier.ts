import type { Instant } from '../domain/interval.ts';
import type { Behaviours } from './behaviour.ts';
import type { BlockList } from './block-list.ts';
import type { Store } from './store.ts';
import type { Switches } from './switches.ts';
import type { Timings } from './timings.ts';
import type { Webhooks } from './webhooks.ts';

/** What the simulated carrier consists of; the routes, pages and callbacks all work on the same one. */
export interface Carrier {
  store: Store;
  behaviours: Behaviours;
  blocks: BlockList;
  switches: Switches;
  webhooks: Webhooks;
  apiUrl: string;
  timings: Timings;
  now: () => Instant;
  /** Aborted when the simulator closes: open streams, held requests and pending receipts end. */
  closing: AbortSignal;
}
