import { defineUpdate } from '@temporalio/workflow';
import type { Actor, Appointment, Reservation } from '../../domain/appointment.ts';
import type { RequestId } from '../../domain/ids.ts';

/** What an appointment's workflow is started with: the reservation itself, so that a lost `reserve` update loses nothing. */
export type AppointmentInput = Reservation;

/** How the life ended. A refused reservation is an answer too, not a failure. */
export type AppointmentOutcome =
  | { outcome: 'refused'; code: string }
  | { outcome: 'cancelled' | 'expired' | 'completed' | 'noShow' };

/** Who wants the change. `requestId` is the update id as well: a repeat is the same request. */
export interface ActionRequest {
  requestId: RequestId;
  actor: Actor;
}

export interface CancelRequest extends ActionRequest {
  /** Whether a reason came with it; the text itself stays in the database. */
  hasReason: boolean;
  notify: boolean;
}

/** From the API together with the start: waits until the reservation is made and answers with the appointment, or is refused. */
export const reserveUpdate = defineUpdate<Appointment>('reserve');

/** From API, page or text: accepts the time, up to and including `confirmBy`; on a booked one it changes nothing. */
export const confirmUpdate = defineUpdate<Appointment, [ActionRequest]>('confirm');

/** Gives the time back: patients until the cutoff, staff and office at any time but with a reason. */
export const cancelUpdate = defineUpdate<Appointment, [CancelRequest]>('cancel');

/** From staff, from the start of the visit on: the patient was here. */
export const completeUpdate = defineUpdate<Appointment, [ActionRequest]>('complete');

/** From staff, from the start of the visit on: the patient did not come. */
export const noShowUpdate = defineUpdate<Appointment, [ActionRequest]>('noShow');
