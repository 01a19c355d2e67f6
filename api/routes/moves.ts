import { createRoute, z } from '@hono/zod-openapi';
import { inClinic } from '../../db/client.ts';
import { findAppointment } from '../../db/queries/appointments.ts';
import type { Caller } from '../../db/queries/api-key.ts';
import type { Appointment } from '../../domain/appointment.ts';
import { type AppointmentId, type ProviderId, asId } from '../../domain/ids.ts';
import { callerOf } from '../authentication.ts';
import { pageOf, unpackCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { idField, instantField } from '../fields.ts';
import { findAlternatives, findNearbyAlternatives, seesAsPatient } from '../free-times.ts';
import { answers, problems, routes, security } from '../openapi.ts';
import { notFound } from '../problem.ts';
import { actionRoute, ask, byWhom, refuseStaffOptions } from './action.ts';
import { notifyField, offerField } from './appointment-actions.ts';
import { appointmentParams } from './appointments.ts';
import { withAlternatives } from './reservations.ts';
import { rangeOf, showSlot, slotPlace, slotsSchema, whichTimes } from './availability.ts';

const moveSchema = z
  .strictObject({
    ...byWhom,
    startsAt: instantField,
    providerId: idField<ProviderId>().nullish().openapi({ description: 'The same provider, if left out.' }),
    offer: offerField,
    notify: notifyField,
    remind: z.boolean().default(true).openapi({ description: 'False, from staff: no reminders of the new time.' }),
    allowPatientOverlap: z.boolean().default(false).openapi({ description: 'From staff only.' }),
  })
  .openapi('Move');

const move = actionRoute({
  path: 'move',
  body: moveSchema,
  summary: 'Move a visit to another time',
  description:
    'One step: the new time is taken and the old one given back, or nothing changes. Judged by the **old** start: ' +
    'patients until `moveUntil`; later, or where it is null, staff and office may, with a `reason`. A taken time is ' +
    'refused with up to five free ones nearby in `alternatives`. A patient who moves a reservation confirms it by that; ' +
    'after a move by staff it is asked about anew.',
  codes: [
    'SLOT_TAKEN',
    'PATIENT_OVERLAP',
    'TOO_LATE_TO_MOVE',
    'STAFF_ONLY',
    'NOT_BOOKABLE',
    'REASON_REQUIRED',
    'CONFIRMATION_TIME_TOO_SHORT',
  ],
});

const alternatives = createRoute({
  method: 'get',
  path: '/appointments/{id}/alternatives',
  tags: ['Appointments'],
  summary: 'Times to move to',
  description:
    'Free times of the same length, at every provider who offers the visit type, that start within [`from`, `to`). ' +
    'The visit’s own time does not stand in the way. `actor=patient` applies notice and horizon.',
  security,
  request: {
    params: appointmentParams,
    query: z.strictObject({
      providerId: idField<ProviderId>().optional(),
      ...whichTimes,
    }),
  },
  responses: {
    200: answers(slotsSchema, 'Free times'),
    ...problems('NOT_FOUND', 'VALIDATION_FAILED'),
  },
});

/** Moving a visit, and the times that it may move to. */
export function moveRoutes(deps: ApiDeps) {
  async function known({ clinicId }: Caller, id: AppointmentId): Promise<Appointment> {
    const appointment = await inClinic(deps.db, clinicId, (tx) => findAppointment(tx, id));
    if (!appointment) throw notFound();
    return appointment;
  }

  return routes()
    .openapi(move, async (c) => {
      const { offer, providerId, ...body } = c.req.valid('json');
      const { id } = c.req.valid('param');
      const { actor, startsAt, notify, remind, allowPatientOverlap } = body;
      refuseStaffOptions(actor, { offer: !offer, notify: !notify, remind: !remind, allowPatientOverlap });
      const wish = { action: 'move', ...(offer ? {} : { offer }), ...body, providerId: providerId ?? null } as const;
      const moved = ask(deps, c, { ...wish, appointmentId: id });
      const nearby = async () => {
        const caller = callerOf(c);
        const near = { wanted: startsAt, forPatients: seesAsPatient(caller, actor) };
        return findNearbyAlternatives(deps, caller, await known(caller, id), near);
      };
      return c.json(await withAlternatives(moved, nearby), 200);
    })
    .openapi(alternatives, async (c) => {
      const caller = callerOf(c);
      const { providerId, actor, limit, cursor, ...wanted } = c.req.valid('query');
      const appointment = await known(caller, c.req.valid('param').id);
      const last = unpackCursor(cursor, slotPlace);
      const slots = await findAlternatives(deps, caller, appointment, {
        providerId,
        range: rangeOf(wanted, deps.now()),
        forPatients: seesAsPatient(caller, actor),
        limit: limit + 1,
        ...(last && { after: { startsAt: last[0], providerId: asId<ProviderId>(last[1]) } }),
      });
      const page = pageOf(slots, limit, showSlot, (slot) => [slot.startsAt, slot.providerId]);
      return c.json({ slots: page.items, nextCursor: page.nextCursor }, 200);
    });
}
