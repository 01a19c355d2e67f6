import type { Claim } from './claim.ts';
import type { AppointmentId, ClinicId, PatientId, ProviderId, RequestId, VisitTypeId } from './ids.ts';
import type { Instant } from './interval.ts';
import { Refusal } from './errors.ts';

export const appointmentStatuses = [
  'held',
  'pending',
  'booked',
  'completed',
  'noShow',
  'cancelled',
  'expired',
] as const;
export type AppointmentStatus = (typeof appointmentStatuses)[number];

/** The statuses in which an appointment occupies its provider's time. */
export const activeStatuses = ['held', 'pending', 'booked'] as const satisfies readonly AppointmentStatus[];

export const actors = ['patient', 'guardian', 'staff', 'office'] as const;
/** Who speaks; `time` is the clock itself: an expiry, a close. */
export type Actor = (typeof actors)[number];
export type AuditActor = Actor | 'time';

export const reservationModes = ['book', 'hold', 'preReserve'] as const;
export type ReservationMode = (typeof reservationModes)[number];

/** An appointment as it is at one revision; the answer of every command and the row that everyone reads. */
export interface Appointment {
  clinicId: ClinicId;
  id: AppointmentId;
  status: AppointmentStatus;
  statusReason: string | null;
  /** Null only while `held`: a hold may be given its patient when it is confirmed. */
  patientId: PatientId | null;
  providerId: ProviderId;
  visitTypeId: VisitTypeId;
  startsAt: Instant;
  endsAt: Instant;
  /** The last instant at which a held or pending time can be confirmed; null once booked. */
  confirmBy: Instant | null;
  /** The last instants for a patient's own cancel or move; null where only staff may. */
  cancelUntil: Instant | null;
  moveUntil: Instant | null;
  /** Rises when the time changes. */
  version: number;
  /** Rises with every change; every write states the one it expects. */
  revision: number;
  createdAt: Instant;
  updatedAt: Instant;
}

/** A time that somebody wants, for a patient or for a form that is being filled in. */
export interface Reservation {
  clinicId: ClinicId;
  appointmentId: AppointmentId;
  requestId: RequestId;
  mode: ReservationMode;
  actor: Actor;
  /** Null only for a hold: the patient may be given when it is confirmed. */
  patientId: PatientId | null;
  visitTypeId: VisitTypeId;
  providerId: ProviderId;
  startsAt: Instant;
  /** Staff may set the last moment of a pre-reservation; null = by the clinic's policy. */
  confirmBy: Instant | null;
  /** False: the patient is not told of it. */
  notify: boolean;
  allowPatientOverlap: boolean;
  /** False: no reminders, as for a copy. Lives that began before this could be said do not say it. */
  remind?: boolean;
  /** The time is not leased but kept for this patient; cutoffs, notice and grid do not bind what the clinic offered itself. */
  claim?: Claim;
}

export const appointmentActions = [
  'confirm',
  'cancel',
  'move',
  'extend',
  'release',
  'expire',
  'noShow',
  'complete',
] as const;
export type AppointmentAction = (typeof appointmentActions)[number];

interface ActionRule {
  from: readonly AppointmentStatus[];
  by: readonly AuditActor[];
}

/** The table of the contract: which action is allowed from which status, by whom. */
const actionRules: Record<AppointmentAction, ActionRule> = {
  confirm: { from: ['held', 'pending', 'booked'], by: ['patient', 'guardian', 'staff', 'office'] },
  cancel: { from: ['pending', 'booked'], by: ['patient', 'guardian', 'staff', 'office'] },
  move: { from: ['pending', 'booked'], by: ['patient', 'guardian', 'staff', 'office'] },
  extend: { from: ['pending'], by: ['staff'] },
  release: { from: ['held'], by: ['patient', 'staff', 'office'] },
  expire: { from: ['held', 'pending'], by: ['time'] },
  noShow: { from: ['booked'], by: ['staff'] },
  complete: { from: ['booked'], by: ['staff', 'time'] },
};

/** Refuses an action that this status or this actor does not allow; deadlines are `self-service.ts` and `confirmation.ts`. */
export function checkAction(status: AppointmentStatus, action: AppointmentAction, actor: AuditActor): void {
  const rule = actionRules[action];
  if (!rule.from.includes(status)) throw refusalInStatus(status, action);
  if (!rule.by.includes(actor)) {
    throw new Refusal('ACTION_NOT_ALLOWED', `"${action}" is not open to ${actor}; ask the clinic's staff.`);
  }
}

function refusalInStatus(status: AppointmentStatus, action: AppointmentAction): Refusal {
  if (status === 'expired') {
    return new Refusal(
      'APPOINTMENT_EXPIRED',
      'The reservation has expired and its time is free again; book a new one.',
    );
  }
  if (status === 'cancelled' || status === 'completed' || status === 'noShow') {
    return new Refusal('APPOINTMENT_CLOSED', `The appointment is ${status}; nothing about it can be changed any more.`);
  }
  return new Refusal('ACTION_NOT_ALLOWED', `"${action}" is not possible while the appointment is ${status}.`);
}

/** Refuses an answer about a time that the visit no longer has. */
export function checkVersion({ version }: Pick<Appointment, 'version'>, meant: number | undefined): void {
  if (meant === undefined || meant === version) return;
  throw new Refusal('ACTION_NOT_ALLOWED', 'The visit has another time by now; look at it and answer again.');
}

/** Refuses to give up as a reservation what has been confirmed. */
export function checkPending({ status }: Pick<Appointment, 'status'>): void {
  if (status === 'pending') return;
  throw new Refusal('ACTION_NOT_ALLOWED', 'The visit has been confirmed by now; cancel it, if that is wanted.');
}

/** Refuses a confirmation after `confirmBy`; at that very millisecond it is still in time. */
export function checkConfirmable({ status, confirmBy }: Pick<Appointment, 'status' | 'confirmBy'>, now: Instant): void {
  if (status === 'booked' || confirmBy === null || now <= confirmBy) return;
  throw refusalInStatus('expired', 'confirm');
}

/** Refuses a patient for a visit that has another one, and a confirmation that leaves a hold without any. */
export function checkPatient({ patientId }: Pick<Appointment, 'patientId'>, given: PatientId | undefined): void {
  if (patientId === null && given === undefined) {
    throw new Refusal('VALIDATION_FAILED', 'The time is held without a patient; say whose it is to be.', [
      { pointer: '/patientId', detail: 'is needed to confirm this hold' },
    ]);
  }
  if (patientId === null || given === undefined || given === patientId) return;
  throw new Refusal('VALIDATION_FAILED', 'The appointment has its patient already.', [
    { pointer: '/patientId', detail: "must be left out, or be the appointment's own patient" },
  ]);
}

/** Refuses to say that a visit took place, or did not, before it has begun. */
export function checkStarted({ startsAt }: Pick<Appointment, 'startsAt'>, now: Instant): void {
  if (now < startsAt)
    throw new Refusal('ACTION_NOT_ALLOWED', 'The visit has not begun yet; try again from its start on.');
}
