import { createRoute, z } from '@hono/zod-openapi';
import type { Slot } from '../../domain/availability.ts';
import { type ProviderId, type VisitTypeId, asId } from '../../domain/ids.ts';
import { Refusal } from '../../domain/errors.ts';
import { ELAPSED_DAY, HOUR, type Instant } from '../../domain/interval.ts';
import { callerOf } from '../authentication.ts';
import { pageFields, pageOf, placeId, placeInstant, unpackCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { actorField, idField, idShown, instantField, instantShown, showInstant } from '../fields.ts';
import { findFreeTimes, seesAsPatient } from '../free-times.ts';
import { answers, problems, routes, security } from '../openapi.ts';

// The clocks may go back meanwhile.
const LONGEST_RANGE = 62 * ELAPSED_DAY + HOUR;
const USUAL_RANGE = 14 * ELAPSED_DAY;

const slotSchema = z.object({ providerId: idShown, startsAt: instantShown, endsAt: instantShown }).openapi('Slot');
export const slotsSchema = z.object({ slots: z.array(slotSchema), nextCursor: z.string().nullable() });

export function showSlot({ providerId, startsAt, endsAt }: Slot): z.infer<typeof slotSchema> {
  return { providerId, startsAt: showInstant(startsAt), endsAt: showInstant(endsAt) };
}

/** Which free times: in which range, for whom, which page of them. */
export const whichTimes = {
  from: instantField.optional().openapi({ description: 'Now, if left out.' }),
  to: instantField.optional().openapi({ description: 'At most 62 days after `from`; 14 days after, if left out.' }),
  actor: actorField.optional(),
  ...pageFields(200, 200),
};

const route = createRoute({
  method: 'get',
  path: '/availability',
  tags: ['Catalogue'],
  summary: 'Free times',
  description:
    'Free times that start within [`from`, `to`), by start, then provider. `actor=patient` applies notice and horizon; ' +
    'so does every key that may only speak for patients and guardians.',
  security,
  request: {
    query: z.strictObject({
      visitTypeId: idField<VisitTypeId>(),
      providerId: idField<ProviderId>().optional(),
      ...whichTimes,
    }),
  },
  responses: {
    200: answers(slotsSchema, 'Free times'),
    ...problems('NOT_FOUND', 'VALIDATION_FAILED'),
  },
});

/** A free time's place in their order. */
export const slotPlace = z.tuple([placeInstant, placeId]);

/** The free times of the clinic's calendars. */
export function availabilityRoutes(deps: Pick<ApiDeps, 'db' | 'now'>) {
  return routes().openapi(route, async (c) => {
    const caller = callerOf(c);
    const { visitTypeId, providerId, actor, limit, cursor, ...wanted } = c.req.valid('query');
    const range = rangeOf(wanted, deps.now());
    const last = unpackCursor(cursor, slotPlace);
    const slots = await findFreeTimes(deps, caller, {
      visitTypeId,
      providerId,
      range,
      forPatients: seesAsPatient(caller, actor),
      limit: limit + 1,
      ...(last && { after: { startsAt: last[0], providerId: asId<ProviderId>(last[1]) } }),
    });
    const page = pageOf(slots, limit, showSlot, (slot) => [slot.startsAt, slot.providerId]);
    return c.json({ slots: page.items, nextCursor: page.nextCursor }, 200);
  });
}

/** The wanted range, or two weeks from now; refused where it is longer than 62 days. */
export function rangeOf(
  wanted: { from?: Instant | undefined; to?: Instant | undefined },
  now: Instant,
): { start: Instant; end: Instant } {
  const from = wanted.from ?? now;
  const to = wanted.to ?? from + USUAL_RANGE;
  if (to > from && to - from <= LONGEST_RANGE) return { start: from, end: to };
  throw new Refusal('VALIDATION_FAILED', 'The range must be a forward one of at most 62 days.', [
    { pointer: '/to', detail: to > from ? 'must be at most 62 days after `from`' : 'must be later than `from`' },
  ]);
}
