import { once } from 'node:events';
import type { Context } from 'hono';

/** Holds a request until its client gives up, or the simulator closes. */
export async function untilHungUp(c: Context, closing: AbortSignal): Promise<void> {
  const over = AbortSignal.any([closing, c.req.raw.signal]);
  if (!over.aborted) await once(over, 'abort');
}
