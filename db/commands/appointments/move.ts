import { and, eq, ne, or, sql } from 'drizzle-orm';
import type { Appointment } from '../../../domain/appointment.ts';
import { occupiedRange } from '../../../domain/availability.ts';
import { keepingLength } from '../../../domain/catalogue.ts';
import { confirmByFor } from '../../../domain/confirmation.ts';
import { Refusal } from '../../../domain/errors.ts';
import type { ProviderId } from '../../../domain/ids.ts';
import type { Instant, Interval } from '../../../domain/interval.ts';
import type { Changed } from '../../../domain/plan.ts';
import { cancelUntil, moveUntil } from '../../../domain/self-service.ts';
import { type ClinicTransaction, type Database, inClinic } from '../../client.ts';
import { type VisitRules, offersVisitType } from '../../queries/catalogue.ts';
import { occupancies } from '../../schema/index.ts';
import { refuseByRules } from '../occupancies/bookable.ts';
import { occupy } from '../occupancies/occupy.ts';
import { refusePatientOverlap } from '../occupancies/patient-overlap.ts';
import { type AppointmentRow, type ChangeCommand, beginChange, recordChange, revised } from './change.ts';
import { planAfter } from './plan.ts';
import { rulesOf } from './rules.ts';

export interface MoveCommand extends ChangeCommand {
  startsAt: Instant;
  providerId: ProviderId;
  /** False: the patient is not told, or not asked again. */
  notify: boolean;
  remind: boolean;
  allowPatientOverlap: boolean;
  /** The rule that staff or office overrode. */
  overrode: string | null;
}

/**
 * Takes the new time and gives back the old one in one transaction: there is no moment without a time, and on any refusal
 * all is as it was. Refuses with SLOT_TAKEN, PATIENT_OVERLAP, NOT_BOOKABLE, CONFIRMATION_TIME_TOO_SHORT or VALIDATION_FAILED.
 */
export async function moveAppointment(db: Database, command: MoveCommand): Promise<Changed> {
  return inClinic(db, command.clinicId, async (tx) => {
    const begun = await beginChange(tx, command);
    if (begun.done) return begun.done;
    const { row } = begun;
    const typeRules = await rulesOf(tx, row);
    const rules = { ...typeRules, visitType: keepingLength(typeRules.visitType, row) };
    const after = movedAppointment(row, command, rules);
    await refuseMove(tx, command, after, rules);
    await takeTime(tx, command, after, rules);
    const { notify, remind } = command;
    const change = { appointment: after, changed: 'moved', previousStartsAt: row.startsAt, notify, remind } as const;
    const plan = await planAfter(tx, { ...change, rules });
    const settled = { settledAt: command.now, isReminded: remind };
    return recordChange(tx, command, { action: 'moved', after, plan, overrode: command.overrode, settled });
  });
}

function movedAppointment(row: AppointmentRow, command: MoveCommand, rules: VisitRules): Appointment {
  const { startsAt, providerId, actor, now } = command;
  const { policy, timeZone } = rules;
  const isConfirmed = row.status === 'booked' || actor === 'patient' || actor === 'guardian';
  return revised(row, now, {
    startsAt,
    endsAt: startsAt + (row.endsAt - row.startsAt),
    providerId,
    status: isConfirmed ? 'booked' : 'pending',
    confirmBy: isConfirmed ? null : confirmByFor(now, startsAt, timeZone, policy),
    cancelUntil: cancelUntil(startsAt, policy),
    moveUntil: moveUntil(startsAt, policy),
    version: row.version + 1,
  });
}

async function refuseMove(
  tx: ClinicTransaction,
  command: MoveCommand,
  after: Appointment,
  rules: VisitRules,
): Promise<void> {
  if (!(await offersVisitType(tx, after.providerId, after.visitTypeId))) {
    throw new Refusal('VALIDATION_FAILED', 'The visit can only move to a provider who offers its visit type.', [
      { pointer: '/providerId', detail: 'is no provider of this clinic who offers that visit type' },
    ]);
  }
  await refuseByRules(tx, command, rules);
  await refusePatientOverlap(tx, { ...after, allowed: command.allowPatientOverlap });
}

async function takeTime(
  tx: ClinicTransaction,
  { now }: MoveCommand,
  { clinicId, id: ownerId, providerId, startsAt }: Appointment,
  { visitType }: VisitRules,
): Promise<void> {
  const during = occupiedRange(startsAt, visitType);
  await occupy(tx, { clinicId, providerId, ownerId, during, now, leasedUntil: null });
  await giveBackAllBut(tx, { ownerId, providerId, during });
}

async function giveBackAllBut(
  tx: ClinicTransaction,
  { ownerId, providerId, during }: { ownerId: string; providerId: ProviderId; during: Interval },
): Promise<void> {
  const isOther = or(
    ne(occupancies.providerId, providerId),
    sql`${occupancies.during} <> ${sql.param(during, occupancies.during)}`,
  );
  await tx.delete(occupancies).where(and(eq(occupancies.ownerId, ownerId), isOther));
}
