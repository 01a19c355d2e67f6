import { checkConfirmBy } from '../../../domain/confirmation.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { Changed, Plan } from '../../../domain/plan.ts';
import { type Database, inClinic } from '../../client.ts';
import { type ChangeCommand, beginChange, recordChange, revised } from './change.ts';
import { planAfter } from './plan.ts';
import { rulesOf } from './rules.ts';

export interface ExtendCommand extends ChangeCommand {
  confirmBy: Instant;
  /** What the workflow still waits for: of it, what has not been said is kept. */
  waiting: Plan;
}

/** Gives the patient until another instant to answer, after now and before the start; else VALIDATION_FAILED. */
export async function extendAppointment(db: Database, command: ExtendCommand): Promise<Changed> {
  return inClinic(db, command.clinicId, async (tx) => {
    const begun = await beginChange(tx, command);
    if (begun.done) return begun.done;
    const { confirmBy, now, waiting: previous } = command;
    const { startsAt, settledAt, isReminded: remind } = begun.row;
    checkConfirmBy(confirmBy, now, startsAt);
    const after = revised(begun.row, now, { confirmBy });
    const rules = await rulesOf(tx, after);
    const plan = await planAfter(tx, { appointment: after, changed: 'extended', rules, settledAt, remind, previous });
    return recordChange(tx, command, { action: 'extended', after, plan });
  });
}
