import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Carrier } from '../carrier.ts';
import type { Item } from '../store.ts';
import type { Markup } from './layout.ts';

/** A piece of the page to put in place: over the element with this id, else into `into` at that end. */
export interface Fragment {
  id: string;
  markup: Markup;
  into?: string;
  at?: 'start' | 'end';
  /** Only where this element is on the page. */
  beside?: string;
  /** Not over something that the focus is in, or an unsent text. */
  unlessBusy?: boolean;
}

/** What a text or mail, added or changed after `since`, does to the page: nothing on another page, null where it must be drawn anew. */
export type Fragments = (item: Item, since: number) => Fragment[] | null;

/**
 * Server-sent events from the revision that the page was drawn at, so that nothing is lost between drawing and listening,
 * nor while the connection was away: the browser then names the last revision it has heard of.
 */
export function liveStream(carrier: Carrier, c: Context, fragmentsOf: Fragments): Response {
  const drawnAt = Number(c.req.header('last-event-id') ?? c.req.query('since') ?? 0);
  return streamSSE(c, async (stream) => {
    const { store } = carrier;
    const waiting: (Item | null)[] = [];
    let wake: () => void = () => {};
    const unsubscribe = store.subscribe((item) => {
      waiting.push(item);
      wake();
    });
    const stop = (): void => {
      unsubscribe();
      carrier.closing.removeEventListener('abort', stop);
      wake();
    };
    stream.onAbort(stop);
    carrier.closing.addEventListener('abort', stop);
    // A page that knows a later revision than there is was drawn by an earlier run of the simulator.
    if (drawnAt > store.revision) waiting.push(null);
    else waiting.unshift(...store.changedSince(drawnAt));
    let since = drawnAt;
    while (!stream.aborted && !carrier.closing.aborted) {
      await writeAll(waiting.splice(0));
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (waiting.length > 0 || stream.aborted || carrier.closing.aborted) resolve();
      });
    }

    /** What is new to the page is so for all of them: one may have been added before another changed. */
    async function writeAll(items: readonly (Item | null)[]): Promise<void> {
      const until = Math.max(since, ...items.map((item) => item?.changedIn ?? 0));
      for (const [index, item] of items.entries()) {
        // Heard of in part, they are told again as a whole: the browser puts each where it has it already.
        await write(item, index === items.length - 1 ? { id: String(until) } : {});
      }
      since = until;
    }

    async function write(item: Item | null, mark: { id?: string }): Promise<void> {
      const changed = item && fragmentsOf(item, since);
      if (!item || !changed) return stream.writeSSE({ event: 'reset', data: '' });
      const fragments = await Promise.all(changed.map(rendered));
      if (fragments.length === 0) return;
      await stream.writeSSE({ event: 'patch', ...mark, data: JSON.stringify(fragments) });
    }
  });
}

async function rendered({ markup, ...place }: Fragment): Promise<Omit<Fragment, 'markup'> & { html: string }> {
  return { ...place, html: String(await markup) };
}
