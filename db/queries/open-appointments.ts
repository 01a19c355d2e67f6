import { and, asc, gt, inArray, sql } from 'drizzle-orm';
import type { AppointmentId, ClinicId } from '../../domain/ids.ts';
import { type Database, inClinic } from '../client.ts';
import { appointments } from '../schema/index.ts';

export interface OpenAppointments {
  ids: AppointmentId[];
  /** How many come after these. */
  left: number;
}

/** A page of the clinic's pending and booked appointments, in the order of their ids, after that one. */
export async function openAppointments(
  db: Database,
  { clinicId, after, atMost }: { clinicId: ClinicId; after: AppointmentId | null; atMost: number },
): Promise<OpenAppointments> {
  const { id, status } = appointments;
  return inClinic(db, clinicId, async (tx) => {
    const rows = await tx
      .select({ id, found: sql<number>`(count(*) over ())::int` })
      .from(appointments)
      .where(and(inArray(status, ['pending', 'booked']), after === null ? undefined : gt(id, after)))
      .orderBy(asc(id))
      .limit(atMost);
    return { ids: rows.map((row) => row.id), left: (rows[0]?.found ?? 0) - rows.length };
  });
}
