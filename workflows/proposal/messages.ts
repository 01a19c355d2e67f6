import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Actor } from '../../domain/appointment.ts';
import {
  type AppointmentId,
  type ClinicId,
  type PatientId,
  type ProposalId,
  type ProviderId,
  type RequestId,
  type VisitTypeId,
  proposalWorkflowId,
} from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import { clinicIdAttribute, patientRefAttribute } from '../search-attributes.ts';

/** What a proposal's workflow is started with: the wish itself, so that a lost `propose` update loses nothing. */
export interface ProposalInput {
  clinicId: ClinicId;
  proposalId: ProposalId;
  requestId: RequestId;
  actor: Actor;
  patientId: PatientId;
  visitTypeId: VisitTypeId;
  /** The visit that is to move; null: a new one. */
  appointmentId: AppointmentId | null;
  times: readonly { providerId: ProviderId; startsAt: Instant }[];
  /** The text does not wait for the morning. */
  sendNow: boolean;
}

/** How it ended; `refused`: the times could not be kept. */
export type ProposalOutcome = { outcome: 'answered' | 'expired' } | { outcome: 'refused'; code: string };

/** From the API together with the start: waits until the times are kept, or cannot be. */
export const proposeUpdate = defineUpdate<void>('propose');

/** From the workflow of an inbound text, once one of the times is taken or all are given back: there is nothing left to wait for. */
export const proposalAnsweredSignal = defineSignal('proposalAnswered');

/** How it is started, by all alike: a repeat joins the first, and one that has ended stays so. */
export function proposalStart(input: ProposalInput, taskQueue: string) {
  const { clinicId, proposalId, patientId, visitTypeId, appointmentId, actor, times } = input;
  const wish = appointmentId === null ? 'a new visit' : `moving appointment \`${appointmentId}\``;
  return {
    workflowId: proposalWorkflowId(clinicId, proposalId),
    taskQueue,
    args: [input] as [ProposalInput],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    staticSummary: `${times.length === 1 ? 'a time' : `${times.length} times`}, proposed ${actor === 'patient' ? 'to a patient who could not come' : `by ${actor}`}`,
    staticDetails: `Patient \`${patientId}\`, visit type \`${visitTypeId}\`; ${wish}`,
    typedSearchAttributes: [
      { key: clinicIdAttribute, value: clinicId },
      { key: patientRefAttribute, value: patientId },
    ],
  };
}
