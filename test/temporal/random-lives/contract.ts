import type { Actor, AppointmentStatus } from '../../../domain/appointment.ts';
import { checkBookable, occupiedRange } from '../../../domain/availability.ts';
import { confirmByFor } from '../../../domain/confirmation.ts';
import { type ErrorCode, Refusal } from '../../../domain/errors.ts';
import { type Instant, type Interval, MINUTE } from '../../../domain/interval.ts';
import { type Model, begin, follow } from './model.ts';
import type { Wanted, WantedReservation } from './wanted.ts';
import type { World } from './world.ts';

/**
 * What the contract answers to a request: with one of these codes, where any rule stands against it (which one is told
 * first is nobody's promise), else with the appointment as it is then.
 */
export type Verdict = { refused: readonly ErrorCode[] } | { model: Model };

export function judgeReservation(world: World, wanted: WantedReservation, now: Instant): Verdict {
  const refused = [...againstMode(wanted, now), ...againstTime(world, wanted, now)];
  if (wanted.mode === 'preReserve' && wanted.confirmBy === null && isTooNear(world, wanted.startsAt, now)) {
    refused.push('CONFIRMATION_TIME_TOO_SHORT');
  }
  return refused.length > 0 ? { refused } : { model: begin(world, wanted, now) };
}

function againstMode({ mode, actor, confirmBy, startsAt, patientId }: WantedReservation, now: Instant): ErrorCode[] {
  const codes: ErrorCode[] = [];
  if (mode === 'preReserve' && isPatient(actor)) codes.push('ACTION_NOT_ALLOWED');
  if (mode === 'hold' && actor === 'guardian') codes.push('ACTION_NOT_ALLOWED');
  if (mode !== 'hold' && patientId === null) codes.push('VALIDATION_FAILED');
  if (confirmBy !== null && (confirmBy <= now || confirmBy >= startsAt)) codes.push('VALIDATION_FAILED');
  return codes;
}

export function judge(model: Model, wanted: Wanted, now: Instant): Verdict {
  const refused = againstStatus(model, wanted) ?? againstRequest(model, wanted, now);
  return refused.length > 0 ? { refused } : { model: follow(model, wanted, overridden(model, wanted, now), now) };
}

type Action = Wanted['action'];

const everybody: readonly Actor[] = ['patient', 'guardian', 'staff', 'office'];
const table: Record<Action, { from: readonly AppointmentStatus[]; by: readonly Actor[] }> = {
  confirm: { from: ['held', 'pending', 'booked'], by: everybody },
  cancel: { from: ['pending', 'booked'], by: everybody },
  move: { from: ['pending', 'booked'], by: everybody },
  extend: { from: ['pending'], by: ['staff'] },
  release: { from: ['held'], by: everybody },
  complete: { from: ['booked'], by: ['staff'] },
  noShow: { from: ['booked'], by: ['staff'] },
};

function againstStatus({ visit, heldBy }: Model, wanted: Wanted): ErrorCode[] | undefined {
  if (wanted.action === 'release' && (heldBy === null || !wanted.isHolder)) return ['NOT_FOUND'];
  if (visit.status === 'expired') return ['APPOINTMENT_EXPIRED'];
  if (!isActive(visit.status)) return ['APPOINTMENT_CLOSED'];
  const { from, by } = table[wanted.action];
  return from.includes(visit.status) && by.includes(wanted.actor) ? undefined : ['ACTION_NOT_ALLOWED'];
}

function againstRequest(model: Model, wanted: Wanted, now: Instant): ErrorCode[] {
  const { visit, world } = model;
  const isLate = visit.confirmBy !== null && now > visit.confirmBy;
  switch (wanted.action) {
    case 'confirm':
      return [...(isLate ? (['APPOINTMENT_EXPIRED'] as const) : []), ...againstPatient(model, wanted.patientId)];
    case 'cancel':
      return againstSelfService(model, wanted, now);
    case 'move': {
      const codes = [...againstSelfService(model, wanted, now), ...(isLate ? (['APPOINTMENT_EXPIRED'] as const) : [])];
      const { patientId } = visit;
      const providerId = wanted.providerId ?? visit.providerId;
      if (wanted.startsAt === visit.startsAt && providerId === visit.providerId) return codes;
      codes.push(...againstTime(world, { ...wanted, patientId, providerId }, now));
      const isAskedAgain = visit.status === 'pending' && !isPatient(wanted.actor);
      if (isAskedAgain && isTooNear(world, wanted.startsAt, now)) codes.push('CONFIRMATION_TIME_TOO_SHORT');
      return codes;
    }
    case 'extend': {
      const isPossible = wanted.confirmBy > now && wanted.confirmBy < visit.startsAt;
      return [
        ...(isLate ? (['APPOINTMENT_EXPIRED'] as const) : []),
        ...(isPossible ? [] : (['VALIDATION_FAILED'] as const)),
      ];
    }
    case 'complete':
    case 'noShow':
      return now < visit.startsAt ? ['ACTION_NOT_ALLOWED'] : [];
    case 'release':
      return [];
  }
}

