import { createRoute, z } from '@hono/zod-openapi';
import { inClinic } from '../../db/client.ts';
import { listProviders } from '../../db/queries/providers.ts';
import { listVisitTypes } from '../../db/queries/visit-types.ts';
import type { VisitType } from '../../domain/catalogue.ts';
import { callerOf } from '../authentication.ts';
import type { ApiDeps } from '../deps.ts';
import { idShown } from '../fields.ts';
import { answers, listOf, problems, routes, security } from '../openapi.ts';

const who = z.enum(['allowed', 'staffOnly']);
const visitTypeSchema = z
  .object({
    id: idShown,
    names: z.record(z.string(), z.string()).openapi({ example: { fi: 'Hammastarkastus', en: 'Check-up' } }),
    durationMinutes: z.number().int(),
    bufferBeforeMinutes: z.number().int(),
    bufferAfterMinutes: z.number().int(),
    gridMinutes: z.number().int(),
    minimumNoticeMinutes: z.number().int().openapi({ description: 'For patients.' }),
    horizonDays: z.number().int().openapi({ description: 'For patients.' }),
    selfService: z.object({ cancel: who, move: who }),
    backfill: z.boolean().openapi({ description: 'Whether a freed time may be offered to others.' }),
  })
  .openapi('VisitType');

const providerSchema = z
  .object({
    id: idShown,
    name: z.string(),
    visitTypeIds: z.array(idShown),
    hours: z
      .array(z.object({ weekday: z.number().int(), opensAt: z.string(), closesAt: z.string() }))
      .openapi({ description: "Weekly, in the clinic's wall-clock time; weekday 1 is Monday." }),
  })
  .openapi('Provider');

const visitTypes = createRoute({
  method: 'get',
  path: '/visit-types',
  tags: ['Catalogue'],
  summary: 'Bookable services',
  security,
  responses: { 200: answers(listOf(visitTypeSchema), 'All of them'), ...problems() },
});

const providers = createRoute({
  method: 'get',
  path: '/providers',
  tags: ['Catalogue'],
  summary: 'Who or what has a calendar',
  security,
  responses: { 200: answers(listOf(providerSchema), 'All of them'), ...problems() },
});

/** What can be booked, and with whom. A clinic's catalogue is short: one page holds it. */
export function catalogueRoutes({ db }: Pick<ApiDeps, 'db'>) {
  return routes()
    .openapi(visitTypes, async (c) => {
      const types = await inClinic(db, callerOf(c).clinicId, listVisitTypes);
      return c.json({ items: types.map(showVisitType), nextCursor: null }, 200);
    })
    .openapi(providers, async (c) => {
      const items = await inClinic(db, callerOf(c).clinicId, listProviders);
      const shown = items.map(({ hours, visitTypeIds, ...rest }) => ({
        ...rest,
        visitTypeIds: [...visitTypeIds],
        hours: [...hours],
      }));
      return c.json({ items: shown, nextCursor: null }, 200);
    });
}

function showVisitType({ cutoffs: _, reminderRules: __, ...shown }: VisitType): z.infer<typeof visitTypeSchema> {
  return shown;
}
