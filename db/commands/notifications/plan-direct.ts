import { eq } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import type { DirectContent } from '../../../domain/direct-message.ts';
import { type AppointmentId, type ClinicId, type NotificationId, type PatientId, asId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { notificationSubjects, notifications } from '../../schema/index.ts';

export interface PlannedDirect {
  clinicId: ClinicId;
  /** What is planned twice under one key is said once. */
  dedupeKey: string;
  content: DirectContent;
  patientId: PatientId | null;
  /** The number or address to tell; null = the patient's own. */
  address: string | null;
  usefulUntil: Instant;
  now: Instant;
  /** The visit in whose timeline it shows, and the version of its time. */
  appointmentId?: AppointmentId | null;
  version?: number;
}

/** Writes down what is to be said apart from a visit's plan; `sendDirects` says it. Answers the id of the one that stands. */
export async function planDirect(tx: ClinicTransaction, planned: PlannedDirect): Promise<NotificationId> {
  const { clinicId, dedupeKey, content, patientId, address, usefulUntil, now, appointmentId, version } = planned;
  const id = asId<NotificationId>(randomUUID());
  const what = { kind: content.kind, content, patientId, address, usefulUntil };
  const [added] = await tx
    .insert(notifications)
    .values({ clinicId, id, dedupeKey, ...what, status: 'planned', createdAt: now })
    .onConflictDoNothing()
    .returning({ id: notifications.id });
  if (!added) return standing(tx, dedupeKey);
  if (appointmentId) {
    const subject = { notificationId: id, appointmentId, version: version ?? 1, stepKey: `direct:${id}` };
    await tx.insert(notificationSubjects).values({ clinicId, ...subject });
  }
  return id;
}

async function standing(tx: ClinicTransaction, dedupeKey: string): Promise<NotificationId> {
  const [row] = await tx
    .select({ id: notifications.id })
    .from(notifications)
    .where(eq(notifications.dedupeKey, dedupeKey));
  if (!row) throw new Error('A notification stands in the way that cannot be seen.');
  return row.id;
}
