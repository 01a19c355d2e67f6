import { createRoute, z } from '@hono/zod-openapi';
import { inClinic } from '../../db/client.ts';
import { findAppointment } from '../../db/queries/appointments.ts';
import { Refusal } from '../../domain/errors.ts';
import type { ProviderId } from '../../domain/ids.ts';
import { appointmentSchema, showAppointment } from '../appointment-json.ts';
import { callerOf, refuseToSpeakFor } from '../authentication.ts';
import type { ApiDeps } from '../deps.ts';
import { actorRefField, idField, instantField, requiredIdempotencyHeader } from '../fields.ts';
import { alternativesFinder } from '../free-times.ts';
import { requiredKeyOf } from '../idempotency.ts';
import { answers, problems, routes, security, takes } from '../openapi.ts';
import { notFound } from '../problem.ts';
import { reserve } from '../reserve.ts';
import { notifyField } from './appointment-actions.ts';
import { appointmentParams } from './appointments.ts';
import { withAlternatives } from './reservations.ts';

const bodySchema = z
  .strictObject({
    startsAt: instantField,
    providerId: idField<ProviderId>().nullish().openapi({ description: 'The same provider, if left out.' }),
    remind: z.boolean().default(false).openapi({ description: 'Reminders are never copied; true plans new ones.' }),
    notify: notifyField,
    allowPatientOverlap: z.boolean().default(false),
    actor: z.literal('staff').default('staff'),
    actorRef: actorRefField,
  })
  .openapi('Copy');

const route = createRoute({
  method: 'post',
  path: '/appointments/{id}/copy',
  tags: ['Appointments'],
  summary: 'Book another visit like this one',
  description: 'By staff, from an appointment in any status: the same patient and visit type at another time.',
  security,
  request: { params: appointmentParams, headers: requiredIdempotencyHeader, body: takes(bodySchema) },
  responses: {
    201: answers(appointmentSchema, 'The new appointment'),
    ...problems(
      'MALFORMED_REQUEST',
      'IDEMPOTENCY_KEY_REQUIRED',
      'FORBIDDEN',
      'NOT_FOUND',
      'SLOT_TAKEN',
      'PATIENT_OVERLAP',
      'ACTION_NOT_ALLOWED',
      'VALIDATION_FAILED',
      'IDEMPOTENCY_KEY_REUSED',
    ),
  },
});

/** Copying a visit. */
export function copyRoutes(deps: ApiDeps) {
  const alternatives = alternativesFinder(deps);
  return routes().openapi(route, async (c) => {
    const caller = callerOf(c);
    const { providerId, ...body } = c.req.valid('json');
    refuseToSpeakFor(caller, body.actor);
    const original = await inClinic(deps.db, caller.clinicId, (tx) => findAppointment(tx, c.req.valid('param').id));
    if (!original) throw notFound();
    const { patientId, visitTypeId } = original;
    if (patientId === null) {
      throw new Refusal('ACTION_NOT_ALLOWED', 'This was a hold without a patient: there is no visit to copy.');
    }
    const visit = { patientId, visitTypeId, providerId: providerId ?? original.providerId, confirmBy: null };
    const request = { mode: 'book', holder: null, ...body, ...visit, ...(await requiredKeyOf(c)) } as const;
    const copy = await withAlternatives(reserve(deps, caller, request), () => alternatives(caller, request));
    c.header('Location', `/v1/appointments/${copy.id}`);
    return c.json(showAppointment(copy, caller.timeZone), 201);
  });
}
