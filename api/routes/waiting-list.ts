import { createRoute, z } from '@hono/zod-openapi';
import { inClinic } from '../../db/client.ts';
import { addToWaitingList } from '../../db/commands/waiting-list/add.ts';
import { removeFromWaitingList } from '../../db/commands/waiting-list/remove.ts';
import { type WaitingEntry, listWaiting } from '../../db/queries/waiting-list.ts';
import { closingTimeSchema } from '../../domain/catalogue.ts';
import {
  type AppointmentId,
  type PatientId,
  type ProviderId,
  type VisitTypeId,
  type WaitingListEntryId,
  asId,
} from '../../domain/ids.ts';
import { timeOfDaySchema } from '../../domain/policy.ts';
import { callerOf } from '../authentication.ts';
import { pageFields, pageOf, placeId, placeInstant, unpackCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { idField, idShown, instantShown, showInstant } from '../fields.ts';
import { answers, listOf, problems, routes, security, takes } from '../openapi.ts';
import { notFound } from '../problem.ts';

const dateField = z.string().nullish().openapi({ format: 'date', example: '2027-01-15' });
const isOnceEach = (items: readonly unknown[]) => new Set(items).size === items.length;
const onceEach = 'must name each one once';

const bodySchema = z
  .strictObject({
    patientId: idField<PatientId>(),
    visitTypeId: idField<VisitTypeId>(),
    providerIds: z.array(idField<ProviderId>()).min(1).max(100).refine(isOnceEach, onceEach).nullish(),
    earliest: dateField,
    latest: dateField,
    weekdays: z
      .array(z.int().min(1).max(7))
      .min(1)
      .refine(isOnceEach, onceEach)
      .nullish()
      .openapi({ description: '1 = Monday.' }),
    between: z
      .tuple([timeOfDaySchema, closingTimeSchema])
      .nullish()
      .openapi({
        example: ['08:00', '12:00'],
        description: 'The whole visit lies between the two, by the clinic’s clock.',
      }),
    insteadOf: idField<AppointmentId>()
      .nullish()
      .openapi({ description: 'The visit that would move to an earlier time. Without it a new visit is made.' }),
  })
  .openapi('Wish');

const entrySchema = z
  .object({
    id: idShown,
    patientId: idShown,
    visitTypeId: idShown,
    providerIds: z.array(idShown).nullable(),
    earliest: z.string().nullable().openapi({ format: 'date' }),
    latest: z.string().nullable().openapi({ format: 'date' }),
    weekdays: z.array(z.int()).nullable(),
    between: z.tuple([z.string(), z.string()]).nullable(),
    insteadOf: idShown.nullable(),
    createdAt: instantShown,
  })
  .openapi('WaitingListEntry');

const common = { tags: ['Openings'], security };

const add = createRoute({
  ...common,
  method: 'post',
  path: '/waiting-list',
  summary: 'Put a patient on the waiting list',
  description:
    'For a visit, or for an earlier one than the patient has. Offers are texts: they need a mobile number and the ' +
    'patient’s consent to `offers` by `sms`.',
  request: { body: takes(bodySchema) },
  responses: { 201: answers(entrySchema, 'The entry'), ...problems('MALFORMED_REQUEST', 'VALIDATION_FAILED') },
});

const list = createRoute({
  ...common,
  method: 'get',
  path: '/waiting-list',
  summary: 'Who waits, longest first',
  request: { query: z.strictObject({ patientId: idField<PatientId>().optional(), ...pageFields(200, 50) }) },
  responses: { 200: answers(listOf(entrySchema), 'Those who wait'), ...problems('VALIDATION_FAILED') },
});

const remove = createRoute({
  ...common,
  method: 'delete',
  path: '/waiting-list/{id}',
  summary: 'Take a wish off the waiting list',
  description: 'An offer that was made already stands.',
  request: { params: z.object({ id: idField<WaitingListEntryId>() }) },
  responses: { 204: { description: 'It is off the list' }, ...problems('NOT_FOUND') },
});

const place = z.tuple([placeInstant, placeId]);

/** Patients who would like a time, or an earlier one. */
export function waitingListRoutes({ db, now }: Pick<ApiDeps, 'db' | 'now'>) {
  return routes()
    .openapi(add, async (c) => {
      const { clinicId } = callerOf(c);
      const { providerIds = null, insteadOf = null, ...body } = c.req.valid('json');
      const { earliest = null, latest = null, weekdays = null, between = null, ...wanted } = body;
      const suits = { earliest, latest, weekdays, between };
      const wish = { clinicId, ...wanted, ...suits, providerIds, insteadOf, now: now() };
      const entry = await inClinic(db, clinicId, (tx) => addToWaitingList(tx, wish));
      return c.json(showEntry(entry), 201);
    })
    .openapi(list, async (c) => {
      const { patientId, limit, cursor } = c.req.valid('query');
      const last = unpackCursor(cursor, place);
      const after = last && { createdAt: last[0], id: asId<WaitingListEntryId>(last[1]) };
      const filter = { patientId, after, limit: limit + 1 };
      const read = await inClinic(db, callerOf(c).clinicId, (tx) => listWaiting(tx, filter));
      return c.json(
        pageOf(read, limit, showEntry, ({ createdAt, id }) => [createdAt, id]),
        200,
      );
    })
    .openapi(remove, async (c) => {
      const { id } = c.req.valid('param');
      const wasThere = await inClinic(db, callerOf(c).clinicId, (tx) => removeFromWaitingList(tx, { id, now: now() }));
      if (!wasThere) throw notFound();
      return c.body(null, 204);
    });
}

function showEntry({
  earliestOn: earliest,
  latestOn: latest,
  betweenFrom,
  betweenTo,
  createdAt,
  ...entry
}: WaitingEntry): z.infer<typeof entrySchema> {
  const between: [string, string] | null = betweenFrom !== null && betweenTo !== null ? [betweenFrom, betweenTo] : null;
  return { ...entry, earliest, latest, between, createdAt: showInstant(createdAt) };
}
