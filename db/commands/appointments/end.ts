import { eq } from 'drizzle-orm';
import type { AppointmentStatus } from '../../../domain/appointment.ts';
import { occupiedRange } from '../../../domain/availability.ts';
import type { OpeningId } from '../../../domain/ids.ts';
import type { Changed } from '../../../domain/plan.ts';
import type { Change } from '../../../domain/reminder-plan.ts';
import { type ClinicTransaction, type Database, inClinic } from '../../client.ts';
import type { VisitRules } from '../../queries/catalogue.ts';
import { occupancies } from '../../schema/index.ts';
import { openFreedTime } from '../openings/open.ts';
import { reopenUnused } from '../openings/reopen.ts';
import { type AppointmentRow, type ChangeCommand, beginChange, recordChange, revised } from './change.ts';
import { startLastTold } from './last-told.ts';
import { planAfter } from './plan.ts';
import { rulesOf } from './rules.ts';

export interface EndCommand extends ChangeCommand {
  /** The status in which the life ends. */
  status: Extract<AppointmentStatus, 'cancelled' | 'expired' | 'completed' | 'noShow'>;
  /** False: the patient is not told. */
  notify: boolean;
  /** The rule that staff or office overrode. */
  overrode: string | null;
  /** False: the time that becomes free is not offered to others. */
  offer?: boolean;
}

/** Ends the appointment and gives back what it still occupies, to an opening where it was given up ahead, in the same transaction. */
export async function endAppointment(db: Database, command: EndCommand): Promise<Changed> {
  return inClinic(db, command.clinicId, async (tx) => {
    const begun = await beginChange(tx, command);
    if (begun.done) return begun.done;
    // A hold was never announced, so nothing is said about its end.
    const changed: Change = begun.row.status === 'held' ? 'released' : command.status;
    const { status, overrode } = command;
    const isReleased = begun.row.status === 'held' && status === 'cancelled';
    const after = revised(begun.row, command.now, { status, statusReason: isReleased ? 'released' : null });
    const rules = await rulesOf(tx, after);
    const openingIds = await giveBack(tx, command, begun.row, rules);
    const told = await startLastTold(tx, begun.row);
    const previousStartsAt = told === after.startsAt ? undefined : told;
    const ending = { appointment: after, changed, notify: command.notify, rules };
    const plan = await planAfter(tx, { ...ending, ...(previousStartsAt !== undefined && { previousStartsAt }) });
    const action = isReleased ? 'released' : status;
    return recordChange(tx, command, { action, after, plan, overrode, openingIds });
  });
}

async function giveBack(
  tx: ClinicTransaction,
  { status, now, offer: isWanted = true }: EndCommand,
  before: AppointmentRow,
  rules: VisitRules,
): Promise<OpeningId[]> {
  const isGivenUp = status === 'cancelled' || status === 'expired';
  if (!isGivenUp && now >= occupiedRange(before.startsAt, rules.visitType).end) return [];
  const [freed] = await tx
    .delete(occupancies)
    .where(eq(occupancies.ownerId, before.id))
    .returning({ during: occupancies.during });
  if (before.status === 'held') {
    const times = freed ? [{ ...freed, providerId: before.providerId }] : [];
    return reopenUnused(tx, { takenAt: before.createdAt, times, now });
  }
  if (!isGivenUp) return [];
  return openFreedTime(tx, { before, during: freed?.during, cause: status, now, rules, isWanted });
}
