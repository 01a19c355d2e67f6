import { and, eq, sql } from 'drizzle-orm';
import type { Appointment, AuditActor } from '../../../domain/appointment.ts';
import type { AppointmentId, ClinicId, OpeningId, RequestId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { Changed, Plan } from '../../../domain/plan.ts';
import type { ClinicTransaction } from '../../client.ts';
import { unseenOpeningsOf } from '../../queries/openings-of.ts';
import { appointments, auditEntries } from '../../schema/index.ts';

/** One change that the workflow wants. `revision` is the one it knows: a write from anywhere else is fenced off. */
export interface ChangeCommand {
  clinicId: ClinicId;
  appointmentId: AppointmentId;
  requestId: RequestId;
  actor: AuditActor;
  revision: number;
  now: Instant;
}

export type AppointmentRow = typeof appointments.$inferSelect;

/** The row is at another revision than the workflow knows, by a write that is not this one. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
}

/** The appointment's row, locked until the end of the transaction. */
export async function lockAppointment(tx: ClinicTransaction, id: AppointmentId): Promise<AppointmentRow | undefined> {
  const [row] = await tx.select().from(appointments).where(eq(appointments.id, id)).for('no key update');
  return row;
}

/**
 * Locks the row for this command. Answers `done` where the same request has been carried out before (a crash lay between
 * the commit and the workflow's record of it), whatever came after it, and throws where the revision is not the one that
 * the workflow knows.
 */
export async function beginChange(
  tx: ClinicTransaction,
  command: ChangeCommand,
): Promise<{ done: Changed } | { done: null; row: AppointmentRow }> {
  const { appointmentId, requestId, revision } = command;
  const [found] = await tx
    .select({ row: appointments, wasCarriedOut: sql<boolean>`exists (${auditOf(tx, requestId)})` })
    .from(appointments)
    .where(eq(appointments.id, appointmentId))
    .for('no key update');
  if (found?.wasCarriedOut) return { done: await changedBefore(tx, found.row) };
  if (found?.row.revision === revision) return { done: null, row: found.row };
  // Who waited for the lock sees the row as it is now, but the audit as it was before.
  if (found && (await auditOf(tx, requestId)).length > 0) return { done: await changedBefore(tx, found.row) };
  throw new FencedError(`appointment ${appointmentId} is not at revision ${revision}`);
}

function auditOf(tx: ClinicTransaction, requestId: RequestId) {
  return tx.select({ id: auditEntries.id }).from(auditEntries).where(eq(auditEntries.requestId, requestId));
}

interface Change {
  action: string;
  after: Appointment;
  plan: Plan;
  overrode?: string | null;
  /** Where the visit became booked, was moved or was asked about: reminders count from here. */
  settled?: { settledAt: Instant; isReminded?: boolean };
  /** The openings that it made or ended. */
  openingIds?: readonly OpeningId[];
}

/** Writes the appointment as the change leaves it, with its plan and its audit entry. */
export async function recordChange(
  tx: ClinicTransaction,
  command: ChangeCommand,
  { action, after, plan, overrode = null, settled, openingIds = [] }: Change,
): Promise<Changed> {
  const { clinicId, id, ...columns } = after;
  await tx
    .update(appointments)
    .set({ ...columns, plan, ...settled })
    .where(and(eq(appointments.id, id), eq(appointments.revision, command.revision)));
  await tx.insert(auditEntries).values({
    clinicId,
    appointmentId: id,
    requestId: command.requestId,
    action,
    actor: command.actor,
    overrode,
    at: command.now,
    after,
  });
  return changedWith({ appointment: after, plan }, openingIds);
}

/** The openings are named only where there are any. */
export function changedWith(changed: Changed, openingIds: readonly OpeningId[]): Changed {
  return openingIds.length > 0 ? { ...changed, openingIds } : changed;
}

/** The appointment with this change made: one revision further, touched now. */
export function revised(row: AppointmentRow, now: Instant, patch: Partial<Appointment>): Appointment {
  return { ...appointmentFrom(row), ...patch, revision: row.revision + 1, updatedAt: now };
}

/** The domain's view of a stored appointment. */
function appointmentFrom({ plan: _, settledAt: __, isReminded: ___, ...appointment }: AppointmentRow): Appointment {
  return appointment;
}

/** What a change that was made before answers again: with the openings whose workflows do not know of it yet. */
export async function changedBefore(tx: ClinicTransaction, row: AppointmentRow): Promise<Changed> {
  return changedWith(changedFrom(row), await unseenOpeningsOf(tx, row.id));
}

export function changedFrom(row: AppointmentRow): Changed {
  return { appointment: appointmentFrom(row), plan: row.plan };
}
