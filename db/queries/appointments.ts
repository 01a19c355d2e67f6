import { and, asc, eq, getTableColumns, gt, gte, inArray, lt, ne, sql } from 'drizzle-orm';
import { type Appointment, type AppointmentStatus, activeStatuses } from '../../domain/appointment.ts';
import type { AppointmentId, PatientId, ProviderId } from '../../domain/ids.ts';
import { ELAPSED_DAY, type Instant, type Interval } from '../../domain/interval.ts';
import type { ClinicTransaction } from '../client.ts';
import { appointments } from '../schema/index.ts';

const { plan: _, settledAt: __, isReminded: ___, ...columns } = getTableColumns(appointments);

export async function findAppointment(tx: ClinicTransaction, id: AppointmentId): Promise<Appointment | undefined> {
  const [row] = await tx.select(columns).from(appointments).where(eq(appointments.id, id));
  return row;
}

export interface AppointmentFilter {
  from?: Instant | undefined;
  to?: Instant | undefined;
  providerId?: ProviderId | undefined;
  patientId?: PatientId | undefined;
  statuses?: readonly AppointmentStatus[] | undefined;
  /** The last one of the page before. */
  after?: { startsAt: Instant; id: AppointmentId } | undefined;
  limit: number;
}

/** Visits that start from `from` on and before `to`, earliest first. */
export async function listAppointments(tx: ClinicTransaction, filter: AppointmentFilter): Promise<Appointment[]> {
  const { startsAt, id } = appointments;
  return tx
    .select(columns)
    .from(appointments)
    .where(
      and(
        filter.from === undefined ? undefined : gte(startsAt, filter.from),
        filter.to === undefined ? undefined : lt(startsAt, filter.to),
        filter.providerId && eq(appointments.providerId, filter.providerId),
        filter.patientId && eq(appointments.patientId, filter.patientId),
        filter.statuses && inArray(appointments.status, [...filter.statuses]),
        filter.after &&
          sql`(${startsAt}, ${id}) > (${sql.param(filter.after.startsAt, startsAt)}, ${filter.after.id}::uuid)`,
      ),
    )
    .orderBy(asc(startsAt), asc(id))
    .limit(filter.limit);
}

/** When else the patient of this visit is to be here, around that range; all visits where there is none yet. */
export async function otherVisitsOf(
  tx: ClinicTransaction,
  { id, patientId }: { id?: AppointmentId; patientId: PatientId | null },
  range: Interval,
): Promise<{ startsAt: Instant; endsAt: Instant }[]> {
  if (patientId === null) return [];
  const { startsAt, endsAt, status } = appointments;
  return tx
    .select({ startsAt, endsAt })
    .from(appointments)
    .where(
      and(
        eq(appointments.patientId, patientId),
        id && ne(appointments.id, id),
        inArray(status, [...activeStatuses]),
        // Free times start within the range; none is longer than a day.
        lt(startsAt, range.end + ELAPSED_DAY),
        gt(endsAt, range.start),
      ),
    );
}
