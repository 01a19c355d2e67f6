import { z } from '@hono/zod-openapi';
import { Refusal } from '../domain/errors.ts';

/** More than the longest place takes: two names of 100 letters of three bytes each, and an id. */
const LONGEST_CURSOR = 1_000;

/** How much of a list one answer holds, and where it goes on. */
export function pageFields(most: number, usual: number) {
  return {
    limit: z.coerce.number().int().min(1).max(most).default(usual),
    cursor: z.string().max(LONGEST_CURSOR).optional().openapi({ description: 'The `nextCursor` of the page before.' }),
  };
}

/** What places are made of, as the database can take them: a cursor comes from outside like everything else. */
export const placeInstant = z.int().min(0).max(Date.UTC(2300, 0));
export const placeId = z.guid();

/** A cursor is the place of the last item, packed so that nobody takes it apart. */
export function packCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** The place that a cursor names, in the shape that the list expects. */
export function unpackCursor<T>(cursor: string | undefined, place: z.ZodType<T>): T | undefined {
  if (cursor === undefined) return undefined;
  const parsed = place.safeParse(jsonIn(cursor));
  if (parsed.success) return parsed.data;
  throw new Refusal('VALIDATION_FAILED', 'The cursor cannot be read.', [
    { pointer: '/cursor', detail: 'must be the `nextCursor` of the page before' },
  ]);
}

function jsonIn(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** A page of what was read with one more than wanted: that one only tells that there is a next page. */
export function pageOf<Item, Shown>(
  read: readonly Item[],
  limit: number,
  show: (item: Item) => Shown,
  placeOf: (item: Item) => readonly (string | number)[],
): { items: Shown[]; nextCursor: string | null } {
  const items = read.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(show), nextCursor: last && read.length > limit ? packCursor(placeOf(last)) : null };
}
