import { createRoute, z } from '@hono/zod-openapi';
import { type Actor, reservationModes } from '../../domain/appointment.ts';
import type { Slot } from '../../domain/availability.ts';
import { type FieldError, Refusal } from '../../domain/errors.ts';
import type { PatientId, ProviderId, VisitTypeId } from '../../domain/ids.ts';
import { appointmentSchema, showAppointment } from '../appointment-json.ts';
import { callerOf, refuseToSpeakFor } from '../authentication.ts';
import type { ApiDeps } from '../deps.ts';
import {
  actorField,
  actorRefField,
  idField,
  requiredIdempotencyHeader,
  instantField,
  optionalText,
} from '../fields.ts';
import { alternativesFinder } from '../free-times.ts';
import { requiredKeyOf } from '../idempotency.ts';
import { answers, problems, routes, security, takes } from '../openapi.ts';
import { RefusalWithMore } from '../problem.ts';
import { reserve } from '../reserve.ts';
import { showSlot } from './availability.ts';

const bodySchema = z
  .strictObject({
    mode: z.enum(reservationModes),
    patientId: idField<PatientId>().nullish().openapi({ description: 'May be left out for mode `hold`.' }),
    visitTypeId: idField<VisitTypeId>(),
    providerId: idField<ProviderId>(),
    startsAt: instantField,
    actor: actorField,
    actorRef: actorRefField,
    holder: optionalText(200).openapi({
      description: 'For mode `hold`: your opaque name for who holds the time, such as the id of a web session.',
    }),
    confirmBy: instantField.nullish().openapi({ description: 'For mode `preReserve` by staff; else by the policy.' }),
    notify: z.boolean().default(true).openapi({ description: 'False, from staff: the patient is not told.' }),
    allowPatientOverlap: z.boolean().default(false).openapi({ description: 'From staff only.' }),
  })
  .openapi('Reservation');
type Body = z.infer<typeof bodySchema>;

const route = createRoute({
  method: 'post',
  path: '/appointments',
  tags: ['Appointments'],
  summary: 'Book, hold or pre-reserve a time',
  description:
    '`book` makes it booked, `preReserve` waits for the patient, who is asked at once, `hold` keeps it for some minutes ' +
    'while a form is filled in: until `confirmBy`. The same `holder` asking again for the same time gets the same hold. ' +
    'A taken time is refused with up to five free times nearby in `alternatives`.',
  security,
  request: { headers: requiredIdempotencyHeader, body: takes(bodySchema) },
  responses: {
    201: answers(appointmentSchema, 'The appointment'),
    ...problems(
      'MALFORMED_REQUEST',
      'IDEMPOTENCY_KEY_REQUIRED',
      'FORBIDDEN',
      'SLOT_TAKEN',
      'PATIENT_OVERLAP',
      'ACTION_NOT_ALLOWED',
      'TOO_MANY_HOLDS',
      'VALIDATION_FAILED',
      'NOT_BOOKABLE',
      'CONFIRMATION_TIME_TOO_SHORT',
      'IDEMPOTENCY_KEY_REUSED',
    ),
  },
});

/** Making appointments. */
export function reservationRoutes(deps: ApiDeps) {
  const alternatives = alternativesFinder(deps);
  return routes().openapi(route, async (c) => {
    const caller = callerOf(c);
    const body = c.req.valid('json');
    refuseToSpeakFor(caller, body.actor);
    refuseByMode(body);
    const repeat = await requiredKeyOf(c);
    const { patientId = null, confirmBy = null, ...asked } = body;
    const wanted = { ...asked, ...repeat, patientId, confirmBy, remind: true };
    const appointment = await withAlternatives(reserve(deps, caller, wanted), () => alternatives(caller, body));
    c.header('Location', `/v1/appointments/${appointment.id}`);
    return c.json(showAppointment(appointment, caller.timeZone), 201);
  });
}

/** Where the time was taken, the refusal names free ones nearby. */
export async function withAlternatives<T>(work: Promise<T>, find: () => Promise<Slot[]>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'SLOT_TAKEN') throw error;
    throw new RefusalWithMore(error, { alternatives: (await find()).map(showSlot) });
  }
}

function refuseByMode({ mode, actor, patientId, holder, confirmBy, notify, allowPatientOverlap }: Body): void {
  if (mode === 'preReserve' && isPatient(actor)) {
    throw new Refusal('ACTION_NOT_ALLOWED', 'Only staff and office reserve a time for a patient to confirm; book it.');
  }
  if (mode === 'hold' && actor === 'guardian') {
    throw new Refusal('ACTION_NOT_ALLOWED', 'A guardian books at once; holds are for patients, staff and office.');
  }
  const errors: FieldError[] = [];
  if (mode !== 'hold' && !patientId)
    errors.push({ pointer: '/patientId', detail: 'is needed, unless `mode` is "hold"' });
  if (mode === 'hold' && !holder) errors.push({ pointer: '/holder', detail: 'is needed where `mode` is "hold"' });
  if (mode !== 'hold' && holder) errors.push({ pointer: '/holder', detail: 'is only for `mode` "hold"' });
  if (confirmBy != null && (mode !== 'preReserve' || actor !== 'staff')) {
    errors.push({ pointer: '/confirmBy', detail: 'can be set by staff, for mode "preReserve"' });
  }
  if (!notify && actor !== 'staff')
    errors.push({ pointer: '/notify', detail: 'only staff may leave the patient untold' });
  if (allowPatientOverlap && actor !== 'staff') {
    errors.push({ pointer: '/allowPatientOverlap', detail: 'only staff may let two visits of a patient overlap' });
  }
  if (errors.length === 0) return;
  throw new Refusal('VALIDATION_FAILED', 'The input is not valid; `errors` names what to change.', errors);
}

function isPatient(actor: Actor): boolean {
  return actor === 'patient' || actor === 'guardian';
}
