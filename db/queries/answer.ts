import { and, asc, eq } from 'drizzle-orm';
import type { Appointment } from '../../domain/appointment.ts';
import type { AppointmentId, RequestId } from '../../domain/ids.ts';
import type { ClinicTransaction } from '../client.ts';
import { auditEntries, requests } from '../schema/index.ts';

/** What a request led to, as it was answered then; undefined where it has had no effect so far. */
export async function findAnswer(tx: ClinicTransaction, requestId: RequestId): Promise<Appointment | undefined> {
  const [entry] = await tx
    .select({ after: auditEntries.after })
    .from(auditEntries)
    .where(eq(auditEntries.requestId, requestId));
  return entry?.after;
}

/** What the appointment was when it was reserved; undefined where it was not, or not yet. */
export async function findReserved(tx: ClinicTransaction, id: AppointmentId): Promise<Appointment | undefined> {
  const [entry] = await tx
    .select({ after: auditEntries.after })
    .from(auditEntries)
    .where(eq(auditEntries.appointmentId, id))
    .orderBy(asc(auditEntries.id))
    .limit(1);
  return entry?.after;
}

/** Who made the hold, whatever has become of it since; undefined where the appointment was none. */
export async function findHolder(tx: ClinicTransaction, id: AppointmentId) {
  const [made] = await tx
    .select({ holder: requests.holder, actor: requests.actor })
    .from(auditEntries)
    .innerJoin(requests, eq(requests.id, auditEntries.requestId))
    .where(and(eq(auditEntries.appointmentId, id), eq(auditEntries.action, 'held')));
  return made;
}
