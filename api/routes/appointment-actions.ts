import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Actor, Appointment } from '../../domain/appointment.ts';
import { type FieldError, Refusal } from '../../domain/errors.ts';
import type { AppointmentId, PatientId } from '../../domain/ids.ts';
import { act } from '../act.ts';
import { appointmentSchema, showAppointment } from '../appointment-json.ts';
import { callerOf, refuseToSpeakFor } from '../authentication.ts';
import type { ApiDeps, ApiEnv } from '../deps.ts';
import { actorField, actorRefField, idField, idempotencyHeader, optionalText } from '../fields.ts';
import { keyOf } from '../idempotency.ts';
import { answers, problems, routes, security, takes } from '../openapi.ts';
import type { RequestedAction } from '../temporal-gateway.ts';
import { appointmentParams } from './appointments.ts';

const byWhom = {
  actor: actorField,
  actorRef: actorRefField,
  reason: optionalText(1000).openapi({ description: 'Stored beside the change; never sent to anybody.' }),
};
const actionSchema = z.strictObject(byWhom).openapi('Action');
const confirmSchema = z
  .strictObject({ ...byWhom, patientId: idField<PatientId>().optional().openapi({ description: 'For a hold.' }) })
  .openapi('Confirmation');
const cancelSchema = z
  .strictObject({
    ...byWhom,
    offer: z.boolean().optional().openapi({ description: 'False, from staff: the freed time is not offered.' }),
    notify: z.boolean().optional().openapi({ description: 'False, from staff: the patient is not told.' }),
  })
  .openapi('Cancellation');

function actionRoute<Path extends string, Body extends z.ZodType>(path: Path, body: Body, summary: string) {
  return createRoute({
    method: 'post',
    path: `/appointments/{id}/${path}`,
    tags: ['Appointments'],
    summary,
    security,
    request: { params: appointmentParams, headers: idempotencyHeader, body: takes(body) },
    responses: {
      200: answers(appointmentSchema, 'The appointment as it now is'),
      ...problems(
        'MALFORMED_REQUEST',
        'FORBIDDEN',
        'NOT_FOUND',
        'ACTION_NOT_ALLOWED',
        'APPOINTMENT_EXPIRED',
        'APPOINTMENT_CLOSED',
        ...(path === 'cancel' ? (['TOO_LATE_TO_CANCEL', 'STAFF_ONLY', 'REASON_REQUIRED'] as const) : []),
        'VALIDATION_FAILED',
        'IDEMPOTENCY_KEY_REUSED',
      ),
    },
  });
}

const confirm = actionRoute('confirm', confirmSchema, 'Confirm a reserved time');
const cancel = actionRoute('cancel', cancelSchema, 'Cancel a visit');
const complete = actionRoute('complete', actionSchema, 'Say that the visit took place');
const noShow = actionRoute('no-show', actionSchema, 'Say that the patient did not come');

interface Asked {
  id: AppointmentId;
  actor: Actor;
  actorRef: string | null;
  reason: string | null;
  notify?: boolean;
  check?: (appointment: Appointment) => void;
}

/** Changing appointments: each request is an update of the appointment's workflow. */
export function appointmentActionRoutes(deps: ApiDeps) {
  async function ask(c: Context<ApiEnv>, action: RequestedAction, { id, notify = true, ...asked }: Asked) {
    const caller = callerOf(c);
    refuseToSpeakFor(caller, asked.actor);
    const request = { ...asked, repeatable: await keyOf(c), action, appointmentId: id, notify };
    return showAppointment(await act(deps, caller.clinicId, request), caller.timeZone);
  }

  return routes()
    .openapi(confirm, async (c) => {
      const { patientId, ...body } = c.req.valid('json');
      const check = (appointment: Appointment) => refuseOtherPatient(appointment, patientId);
      return c.json(await ask(c, 'confirm', { ...c.req.valid('param'), ...body, check }), 200);
    })
    .openapi(cancel, async (c) => {
      const { offer, notify, ...body } = c.req.valid('json');
      refuseStaffOptions(body.actor, { offer, notify });
      return c.json(await ask(c, 'cancel', { ...c.req.valid('param'), ...body, notify: notify ?? true }), 200);
    })
    .openapi(complete, async (c) =>
      c.json(await ask(c, 'complete', { ...c.req.valid('param'), ...c.req.valid('json') }), 200),
    )
    .openapi(noShow, async (c) =>
      c.json(await ask(c, 'noShow', { ...c.req.valid('param'), ...c.req.valid('json') }), 200),
    );
}

function refuseOtherPatient(appointment: Appointment, patientId: PatientId | undefined): void {
  if (patientId === undefined || patientId === appointment.patientId) return;
  throw new Refusal('VALIDATION_FAILED', 'The appointment has its patient already.', [
    { pointer: '/patientId', detail: "must be left out, or be the appointment's own patient" },
  ]);
}

function refuseStaffOptions(actor: Actor, options: Record<string, boolean | undefined>): void {
  const wanted = Object.entries(options).filter(([, value]) => value === false);
  if (actor === 'staff' || wanted.length === 0) return;
  const errors: FieldError[] = wanted.map(([name]) => ({ pointer: `/${name}`, detail: 'only staff may say false' }));
  throw new Refusal('VALIDATION_FAILED', 'The request asks for more than it may.', errors);
}
