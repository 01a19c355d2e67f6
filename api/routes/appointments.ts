import { createRoute, z } from '@hono/zod-openapi';
import { inClinic } from '../../db/client.ts';
import { findAppointment, listAppointments } from '../../db/queries/appointments.ts';
import { type AppointmentStatus, appointmentStatuses } from '../../domain/appointment.ts';
import { type AppointmentId, type PatientId, type ProviderId, asId } from '../../domain/ids.ts';
import { appointmentSchema, showAppointment } from '../appointment-json.ts';
import { callerOf } from '../authentication.ts';
import { pageFields, pageOf, placeId, placeInstant, unpackCursor } from '../cursor.ts';
import type { ApiDeps } from '../deps.ts';
import { idField, instantField } from '../fields.ts';
import { answers, listOf, problems, routes, security } from '../openapi.ts';
import { notFound } from '../problem.ts';

export const appointmentParams = z.object({ id: idField<AppointmentId>() });

const statusesField = z
  .string()
  .transform((text) => text.split(',') as AppointmentStatus[])
  .pipe(z.array(z.enum(appointmentStatuses, 'must be one or more statuses, with commas between them')))
  .openapi({ type: 'string', description: 'One or more, with commas between them.', example: 'pending,booked' });

const list = createRoute({
  method: 'get',
  path: '/appointments',
  tags: ['Appointments'],
  summary: 'Appointments, by start',
  description: 'Those that start within [`from`, `to`), earliest first.',
  security,
  request: {
    query: z.strictObject({
      from: instantField.optional(),
      to: instantField.optional(),
      providerId: idField<ProviderId>().optional(),
      patientId: idField<PatientId>().optional(),
      status: statusesField.optional(),
      ...pageFields(200, 50),
    }),
  },
  responses: { 200: answers(listOf(appointmentSchema), 'Appointments'), ...problems('VALIDATION_FAILED') },
});

const get = createRoute({
  method: 'get',
  path: '/appointments/{id}',
  tags: ['Appointments'],
  summary: 'An appointment as it is',
  security,
  request: { params: appointmentParams },
  responses: { 200: answers(appointmentSchema, 'The appointment'), ...problems('NOT_FOUND') },
});

const place = z.tuple([placeInstant, placeId]);

/** Reading appointments: from the tables, never from the workflow. */
export function appointmentRoutes({ db }: Pick<ApiDeps, 'db'>) {
  return routes()
    .openapi(list, async (c) => {
      const { clinicId, timeZone } = callerOf(c);
      const { limit, cursor, status, ...filter } = c.req.valid('query');
      const last = unpackCursor(cursor, place);
      const after = last && { startsAt: last[0], id: asId<AppointmentId>(last[1]) };
      const read = await inClinic(db, clinicId, (tx) =>
        listAppointments(tx, { ...filter, statuses: status, after, limit: limit + 1 }),
      );
      const show = (appointment: (typeof read)[number]) => showAppointment(appointment, timeZone);
      return c.json(
        pageOf(read, limit, show, ({ startsAt, id }) => [startsAt, id]),
        200,
      );
    })
    .openapi(get, async (c) => {
      const { clinicId, timeZone } = callerOf(c);
      const appointment = await inClinic(db, clinicId, (tx) => findAppointment(tx, c.req.valid('param').id));
      if (!appointment) throw notFound();
      return c.json(showAppointment(appointment, timeZone), 200);
    });
}
