import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { OpeningId, ProviderId, VisitTypeId } from '../../domain/ids.ts';
import { type ActionOnOpening, actOnOpening, openTime } from '../ask-opening.ts';
import { callerOf, notForPatients } from '../authentication.ts';
import type { ApiDeps, ApiEnv } from '../deps.ts';
import { idField, idempotencyHeader, instantField } from '../fields.ts';
import { alternativesFinder } from '../free-times.ts';
import { keyOf } from '../idempotency.ts';
import { answers, problems, routes, security, takes } from '../openapi.ts';
import { openingSchema, showOpening } from '../opening-json.ts';
import { withAlternatives } from './reservations.ts';

const common = { tags: ['Openings'], security, middleware: notForPatients() };

const bodySchema = z
  .strictObject({
    visitTypeId: idField<VisitTypeId>(),
    providerId: idField<ProviderId>(),
    startsAt: instantField,
  })
  .openapi('NewOpening');

const open = createRoute({
  ...common,
  method: 'post',
  path: '/openings',
  summary: 'Offer a free time to those who wait for one',
  description:
    'By staff or office, for any time that nobody has. Asks the first patients at once, or when the night is over. ' +
    'A taken time is refused with up to five free ones nearby in `alternatives`.',
  request: { headers: idempotencyHeader, body: takes(bodySchema) },
  responses: {
    201: answers(openingSchema, 'The opening'),
    ...problems(
      'MALFORMED_REQUEST',
      'FORBIDDEN',
      'SLOT_TAKEN',
      'STAFF_ONLY',
      'VALIDATION_FAILED',
      'IDEMPOTENCY_KEY_REUSED',
    ),
  },
});

function actionRoute<Action extends ActionOnOpening['action']>(action: Action, summary: string, description: string) {
  return createRoute({
    ...common,
    method: 'post',
    path: `/openings/{id}/${action}`,
    summary,
    description,
    request: { params: z.object({ id: idField<OpeningId>() }), headers: idempotencyHeader },
    responses: {
      200: answers(openingSchema, 'The opening as it now is'),
      ...problems('MALFORMED_REQUEST', 'FORBIDDEN', 'NOT_FOUND', 'OPENING_CLOSED', 'IDEMPOTENCY_KEY_REUSED'),
    },
  });
}

const withdraw = actionRoute(
  'withdraw',
  'Stop offering a time',
  'Nobody is asked any more, those who were asked hear that it is gone, and the time is free again.',
);
const release = actionRoute(
  'release',
  'Let patients book a time online while it is offered',
  'Whoever takes it first has it: by an answer, or online.',
);

/** Opening times by hand, and what staff may do about those that are offered. */
export function openingRoutes(deps: ApiDeps) {
  const alternatives = alternativesFinder(deps);

  async function act(c: Context<ApiEnv>, action: ActionOnOpening['action'], openingId: OpeningId) {
    const { clinicId } = callerOf(c);
    const request = { action, openingId, ...actorOf(c), repeatable: await keyOf(c) };
    return showOpening(clinicId, await actOnOpening(deps, clinicId, request));
  }

  return routes()
    .openapi(open, async (c) => {
      const caller = callerOf(c);
      const wish = { ...c.req.valid('json'), ...actorOf(c) };
      const opened = openTime(deps, caller.clinicId, { ...wish, repeatable: await keyOf(c) });
      const opening = await withAlternatives(opened, () => alternatives(caller, wish));
      c.header('Location', `/v1/openings/${opening.id}`);
      return c.json(showOpening(caller.clinicId, opening), 201);
    })
    .openapi(withdraw, async (c) => c.json(await act(c, 'withdraw', c.req.valid('param').id), 200))
    .openapi(release, async (c) => c.json(await act(c, 'release', c.req.valid('param').id), 200));
}

/** The one of the two for whom the key speaks. */
function actorOf(c: Context<ApiEnv>) {
  return { actor: callerOf(c).scopes.includes('staff') ? 'staff' : 'office', actorRef: null } as const;
}
