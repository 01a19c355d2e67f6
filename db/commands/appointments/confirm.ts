import type { Changed } from '../../../domain/plan.ts';
import { type Database, inClinic } from '../../client.ts';
import { type ChangeCommand, beginChange, recordChange, revised } from './change.ts';
import { planAfter } from './plan.ts';
import { rulesOf } from './rules.ts';

/** Makes a held or pending time the patient's. Whether it is still in time was decided when the workflow accepted it. */
export async function confirmAppointment(db: Database, command: ChangeCommand): Promise<Changed> {
  return inClinic(db, command.clinicId, async (tx) => {
    const begun = await beginChange(tx, command);
    if (begun.done) return begun.done;
    const after = revised(begun.row, command.now, { status: 'booked', confirmBy: null });
    const rules = await rulesOf(tx, after);
    const plan = await planAfter(tx, { appointment: after, changed: 'confirmed', rules });
    return recordChange(tx, command, { action: 'confirmed', after, plan });
  });
}