function againstPatient({ visit, world }: Model, given: Visit['patientId']): ErrorCode[] {
  if (visit.patientId !== null) return given === null || given === visit.patientId ? [] : ['VALIDATION_FAILED'];
  if (given === null) return ['VALIDATION_FAILED'];
  const isBusy = given === world.clinic.patientId && overlap(visitOf(world, visit.startsAt), world.busy);
  return isBusy ? ['PATIENT_OVERLAP'] : [];
}

type Visit = Model['visit'];

/** Patients until the cutoff and where the type allows it; staff and office until the end, but then with a reason. */
function againstSelfService(model: Model, wanted: Wanted, now: Instant): ErrorCode[] {
  const { visit, world } = model;
  const action = wanted.action === 'move' ? 'move' : 'cancel';
  const tooLate = action === 'move' ? 'TOO_LATE_TO_MOVE' : 'TOO_LATE_TO_CANCEL';
  const isOver = now > visit.endsAt;
  const isLocked = world.visitType.selfService[action] === 'staffOnly';
  const until = action === 'move' ? visit.moveUntil : visit.cancelUntil;
  const isLate = until !== null && now > until;
  if (isPatient(wanted.actor)) {
    return [...(isOver || isLate ? [tooLate as ErrorCode] : []), ...(isLocked ? (['STAFF_ONLY'] as const) : [])];
  }
  if (isOver) return [tooLate];
  return (isLocked || isLate) && !wanted.hasReason ? ['REASON_REQUIRED'] : [];
}

function overridden(model: Model, wanted: Wanted, now: Instant): string | null {
  if (wanted.action !== 'cancel' && wanted.action !== 'move') return null;
  const asPatient = againstSelfService(model, { ...wanted, actor: 'patient' }, now);
  return asPatient.find((code) => code === 'STAFF_ONLY') ?? asPatient[0] ?? null;
}

type WantedTime = Pick<WantedReservation, 'actor' | 'providerId' | 'startsAt' | 'patientId' | 'allowPatientOverlap'>;

function againstTime(world: World, wanted: WantedTime, now: Instant): ErrorCode[] {
  const { providerId, startsAt, actor } = wanted;
  const codes: ErrorCode[] = [];
  const [, , elsewhere] = world.providers;
  if (startsAt <= now) codes.push('VALIDATION_FAILED');
  if (providerId === elsewhere) codes.push('VALIDATION_FAILED');
  else if (overlap(occupiedRange(startsAt, world.visitType), world.taken)) codes.push('SLOT_TAKEN');
  if (isPatient(actor) && !isBookable(world, startsAt, now)) codes.push('NOT_BOOKABLE');
  const isBusy = wanted.patientId === world.clinic.patientId && overlap(visitOf(world, startsAt), world.busy);
  if (isBusy && !wanted.allowPatientOverlap) codes.push('PATIENT_OVERLAP');
  return codes;
}

function isBookable({ schedule, visitType, zone }: World, startsAt: Instant, now: Instant): boolean {
  return passes(() => checkBookable({ schedule, visitType, startsAt, now, zone }));
}

function isTooNear({ zone, policy }: World, startsAt: Instant, now: Instant): boolean {
  return !passes(() => confirmByFor(now, startsAt, zone, policy));
}

function passes(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

function visitOf({ visitType }: World, startsAt: Instant): Interval {
  return { start: startsAt, end: startsAt + visitType.durationMinutes * MINUTE };
}

function overlap(a: Interval, b: Interval): boolean {
  return a.start < b.end && b.start < a.end;
}

export function isPatient(actor: Actor): boolean {
  return actor === 'patient' || actor === 'guardian';
}

export function isActive(status: AppointmentStatus): boolean {
  return status === 'held' || status === 'pending' || status === 'booked';
}
