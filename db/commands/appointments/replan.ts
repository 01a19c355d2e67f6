import { eq } from 'drizzle-orm';
import type { AppointmentId, ClinicId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { Changed, Plan } from '../../../domain/plan.ts';
import { type Database, inClinic } from '../../client.ts';
import { appointments } from '../../schema/index.ts';
import { FencedError, changedFrom, lockAppointment } from './change.ts';
import { planAfter } from './plan.ts';
import { rulesOf } from './rules.ts';

export interface ReplanCommand {
  clinicId: ClinicId;
  appointmentId: AppointmentId;
  revision: number;
  now: Instant;
  /** What the workflow still waits for: of it, what is due or has not been said is kept. */
  waiting: Plan;
}

/** Plans anew by the rules as they are now. The visit stays as it is, at its revision; a second run plans the same again. */
export async function replanAppointment(db: Database, command: ReplanCommand): Promise<Changed> {
  const { appointmentId, revision, now, waiting: previous } = command;
  return inClinic(db, command.clinicId, async (tx) => {
    const row = await lockAppointment(tx, appointmentId);
    if (row?.revision !== revision) {
      throw new FencedError(`appointment ${appointmentId} is not at revision ${revision}`);
    }
    const { appointment } = changedFrom(row);
    const { settledAt, isReminded: remind } = row;
    const rules = await rulesOf(tx, appointment);
    const change = { appointment, changed: 'rulesChanged', now, settledAt, remind, previous } as const;
    const plan = await planAfter(tx, { ...change, rules });
    await tx.update(appointments).set({ plan }).where(eq(appointments.id, appointmentId));
    return { appointment, plan };
  });
}
