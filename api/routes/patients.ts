import { createRoute, z } from '@hono/zod-openapi';
import { inClinic } from '../../db/client.ts';
import { changePatient } from '../../db/commands/patients/change.ts';
import { createPatient } from '../../db/commands/patients/create.ts';
import type { Caller } from '../../db/queries/api-key.ts';
import { findPatient, searchPatients } from '../../db/queries/patients.ts';
import { localDate } from '../../domain/clinic-time.ts';
import { Refusal } from '../../domain/errors.ts';
import { type PatientId, asId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import { type Patient, type PatientDetails, type PatientField, readPatient } from '../../domain/patient.ts';
import { readMobile } from '../../domain/phone.ts';
import { callerOf, refuseUnlessStaff } from '../authentication.ts';
import { pageFields, pageOf, placeId, unpackCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { idField, idShown, instantShown, showInstant, textField } from '../fields.ts';
import { answers, listOf, problems, routes, security, takes } from '../openapi.ts';
import { notFound } from '../problem.ts';

const text = textField(300);
const optional = {
  mobile: text
    .nullish()
    .openapi({ example: '040 1000 101', description: "A number without + is the clinic's country's." }),
  email: text.nullish(),
  birthDate: text.nullish().openapi({ format: 'date' }),
  language: text.nullish().openapi({ example: 'fi', description: "Null: the clinic's first language." }),
  externalId: text.nullish().openapi({ description: 'Your own number of the patient; unique.' }),
  inCare: z.boolean().optional().openapi({ description: 'Marked so by staff alone, whatever the visits say.' }),
};
const newSchema = z.strictObject({ firstName: text, lastName: text, ...optional }).openapi('NewPatient');
const changeSchema = z
  .strictObject({ firstName: text.optional(), lastName: text.optional(), ...optional })
  .openapi('PatientChange');
const searchSchema = z
  // In a body a number is a number.
  .strictObject({
    query: textField(100).trim().min(1),
    ...pageFields(50, 20),
    limit: z.int().min(1).max(50).default(20),
  })
  .openapi('PatientSearch');

const patientSchema = z
  .object({
    id: idShown,
    firstName: z.string(),
    lastName: z.string(),
    mobile: z.string().nullable().openapi({ example: '+358401000101', description: 'E.164' }),
    email: z.string().nullable(),
    birthDate: z.string().nullable().openapi({ format: 'date' }),
    language: z.string().nullable(),
    externalId: z.string().nullable(),
    inCare: z.boolean().openapi({ description: 'Marked so by staff; whoever had a visit lately is in care as well.' }),
    createdAt: instantShown,
    updatedAt: instantShown,
  })
  .openapi('Patient');

const params = z.object({ id: idField<PatientId>() });
const common = { tags: ['Patients'], security };

const create = createRoute({
  ...common,
  method: 'post',
  path: '/patients',
  summary: 'Add a patient',
  request: { body: takes(newSchema) },
  responses: {
    201: answers(patientSchema, 'The patient'),
    ...problems('MALFORMED_REQUEST', 'FORBIDDEN', 'VALIDATION_FAILED'),
  },
});
const search = createRoute({
  ...common,
  method: 'post',
  path: '/patients/search',
  summary: 'Find patients by name, number, e-mail or external id',
  description: 'A POST, so that nothing about a person stands in an address.',
  request: { body: takes(searchSchema) },
  responses: { 200: answers(listOf(patientSchema), 'By name'), ...problems('MALFORMED_REQUEST', 'VALIDATION_FAILED') },
});
const get = createRoute({
  ...common,
  method: 'get',
  path: '/patients/{id}',
  summary: 'A patient',
  request: { params },
  responses: { 200: answers(patientSchema, 'The patient'), ...problems('NOT_FOUND') },
});
const change = createRoute({
  ...common,
  method: 'patch',
  path: '/patients/{id}',
  summary: 'Change what is given; null clears',
  request: { params, body: takes(changeSchema) },
  responses: {
    200: answers(patientSchema, 'The patient as it now is'),
    ...problems('MALFORMED_REQUEST', 'FORBIDDEN', 'NOT_FOUND', 'VALIDATION_FAILED'),
  },
});

const place = z.tuple([textField(300), textField(300), placeId]);

/** The clinic's patients. */
export function patientRoutes({ db, now }: Pick<ApiDeps, 'db' | 'now'>) {
  return routes()
    .openapi(create, async (c) => {
      const caller = callerOf(c);
      const { inCare: isInCare, ...given } = c.req.valid('json');
      refuseMark(caller, isInCare);
      const details = { ...nothingKnown, ...detailsIn(given, caller, now()) };
      const patient = await inClinic(db, caller.clinicId, (tx) =>
        createPatient(tx, { clinicId: caller.clinicId, details, isInCare, now: now() }),
      );
      c.header('Location', `/v1/patients/${patient.id}`);
      return c.json(showPatient(patient), 201);
    })
    .openapi(search, async (c) => {
      const caller = callerOf(c);
      const { query, limit, cursor } = c.req.valid('json');
      const last = unpackCursor(cursor, place);
      const after = last && { lastName: last[0], firstName: last[1], id: asId<PatientId>(last[2]) };
      const found = await inClinic(db, caller.clinicId, (tx) =>
        searchPatients(tx, { ...searchFor(query, caller), after, limit: limit + 1 }),
      );
      const page = pageOf(found, limit, showPatient, ({ lastName, firstName, id }) => [lastName, firstName, id]);
      return c.json(page, 200);
    })
    .openapi(get, async (c) => {
      const { clinicId } = callerOf(c);
      const patient = await inClinic(db, clinicId, (tx) => findPatient(tx, c.req.valid('param').id));
      if (!patient) throw notFound();
      return c.json(showPatient(patient), 200);
    })
    .openapi(change, async (c) => {
      const caller = callerOf(c);
      const { inCare: isInCare, ...given } = c.req.valid('json');
      refuseMark(caller, isInCare);
      const details = detailsIn(given, caller, now());
      const { clinicId } = caller;
      const patientChange = { clinicId, id: c.req.valid('param').id, details, isInCare, now: now() };
      const patient = await inClinic(db, clinicId, (tx) => changePatient(tx, patientChange));
      if (!patient) throw notFound();
      return c.json(showPatient(patient), 200);
    });
}

/** The mark is the word of staff, whichever it is. */
function refuseMark(caller: Caller, isInCare: boolean | undefined): void {
  if (isInCare !== undefined) refuseUnlessStaff(caller, [{ pointer: '/inCare', detail: 'is for staff only' }]);
}

const nothingKnown: PatientDetails = {
  firstName: '',
  lastName: '',
  mobile: null,
  email: null,
  birthDate: null,
  language: null,
  externalId: null,
};

type Given = Partial<Record<PatientField, string | null | undefined>>;

function detailsIn(given: Given, { country, timeZone }: Caller, now: Instant): Partial<PatientDetails> {
  const { details, errors } = readPatient(given, { country, today: localDate(now, timeZone) });
  if (errors.length > 0) throw new Refusal('VALIDATION_FAILED', "The patient's details are not valid.", errors);
  return details;
}

/** Digits are looked for as a number: whole, as it is dialled here, or its end. */
function searchFor(query: string, { country }: Caller): { query: string; mobile: string | undefined } {
  const digits = query.replace(/[\s()/.-]/g, '');
  if (!/^\+?\d{4,}$/.test(digits)) return { query, mobile: undefined };
  const phone = readMobile(query, country);
  return { query, mobile: 'number' in phone ? phone.number : digits.replace(/^(\+|0+)/, '') };
}

function showPatient({ isInCare: inCare, createdAt, updatedAt, ...patient }: Patient): z.infer<typeof patientSchema> {
  return { ...patient, inCare, createdAt: showInstant(createdAt), updatedAt: showInstant(updatedAt) };
}
