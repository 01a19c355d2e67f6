import { z } from '@hono/zod-openapi';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packCursor, pageOf, placeId, placeInstant, unpackCursor } from './cursor.ts';

const place = z.tuple([placeInstant, placeId]);

it('leads back to the place that it was made from', () => {
  fc.assert(
    fc.property(fc.nat(), fc.uuid(), (at, id) => {
      expect(unpackCursor(packCursor([at, id]), place)).toEqual([at, id]);
    }),
  );
});

it('is refused where somebody made it up', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String(),
        fc.json().map((text) => Buffer.from(text).toString('base64url')),
      ),
      (text) => {
        expect(() => unpackCursor(text, place)).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED' }));
      },
    ),
  );
});

it('comes with a page only where another one follows', () => {
  const page = (items: number[]) => pageOf(items, 2, String, (item) => [item]);
  expect(page([1, 2, 3])).toEqual({ items: ['1', '2'], nextCursor: packCursor([2]) });
  expect(page([1, 2])).toEqual({ items: ['1', '2'], nextCursor: null });
  expect(page([])).toEqual({ items: [], nextCursor: null });
});
