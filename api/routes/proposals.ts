import { createRoute, z } from '@hono/zod-openapi';
import type { AppointmentId, PatientId, ProviderId, VisitTypeId } from '../../domain/ids.ts';
import { MOST_PROPOSED_TIMES } from '../../domain/question.ts';
import { callerOf, refuseToSpeakFor } from '../authentication.ts';
import type { ApiDeps } from '../deps.ts';
import {
  actorRefField,
  idField,
  idShown,
  idempotencyHeader,
  instantField,
  instantShown,
  showInstant,
} from '../fields.ts';
import { alternativesFinder } from '../free-times.ts';
import { keyOf } from '../idempotency.ts';
import { answers, problems, routes, security, takes } from '../openapi.ts';
import { propose } from '../propose.ts';
import { withAlternatives } from './reservations.ts';

const timeSchema = z.strictObject({ providerId: idField<ProviderId>(), startsAt: instantField });

const bodySchema = z
  .strictObject({
    patientId: idField<PatientId>(),
    times: z.array(timeSchema).min(1).max(MOST_PROPOSED_TIMES).openapi({ description: 'In the order of the text.' }),
    visitTypeId: idField<VisitTypeId>(),
    appointmentId: idField<AppointmentId>().nullish().openapi({
      description: 'The visit that moves to the time that is chosen, and keeps its length; else a new one is booked.',
    }),
    sendNow: z
      .boolean()
      .default(false)
      .openapi({ description: 'True: the text does not wait for the quiet hours to end.' }),
    actor: z.enum(['staff', 'office']).default('staff'),
    actorRef: actorRefField,
  })
  .openapi('NewProposal');

const proposalSchema = z
  .object({
    id: idShown,
    expiresAt: instantShown.openapi({ description: 'Until then the times are kept and one of them may be chosen.' }),
    times: z.array(
      z.object({
        code: z.string().openapi({ example: 'K7', description: 'The answer by text that takes this time.' }),
        providerId: idShown,
        startsAt: instantShown,
      }),
    ),
  })
  .openapi('Proposal');

const route = createRoute({
  method: 'post',
  path: '/proposals',
  tags: ['Proposals'],
  summary: 'Let a patient choose one of up to three times by text message',
  description:
    "The times are kept for the patient for the clinic's hours from the sending of the text on. An answer with the code of " +
    'one books it, or moves the visit there, and frees the others. Where one is taken already nothing is kept: the ' +
    'pointers say which, and `alternatives` has free times near the first of them.',
  security,
  request: { headers: idempotencyHeader, body: takes(bodySchema) },
  responses: {
    201: answers(proposalSchema, 'The proposal'),
    ...problems(
      'MALFORMED_REQUEST',
      'FORBIDDEN',
      'SLOT_TAKEN',
      'PATIENT_OVERLAP',
      'ACTION_NOT_ALLOWED',
      'APPOINTMENT_EXPIRED',
      'APPOINTMENT_CLOSED',
      'VALIDATION_FAILED',
      'IDEMPOTENCY_KEY_REUSED',
    ),
  },
});

/** Proposing times to a patient. */
export function proposalRoutes(deps: ApiDeps) {
  const alternatives = alternativesFinder(deps);
  return routes().openapi(route, async (c) => {
    const caller = callerOf(c);
    const { appointmentId = null, ...body } = c.req.valid('json');
    refuseToSpeakFor(caller, body.actor);
    const { patientId, visitTypeId, actor, times } = body;
    const wish = { ...body, appointmentId, repeatable: await keyOf(c) };
    const near = { patientId, visitTypeId, actor, startsAt: times[0]!.startsAt };
    const proposal = await withAlternatives(propose(deps, caller.clinicId, wish), () => alternatives(caller, near));
    const { id, expiresAt } = proposal;
    const shown = proposal.times.map(({ startsAt, ...time }) => ({ ...time, startsAt: showInstant(startsAt) }));
    return c.json({ id, expiresAt: showInstant(expiresAt), times: shown }, 201);
  });
}
