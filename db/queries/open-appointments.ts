import { and, asc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import type { AppointmentId, ClinicId, RuleChangeId } from '../../domain/ids.ts';
import { type Database, inClinic } from '../client.ts';
import { appointments, ruleChanges } from '../schema/index.ts';

interface Page {
  clinicId: ClinicId;
  ruleChangeId: RuleChangeId;
  after: AppointmentId | null;
  atMost: number;
}

export interface OpenAppointments {
  ids: AppointmentId[];
  /** How many come after these. */
  left: number;
}

/** A page of the pending and booked appointments that a change concerns, in the order of their ids, after that one. */
export async function openAppointments(
  db: Database,
  { clinicId, ruleChangeId, after, atMost }: Page,
): Promise<OpenAppointments> {
  const { id, status, patientId } = appointments;
  return inClinic(db, clinicId, async (tx) => {
    const rows = await tx
      .select({ id, found: sql<number>`(count(*) over ())::int` })
      .from(appointments)
      .leftJoin(ruleChanges, and(eq(ruleChanges.clinicId, appointments.clinicId), eq(ruleChanges.id, ruleChangeId)))
      .where(
        and(
          inArray(status, ['pending', 'booked']),
          or(isNull(ruleChanges.patientId), eq(ruleChanges.patientId, patientId)),
          after === null ? undefined : gt(id, after),
        ),
      )
      .orderBy(asc(id))
      .limit(atMost);
    return { ids: rows.map((row) => row.id), left: (rows[0]?.found ?? 0) - rows.length };
  });
}
