import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Actor, Appointment, AppointmentStatus, Reservation, ReservationMode } from '../../domain/appointment.ts';
import type { Claim } from '../../domain/claim.ts';
import {
  type PatientId,
  type ProviderId,
  type RequestId,
  type RuleChangeId,
  appointmentWorkflowId,
} from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import type { Changed } from '../../domain/plan.ts';
import {
  appointmentStatusAttribute,
  clinicIdAttribute,
  patientRefAttribute,
  providerIdAttribute,
  startsAtAttribute,
} from '../search-attributes.ts';

/** What an appointment's workflow is started with: the reservation itself, so that a lost `reserve` update loses nothing. */
export interface AppointmentInput extends Reservation {
  /** How far it has come, where it goes on as new. */
  progress?: AppointmentProgress;
}

export type AppointmentProgress = Pick<Changed, 'appointment' | 'plan'>;

/** How the life ended. A refused reservation is an answer too, not a failure. */
export type AppointmentOutcome =
  | { outcome: 'refused'; code: string }
  | { outcome: 'cancelled' | 'expired' | 'completed' | 'noShow' };

/** Who wants the change. `requestId` is the update id as well: a repeat is the same request. */
export interface ActionRequest {
  requestId: RequestId;
  actor: Actor;
  /** Whether a reason came with it; the text itself stays in the database. */
  hasReason: boolean;
  /** Of the time that the answer is about, where it must not be taken for another. */
  version?: number;
}

export interface ConfirmRequest extends ActionRequest {
  /** Whose visit it is, where a hold was made without a patient. */
  patientId?: PatientId;
}

export interface CancelRequest extends ActionRequest {
  notify: boolean;
  /** The answer gives a reservation up: a visit that has been confirmed since stays, unless it is asked back about. */
  ifPending?: boolean;
  /** False, from staff: the time that becomes free is not offered to others. Absent: it is, where the rules allow. */
  offer?: boolean;
}

export interface MoveRequest extends ActionRequest {
  startsAt: Instant;
  /** Null: the provider stays. */
  providerId: ProviderId | null;
  notify: boolean;
  remind: boolean;
  allowPatientOverlap: boolean;
  /** False, from staff: the time that becomes free is not offered to others. Absent: it is, where the rules allow. */
  offer?: boolean;
  /** From an opening or a proposal: the time is kept for this patient. */
  claim?: Claim;
}

export interface ExtendRequest extends ActionRequest {
  confirmBy: Instant;
}

/** What can be asked of an appointment that exists, by name. */
export interface AppointmentRequests {
  confirm: ConfirmRequest;
  cancel: CancelRequest;
  move: MoveRequest;
  extend: ExtendRequest;
  release: ActionRequest;
  complete: ActionRequest;
  noShow: ActionRequest;
}

/** From the API together with the start: waits until the reservation is made and answers with the appointment, or is refused. */
export const reserveUpdate = defineUpdate<Appointment>('reserve');

/** From API, page or text: accepts the time, up to and including `confirmBy`; on a booked one it changes nothing. */
export const confirmUpdate = defineUpdate<Appointment, [ConfirmRequest]>('confirm');

/** Gives the time back: patients until the cutoff, staff and office at any time but with a reason. */
export const cancelUpdate = defineUpdate<Appointment, [CancelRequest]>('cancel');

/** Takes another time in place of the present one, in one step, or leaves all as it is; who may, is as for a cancel. */
export const moveUpdate = defineUpdate<Appointment, [MoveRequest]>('move');

/** From staff: the patient may answer until another instant, later or earlier. */
export const extendUpdate = defineUpdate<Appointment, [ExtendRequest]>('extend');

/** From whoever holds the time, as the API has made sure: gives the hold back. */
export const releaseUpdate = defineUpdate<Appointment, [ActionRequest]>('release');

/** From staff, from the start of the visit on: the patient was here. */
export const completeUpdate = defineUpdate<Appointment, [ActionRequest]>('complete');

/** From staff, from the start of the visit on: the patient did not come. */
export const noShowUpdate = defineUpdate<Appointment, [ActionRequest]>('noShow');

export interface RuleChangeNotice {
  ruleChangeId: RuleChangeId;
}

/** From the rule-change workflow: the clinic's reminder rules are others now. No answer; a repeat plans the same again. */
export const rulesChangedSignal = defineSignal<[RuleChangeNotice]>('rulesChanged');

// Operators see the status that is being reserved: the workflow tells them if it is refused, and saves an upsert if not.
const statusWanted: Record<ReservationMode, AppointmentStatus> = {
  book: 'booked',
  hold: 'held',
  preReserve: 'pending',
};

/** How it is started, by all alike: a repeat joins the first, and one that has ended stays so. */
export function appointmentStart(input: AppointmentInput, summary: string, taskQueue: string) {
  const { clinicId, appointmentId, providerId, patientId, visitTypeId, mode, startsAt } = input;
  return {
    workflowId: appointmentWorkflowId(clinicId, appointmentId),
    taskQueue,
    args: [input] as [AppointmentInput],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    staticSummary: summary,
    staticDetails: `${patientId === null ? 'No patient yet' : `Patient \`${patientId}\``}, provider \`${providerId}\`, visit type \`${visitTypeId}\``,
    typedSearchAttributes: [
      { key: clinicIdAttribute, value: clinicId },
      { key: providerIdAttribute, value: providerId },
      { key: appointmentStatusAttribute, value: statusWanted[mode] },
      { key: startsAtAttribute, value: new Date(startsAt) },
      ...(patientId === null ? [] : [{ key: patientRefAttribute, value: patientId }]),
    ],
  };
}
