import { and, eq, ne, or, sql } from 'drizzle-orm';
import type { Appointment } from '../../../domain/appointment.ts';
import { occupiedRange } from '../../../domain/availability.ts';
import { keepingLength } from '../../../domain/catalogue.ts';
import type { Claim } from '../../../domain/claim.ts';
import { confirmByFor } from '../../../domain/confirmation.ts';
import { Refusal } from '../../../domain/errors.ts';
import type { OpeningId, ProviderId } from '../../../domain/ids.ts';
import type { Instant, Interval } from '../../../domain/interval.ts';
import { takesOpenings } from '../../../domain/opening-rules.ts';
import type { Changed } from '../../../domain/plan.ts';
import { cancelUntil, moveUntil } from '../../../domain/self-service.ts';
import { type ClinicTransaction, type Database, inClinic } from '../../client.ts';
import { type VisitRules, offersVisitType } from '../../queries/catalogue.ts';
import { occupancies } from '../../schema/index.ts';
import { refuseByRules, refusePast } from '../occupancies/bookable.ts';
import { type Occupation, occupy } from '../occupancies/occupy.ts';
import { lockPatient, refusePatientOverlap } from '../occupancies/patient-overlap.ts';
import { openFreedTime } from '../openings/open.ts';
import { closeTakenOpenings } from '../openings/taken.ts';
import { type AppointmentRow, type ChangeCommand, beginChange, recordChange, revised } from './change.ts';
import { type Claimed, settleClaim, takeClaim, takeKept } from './claim.ts';
import { startLastTold } from './last-told.ts';
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
  /** False: the time that becomes free is not offered to others. */
  offer?: boolean;
  /** The time is kept for this patient. */
  claim?: Claim;
}

/**
 * Takes the new time and gives back the old one, or gives it to an opening, in one transaction: there is no moment without a
 * time, and on any refusal all is as it was. Refuses with SLOT_TAKEN, PATIENT_OVERLAP, NOT_BOOKABLE, VALIDATION_FAILED or
 * CONFIRMATION_TIME_TOO_SHORT, and where the time was kept but is no more, as `takeClaim` does.
 */
export async function moveAppointment(db: Database, command: MoveCommand): Promise<Changed> {
  return inClinic(db, command.clinicId, async (tx) => {
    const begun = await beginChange(tx, command);
    if (begun.done) return begun.done;
    const { row } = begun;
    const typeRules = await rulesOf(tx, row);
    const rules = { ...typeRules, visitType: keepingLength(typeRules.visitType, row) };
    const claimed = command.claim && (await claimFor(tx, row, command, command.claim));
    const after = movedAppointment(row, command, rules);
    await refuseMove(tx, command, after, rules);
    const exchange = { command, before: row, after, rules, claimed };
    const openingIds = await exchangeTimes(tx, exchange);
    const { remind, now, overrode } = command;
    const isWon = claimed?.opening !== undefined;
    const previousStartsAt = await startLastTold(tx, row);
    const notify = command.notify && !isBackUnheard(row, after, previousStartsAt);
    const change = { appointment: after, changed: 'moved', previousStartsAt, notify, remind } as const;
    const plan = await planAfter(tx, { ...change, isWon, rules });
    const settled = { settledAt: now, isReminded: remind };
    return recordChange(tx, command, { action: 'moved', after, plan, overrode, settled, openingIds });
  });
}

/** Moved back to the time that the patient knows, before they heard of another; a reservation is asked about anew. */
function isBackUnheard(before: AppointmentRow, { startsAt, status }: Appointment, known: Instant): boolean {
  return status === 'booked' && startsAt === known && before.startsAt !== known;
}

async function claimFor(
  tx: ClinicTransaction,
  row: AppointmentRow,
  { startsAt, providerId, now }: MoveCommand,
  claim: Claim,
): Promise<Claimed> {
  const { id: appointmentId, patientId, visitTypeId, startsAt: movesFrom } = row;
  // As in a reservation: patients are locked before openings.
  if (patientId !== null) await lockPatient(tx, patientId);
  return takeClaim(tx, claim, { appointmentId, patientId, visitTypeId, providerId, startsAt, movesFrom, now });
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
  // What the clinic offered itself is bound by no grid, notice or horizon.
  if (command.claim) refusePast(command);
  else await refuseByRules(tx, command, rules);
  await refusePatientOverlap(tx, { ...after, allowed: command.allowPatientOverlap });
}

interface Exchange {
  command: MoveCommand;
  before: AppointmentRow;
  after: Appointment;
  rules: VisitRules;
  claimed: Claimed | undefined;
}

/** Takes the new time and gives the old one away; answers the openings that this made or ended. */
async function exchangeTimes(tx: ClinicTransaction, exchange: Exchange): Promise<OpeningId[]> {
  const { command, before, after, rules, claimed } = exchange;
  const { clinicId, id: ownerId, providerId, startsAt } = after;
  const { now, offer: isWanted = true } = command;
  // An opening has been given up with the buffers of its day.
  const during = claimed?.opening?.during ?? occupiedRange(startsAt, rules.visitType);
  const taken = await takeTime(tx, exchange, { clinicId, providerId, ownerId, during, now, leasedUntil: null });
  const freed = await giveBackAllBut(tx, { ownerId, providerId, during });
  const settled = claimed ? await settleClaim(tx, claimed, after.id, now) : [];
  const wonDepth = claimed?.opening?.depth;
  const opened = await openFreedTime(tx, { before, during: freed, cause: 'moved', now, rules, isWanted, wonDepth });
  return [...taken, ...settled, ...opened];
}

/** Answers the openings that this made or ended. */
async function takeTime(
  tx: ClinicTransaction,
  { command: { actor }, rules: { policy }, claimed }: Exchange,
  taking: Occupation,
): Promise<OpeningId[]> {
  if (claimed) return takeKept(tx, claimed, taking);
  const ended = await closeTakenOpenings(tx, { ...taking, actor, policy });
  await occupy(tx, { ...taking, over: takesOpenings(actor, policy) });
  return ended;
}

async function giveBackAllBut(
  tx: ClinicTransaction,
  { ownerId, providerId, during }: { ownerId: string; providerId: ProviderId; during: Interval },
): Promise<Interval | undefined> {
  const isOther = or(
    ne(occupancies.providerId, providerId),
    sql`${occupancies.during} <> ${sql.param(during, occupancies.during)}`,
  );
  const [freed] = await tx
    .delete(occupancies)
    .where(and(eq(occupancies.ownerId, ownerId), isOther))
    .returning({ during: occupancies.during });
  return freed?.during;
}
