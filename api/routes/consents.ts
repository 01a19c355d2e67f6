import { createRoute, z } from '@hono/zod-openapi';
import { type ClinicTransaction, inClinic } from '../../db/client.ts';
import { recordConsent } from '../../db/commands/consents/record.ts';
import { type RecordedConsent, listConsents } from '../../db/queries/consents.ts';
import { findPatient } from '../../db/queries/patients.ts';
import { consentCategories, consentSources, consentStates } from '../../domain/consent.ts';
import type { PatientId } from '../../domain/ids.ts';
import { channels } from '../../domain/plan.ts';
import { callerOf } from '../authentication.ts';
import { pageFields, pageOf, unpackCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { idField, instantShown, requiredText, showInstant } from '../fields.ts';
import { answers, listOf, problems, routes, security, takes } from '../openapi.ts';
import { notFound } from '../problem.ts';

const said = {
  category: z.enum(consentCategories),
  channel: z.enum(channels),
  state: z.enum(consentStates),
  source: z.enum(consentSources).openapi({ description: "How the patient's word reached the clinic." }),
};
const bodySchema = z
  .strictObject({ ...said, wording: requiredText(2000).openapi({ description: 'The words that they agreed to.' }) })
  .openapi('NewConsent');
const consentSchema = z.object({ ...said, wording: z.string(), recordedAt: instantShown }).openapi('Consent');

const common = { tags: ['Patients'], security };
const params = z.object({ id: idField<PatientId>() });

const add = createRoute({
  ...common,
  method: 'post',
  path: '/patients/{id}/consents',
  summary: 'Record what a patient agrees to, or takes back',
  description:
    'Nothing is ever altered: for each category and channel the last word holds. Who takes back `offers` by `sms` has no ' +
    'chance any more at times that were offered, and others are asked.',
  request: { params, body: takes(bodySchema) },
  responses: {
    201: answers(consentSchema, 'As it was recorded'),
    ...problems('MALFORMED_REQUEST', 'NOT_FOUND', 'VALIDATION_FAILED'),
  },
});

const list = createRoute({
  ...common,
  method: 'get',
  path: '/patients/{id}/consents',
  summary: 'What a patient agreed to and took back, the last word first',
  request: { params, query: z.strictObject(pageFields(200, 50)) },
  responses: { 200: answers(listOf(consentSchema), 'Consents'), ...problems('NOT_FOUND', 'VALIDATION_FAILED') },
});

const place = z.tuple([z.int().min(0)]);

/** What patients may be written to about. */
export function consentRoutes({ db, now }: Pick<ApiDeps, 'db' | 'now'>) {
  return routes()
    .openapi(add, async (c) => {
      const { clinicId } = callerOf(c);
      const consent = { clinicId, patientId: c.req.valid('param').id, ...c.req.valid('json'), now: now() };
      const recorded = await inClinic(db, clinicId, async (tx) => {
        await refuseUnknown(tx, consent.patientId);
        return recordConsent(tx, consent);
      });
      return c.json(showConsent(recorded), 201);
    })
    .openapi(list, async (c) => {
      const { id: patientId } = c.req.valid('param');
      const { limit, cursor } = c.req.valid('query');
      const before = unpackCursor(cursor, place)?.[0];
      const read = await inClinic(db, callerOf(c).clinicId, async (tx) => {
        await refuseUnknown(tx, patientId);
        return listConsents(tx, { patientId, before, limit: limit + 1 });
      });
      return c.json(
        pageOf(read, limit, showConsent, ({ id }) => [id]),
        200,
      );
    });
}

async function refuseUnknown(tx: ClinicTransaction, id: PatientId): Promise<void> {
  if (!(await findPatient(tx, id))) throw notFound();
}

function showConsent({ id: _, recordedAt, ...consent }: RecordedConsent): z.infer<typeof consentSchema> {
  return { ...consent, recordedAt: showInstant(recordedAt) };
}
