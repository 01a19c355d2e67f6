import { eq } from 'drizzle-orm';
import type { AppointmentStatus } from '../../../domain/appointment.ts';
import type { Changed } from '../../../domain/plan.ts';
import type { Change } from '../../../domain/reminder-plan.ts';
import { type Database, inClinic } from '../../client.ts';
import { occupancies } from '../../schema/index.ts';
import { type ChangeCommand, beginChange, recordChange, revised } from './change.ts';
import { planAfter } from './plan.ts';
import { rulesOf } from './rules.ts';

export interface EndCommand extends ChangeCommand {
  /** The status in which the life ends. */
  status: Extract<AppointmentStatus, 'cancelled' | 'expired' | 'completed' | 'noShow'>;
  /** False: the patient is not told. */
  notify: boolean;
  /** The rule that staff or office overrode. */
  overrode: string | null;
}

/** Ends the appointment and, where the visit does not take place, gives its time back in the same transaction. */
export async function endAppointment(db: Database, command: EndCommand): Promise<Changed> {
  return inClinic(db, command.clinicId, async (tx) => {
    const begun = await beginChange(tx, command);
    if (begun.done) return begun.done;
    // A hold was never announced, so nothing is said about its end.
    const changed: Change = begun.row.status === 'held' ? 'released' : command.status;
    const { status, overrode } = command;
    const isReleased = begun.row.status === 'held' && status === 'cancelled';
    const after = revised(begun.row, command.now, { status, statusReason: isReleased ? 'released' : null });
    if (status === 'cancelled' || status === 'expired') {
      await tx.delete(occupancies).where(eq(occupancies.ownerId, command.appointmentId));
    }
    const rules = await rulesOf(tx, after);
    const plan = await planAfter(tx, { appointment: after, changed, notify: command.notify, rules });
    return recordChange(tx, command, { action: isReleased ? 'released' : status, after, plan, overrode });
  });
}
