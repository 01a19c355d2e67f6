import { z } from '@hono/zod-openapi';
import { type Appointment, appointmentStatuses } from '../domain/appointment.ts';
import { appointmentWorkflowId } from '../domain/ids.ts';
import { idShown, instantShown, showInstant } from './fields.ts';

export const appointmentSchema = z
  .object({
    id: idShown,
    status: z.enum(appointmentStatuses),
    statusReason: z.string().nullable(),
    patientId: idShown.nullable(),
    providerId: idShown,
    visitTypeId: idShown,
    startsAt: instantShown,
    endsAt: instantShown,
    timeZone: z.string().openapi({ description: "The clinic's, for the local meaning of the instants." }),
    confirmBy: instantShown.nullable(),
    cancelUntil: instantShown.nullable().openapi({ description: 'Last instant for a patient; null: staff only.' }),
    moveUntil: instantShown.nullable().openapi({ description: 'Last instant for a patient; null: staff only.' }),
    version: z.number().int().openapi({ description: 'Rises when the time changes.' }),
    revision: z.number().int().openapi({ description: 'Rises with every change.' }),
    createdAt: instantShown,
    updatedAt: instantShown,
    workflowId: z.string().openapi({ description: 'The workflow that is its life, as the Temporal UI shows it.' }),
  })
  .openapi('Appointment');

/** An appointment as the API answers it. */
export function showAppointment(appointment: Appointment, timeZone: string): z.infer<typeof appointmentSchema> {
  const { id, status, statusReason, patientId, providerId, visitTypeId, version, revision } = appointment;
  return {
    id,
    status,
    statusReason,
    patientId,
    providerId,
    visitTypeId,
    startsAt: showInstant(appointment.startsAt),
    endsAt: showInstant(appointment.endsAt),
    timeZone,
    confirmBy: showInstant(appointment.confirmBy),
    cancelUntil: showInstant(appointment.cancelUntil),
    moveUntil: showInstant(appointment.moveUntil),
    version,
    revision,
    createdAt: showInstant(appointment.createdAt),
    updatedAt: showInstant(appointment.updatedAt),
    workflowId: appointmentWorkflowId(appointment.clinicId, id),
  };
}
