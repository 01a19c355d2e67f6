import { confirmAppointment } from '../db/commands/appointments/confirm.ts';
import { type EndCommand, endAppointment } from '../db/commands/appointments/end.ts';
import type { ChangeCommand } from '../db/commands/appointments/change.ts';
import { type ReserveCommand, reserveAppointment } from '../db/commands/appointments/reserve.ts';
import type { Database } from '../db/client.ts';
import type { Changed } from '../domain/plan.ts';
import { asActivityResult } from './refusal.ts';

/**
 * The writes of an appointment's life. All of them are safe to run twice: each states the request it carries out, and
 * finds it in the audit when a crash lay between the commit and the workflow's record of it.
 */
export function appointmentActivities(db: Database) {
  return {
    /** Makes a leased time an appointment; refuses where the lease has lapsed. */
    reserveAppointment: (command: ReserveCommand): Promise<Changed> =>
      asActivityResult(reserveAppointment(db, command)),

    /** Makes a held or pending appointment booked. */
    confirmAppointment: (command: ChangeCommand): Promise<Changed> => asActivityResult(confirmAppointment(db, command)),

    /** Cancels, expires, completes or marks as no-show, and gives a time back that will not be used. */
    endAppointment: (command: EndCommand): Promise<Changed> => asActivityResult(endAppointment(db, command)),
  };
}
