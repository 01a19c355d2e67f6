import { randomUUID } from 'node:crypto';
import { type AppointmentId, type ClinicId, type PatientId, type TaskId, asId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { TaskKind } from '../../../domain/task.ts';
import type { ClinicTransaction } from '../../client.ts';
import { tasks } from '../../schema/index.ts';

export interface NewTask {
  kind: TaskKind;
  /** One cause, one task: a second one with the same key is not made, not even after the first was resolved. */
  dedupeKey: string;
  appointmentId: AppointmentId | null;
  patientId: PatientId | null;
  /** Ids, codes and words of ours: what staff need to look further. */
  detail: Record<string, unknown>;
}

/** Asks staff to look, in the transaction of what they are to look at. */
export async function addTask(tx: ClinicTransaction, clinicId: ClinicId, task: NewTask, now: Instant): Promise<void> {
  await tx
    .insert(tasks)
    .values({ ...task, clinicId, id: asId<TaskId>(randomUUID()), status: 'open', createdAt: now })
    .onConflictDoNothing();
}
