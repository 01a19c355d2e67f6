import { z } from '@hono/zod-openapi';
import { inClinic } from '../../db/client.ts';
import { findHolder } from '../../db/queries/answer.ts';
import { callerOf } from '../authentication.ts';
import type { ApiDeps } from '../deps.ts';
import { requiredText } from '../fields.ts';
import { routes } from '../openapi.ts';
import { notFound } from '../problem.ts';
import { actionRoute, ask } from './action.ts';

const release = actionRoute({
  path: 'release',
  body: z.strictObject({ holder: requiredText(200) }).openapi('Release'),
  summary: 'Give a hold back',
  description: 'By its own `holder`, at any time while it is held. For everybody else there is no such hold: 404.',
});

/** Holds are made and confirmed like every appointment; only giving one back is its own. */
export function holdRoutes(deps: ApiDeps) {
  return routes().openapi(release, async (c) => {
    const { clinicId, scopes } = callerOf(c);
    const { id } = c.req.valid('param');
    const hold = await inClinic(deps.db, clinicId, (tx) => findHolder(tx, id));
    if (!hold || hold.holder !== c.req.valid('json').holder || !scopes.includes(hold.actor)) throw notFound();
    const byHolder = { actor: hold.actor, actorRef: null, reason: null };
    return c.json(await ask(deps, c, { action: 'release', ...byHolder, appointmentId: id }), 200);
  });
}
