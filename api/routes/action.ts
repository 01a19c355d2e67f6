import { createRoute, type z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Actor } from '../../domain/appointment.ts';
import { type ErrorCode, type FieldError, Refusal } from '../../domain/errors.ts';
import { type ActionOnAppointment, act } from '../act.ts';
import { appointmentSchema, showAppointment } from '../appointment-json.ts';
import { callerOf, refuseToSpeakFor } from '../authentication.ts';
import type { ApiDeps, ApiEnv } from '../deps.ts';
import { actorField, actorRefField, idempotencyHeader, optionalText } from '../fields.ts';
import { keyOf } from '../idempotency.ts';
import { answers, problems, security, takes } from '../openapi.ts';
import { appointmentParams } from './appointments.ts';

/** What every action says of who wants it. */
export const byWhom = {
  actor: actorField,
  actorRef: actorRefField,
  reason: optionalText(1000).openapi({ description: 'Stored beside the change; never sent to anybody.' }),
};

interface Described<Path extends string, Body extends z.ZodType> {
  path: Path;
  body: Body;
  summary: string;
  description?: string;
  /** What it may be refused with beyond what every action may. */
  codes?: readonly ErrorCode[];
}

/** A change of one appointment, which answers with the appointment as it now is. */
export function actionRoute<Path extends string, Body extends z.ZodType>(described: Described<Path, Body>) {
  const { path, body, codes = [], ...texts } = described;
  return createRoute({
    method: 'post',
    path: `/appointments/{id}/${path}`,
    tags: ['Appointments'],
    ...texts,
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
        ...codes,
        'VALIDATION_FAILED',
        'IDEMPOTENCY_KEY_REUSED',
      ),
    },
  });
}

/** Asks the appointment's workflow in the caller's name, and shows what it answers. */
export async function ask(deps: ApiDeps, c: Context<ApiEnv>, wanted: ActionOnAppointment) {
  const caller = callerOf(c);
  refuseToSpeakFor(caller, wanted.actor);
  const appointment = await act(deps, caller.clinicId, { ...wanted, repeatable: await keyOf(c) });
  return showAppointment(appointment, caller.timeZone);
}

/** Refuses what only staff may ask for; each option is named with whether it was asked for. */
export function refuseStaffOptions(actor: Actor, options: Record<string, boolean>): void {
  const asked = Object.keys(options).filter((name) => options[name]);
  if (actor === 'staff' || asked.length === 0) return;
  const errors: FieldError[] = asked.map((name) => ({ pointer: `/${name}`, detail: 'is for staff only' }));
  throw new Refusal('VALIDATION_FAILED', 'The request asks for more than it may.', errors);
}
