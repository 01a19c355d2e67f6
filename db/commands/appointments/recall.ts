import { type Database, inClinic } from '../../client.ts';
import type { Changed } from '../../../domain/plan.ts';
import { type ChangeCommand, changedBefore, lockAppointment } from './change.ts';

export type RecallCommand = Pick<ChangeCommand, 'clinicId' | 'appointmentId' | 'revision'>;

/**
 * What the workflow itself has written and has no memory of, since the task in which it did was lost; null where nothing is
 * ahead of what it knows. It only reads.
 */
export async function recallAppointment(
  db: Database,
  { clinicId, appointmentId, revision }: RecallCommand,
): Promise<Changed | null> {
  return inClinic(db, clinicId, async (tx) => {
    const row = await lockAppointment(tx, appointmentId);
    return row && row.revision > revision ? changedBefore(tx, row) : null;
  });
}
