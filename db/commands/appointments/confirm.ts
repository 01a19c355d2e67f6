import { eq } from 'drizzle-orm';
import { checkPatient } from '../../../domain/appointment.ts';
import { Refusal } from '../../../domain/errors.ts';
import type { PatientId } from '../../../domain/ids.ts';
import type { Changed } from '../../../domain/plan.ts';
import { type ClinicTransaction, type Database, inClinic } from '../../client.ts';
import { occupancies, patients } from '../../schema/index.ts';
import { refusePatientOverlap } from '../occupancies/patient-overlap.ts';
import { type AppointmentRow, type ChangeCommand, beginChange, recordChange, revised } from './change.ts';
import { planAfter } from './plan.ts';
import { rulesOf } from './rules.ts';

export interface ConfirmCommand extends ChangeCommand {
  /** Whose visit it is, where a hold was made without a patient. */
  patientId?: PatientId;
}

/**
 * Makes a held or pending time the patient's. Whether it is still in time was decided when the workflow accepted it.
 * Refuses with VALIDATION_FAILED or PATIENT_OVERLAP where the patient is only named now.
 */
export async function confirmAppointment(db: Database, command: ConfirmCommand): Promise<Changed> {
  return inClinic(db, command.clinicId, async (tx) => {
    const begun = await beginChange(tx, command);
    if (begun.done) return begun.done;
    const patientId = await patientOf(tx, begun.row, command.patientId);
    const after = revised(begun.row, command.now, { status: 'booked', confirmBy: null, patientId });
    // Nobody holds it any more: it is a visit.
    if (begun.row.status === 'held') {
      await tx.update(occupancies).set({ holder: null }).where(eq(occupancies.ownerId, after.id));
    }
    const rules = await rulesOf(tx, after);
    const { isReminded: remind } = begun.row;
    const plan = await planAfter(tx, { appointment: after, changed: 'confirmed', rules, remind });
    return recordChange(tx, command, { action: 'confirmed', after, plan, settled: { settledAt: command.now } });
  });
}

async function patientOf(
  tx: ClinicTransaction,
  row: AppointmentRow,
  given: PatientId | undefined,
): Promise<PatientId | null> {
  checkPatient(row, given);
  if (row.patientId !== null || given === undefined) return row.patientId;
  const known = await tx.select({ id: patients.id }).from(patients).where(eq(patients.id, given));
  if (known.length === 0) {
    throw new Refusal('VALIDATION_FAILED', 'The request names something that does not exist here.', [
      { pointer: '/patientId', detail: 'is no patient of this clinic' },
    ]);
  }
  await refusePatientOverlap(tx, { ...row, patientId: given, allowed: false });
  return given;
}
