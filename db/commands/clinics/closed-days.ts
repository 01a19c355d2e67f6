import { and, eq, gt, inArray, lt } from 'drizzle-orm';
import type { ScheduleException } from '../../../domain/catalogue.ts';
import { atLocal } from '../../../domain/clinic-time.ts';
import type { ClinicId, ProviderId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { appointments } from '../../schema/index.ts';
import { addTask } from '../tasks/add.ts';

export interface ClosedTime {
  clinicId: ClinicId;
  timeZone: string;
  providerId: ProviderId;
  exception: ScheduleException;
  now: Instant;
}

/**
 * Asks staff to look at each visit to come that lies in a time which is closed now; the visits themselves stay as they are.
 * Answers how many they are. A visit is asked about once for each date, however often its closed hours change.
 */
export async function askAboutVisits(tx: ClinicTransaction, closed: ClosedTime): Promise<number> {
  const { clinicId, timeZone, providerId, exception, now } = closed;
  const { date, opensAt, closesAt } = exception;
  const visits = await tx
    .select({ id: appointments.id, patientId: appointments.patientId })
    .from(appointments)
    .where(
      and(
        eq(appointments.clinicId, clinicId),
        eq(appointments.providerId, providerId),
        inArray(appointments.status, ['pending', 'booked']),
        lt(appointments.startsAt, atLocal(date, closesAt, timeZone).instant),
        gt(appointments.endsAt, atLocal(date, opensAt, timeZone).instant),
        gt(appointments.endsAt, now),
      ),
    );
  for (const { id: appointmentId, patientId } of visits) {
    const dedupeKey = `closedDay:${appointmentId}:${date}`;
    const detail = { date, opensAt, closesAt, providerId };
    await addTask(tx, clinicId, { kind: 'closedDay', dedupeKey, appointmentId, patientId, detail }, now);
  }
  return visits.length;
}
