import { type ConfirmCommand, confirmAppointment } from '../db/commands/appointments/confirm.ts';
import { type EndCommand, endAppointment } from '../db/commands/appointments/end.ts';
import { type ExtendCommand, extendAppointment } from '../db/commands/appointments/extend.ts';
import { type MoveCommand, moveAppointment } from '../db/commands/appointments/move.ts';
import { type RecallCommand, recallAppointment } from '../db/commands/appointments/recall.ts';
import { type ReplanCommand, replanAppointment } from '../db/commands/appointments/replan.ts';
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
    confirmAppointment: (command: ConfirmCommand): Promise<Changed> =>
      asActivityResult(confirmAppointment(db, command)),

    /** Takes another time and gives back the old one, or leaves both as they are. */
    moveAppointment: (command: MoveCommand): Promise<Changed> => asActivityResult(moveAppointment(db, command)),

    /** Gives the patient until another instant to answer. */
    extendAppointment: (command: ExtendCommand): Promise<Changed> => asActivityResult(extendAppointment(db, command)),

    /** Plans anew what is to come, by the rules as they are now. */
    replanAppointment: (command: ReplanCommand): Promise<Changed> => asActivityResult(replanAppointment(db, command)),

    /** Reads what the life has written without a memory of it, if there is anything. */
    recallAppointment: (command: RecallCommand): Promise<Changed | null> =>
      asActivityResult(recallAppointment(db, command)),

    /** Cancels, expires, completes or marks as no-show, and gives a time back that will not be used. */
    endAppointment: (command: EndCommand): Promise<Changed> => asActivityResult(endAppointment(db, command)),
  };
}
