import { createRoute, z } from '@hono/zod-openapi';
import { inClinic } from '../../db/client.ts';
import { findOpening, listOpenings } from '../../db/queries/openings.ts';
import { type OpeningId, asId } from '../../domain/ids.ts';
import { openingStatuses } from '../../domain/opening.ts';
import { callerOf, notForPatients } from '../authentication.ts';
import { pageFields, pageOf, placeId, placeInstant, unpackCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { idField } from '../fields.ts';
import { answers, listOf, problems, routes, security } from '../openapi.ts';
import { openingSchema, showOpening } from '../opening-json.ts';
import { notFound } from '../problem.ts';

const common = { tags: ['Openings'], security, middleware: notForPatients() };

const list = createRoute({
  ...common,
  method: 'get',
  path: '/openings',
  summary: 'Freed times that are or were offered, the latest first',
  request: { query: z.strictObject({ status: z.enum(openingStatuses).optional(), ...pageFields(100, 20) }) },
  responses: { 200: answers(listOf(openingSchema), 'Openings'), ...problems('FORBIDDEN', 'VALIDATION_FAILED') },
});

const get = createRoute({
  ...common,
  method: 'get',
  path: '/openings/{id}',
  summary: 'An opening: who was asked and why, and who has it',
  request: { params: z.object({ id: idField<OpeningId>() }) },
  responses: { 200: answers(openingSchema, 'The opening'), ...problems('FORBIDDEN', 'NOT_FOUND') },
});

const place = z.tuple([placeInstant, placeId]);

/** Reading openings; how they stand is written by their workflows. */
export function openingViewRoutes({ db }: Pick<ApiDeps, 'db'>) {
  return routes()
    .openapi(list, async (c) => {
      const { clinicId } = callerOf(c);
      const { status, limit, cursor } = c.req.valid('query');
      const last = unpackCursor(cursor, place);
      const after = last && { createdAt: last[0], id: asId<OpeningId>(last[1]) };
      const read = await inClinic(db, clinicId, (tx) => listOpenings(tx, { status, after, limit: limit + 1 }));
      return c.json(
        pageOf(
          read,
          limit,
          (opening) => showOpening(clinicId, opening),
          ({ createdAt, id }) => [createdAt, id],
        ),
        200,
      );
    })
    .openapi(get, async (c) => {
      const { clinicId } = callerOf(c);
      const opening = await inClinic(db, clinicId, (tx) => findOpening(tx, c.req.valid('param').id));
      if (!opening) throw notFound();
      return c.json(showOpening(clinicId, opening), 200);
    });
}
