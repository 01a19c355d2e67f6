import { createHash } from 'node:crypto';
import { getClient } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import { type Database, inClinic } from '../db/client.ts';
import type { AnswerAction } from '../db/commands/inbound/text.ts';
import { type ExpireProposal, expireProposal } from '../db/commands/proposals/expire.ts';
import { type MakeProposal, makeProposal } from '../db/commands/proposals/make.ts';
import { recordRequest } from '../db/commands/requests/record.ts';
import { type ProposedTime, findProposedTime } from '../db/queries/proposals.ts';
import { formatForOperators } from '../domain/clinic-time.ts';
import { type AppointmentId, type ClinicId, type ProposalId, asId, proposalWorkflowId, uuidOf } from '../domain/ids.ts';
import type { Instant } from '../domain/interval.ts';
import type { KeptProposal, ProposalStatus } from '../domain/proposal.ts';
import { type QuestionAnswer, answersOf } from '../domain/question.ts';
import { moveUpdate } from '../workflows/appointment/messages.ts';
import { proposalAnsweredSignal } from '../workflows/proposal/messages.ts';
import { type Asked, askAppointment, askForReservation } from './ask-appointment.ts';
import { type OtherTimesProposed, type ProposeOtherTimes, proposeOtherTimes } from './other-times.ts';
import { asActivityResult } from './refusal.ts';

/** Times that are kept for a patient. */
export function proposalActivities(db: Database) {
  return {
    /** Keeps the times, or refuses. Twice is harmless: the id is given. */
    makeProposal: (wish: MakeProposal): Promise<KeptProposal> => asActivityResult(makeProposal(db, wish)),

    /** Gives the times back. Twice is harmless: how the proposal ended stands. */
    expireProposal: (proposal: ExpireProposal): Promise<ProposalStatus> =>
      asActivityResult(expireProposal(db, proposal)),

    /** Proposes times in place of a visit that was given up. Twice is harmless: each try is the same proposal as before. */
    proposeOtherTimes: (due: ProposeOtherTimes): Promise<OtherTimesProposed> => proposeOtherTimes(db, due),
  };
}

export interface ProposalAnswer {
  clinicId: ClinicId;
  proposalId: ProposalId;
  action: AnswerAction;
  now: Instant;
}

/** Has the patient's visit take the time whose code was sent: the one that was to move, or a new one. */
export async function takeProposedTime(db: Database, given: ProposalAnswer): Promise<Asked> {
  const time = await asActivityResult(begin(db, given));
  if (!time) return { outcome: 'refused', code: 'APPOINTMENT_EXPIRED' };
  const { appointmentId } = time;
  return appointmentId === null ? reserve(given, time) : move(given, { ...time, appointmentId });
}

/** Lets the proposal's workflow know that there is nothing left to wait for. */
export async function tellProposal(clinicId: ClinicId, proposalId: ProposalId): Promise<void> {
  try {
    await getClient().workflow.getHandle(proposalWorkflowId(clinicId, proposalId)).signal(proposalAnsweredSignal);
  } catch (error) {
    // Its time was up in the same second: it has seen in the tables that it was answered.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/** Writes down who asks, as the API does, in the transaction that finds out for what. */
function begin(db: Database, { clinicId, proposalId, action, now }: ProposalAnswer): Promise<ProposedTime | undefined> {
  return inClinic(db, clinicId, async (tx) => {
    const time = await findProposedTime(tx, proposalId, positionOf(action.answer));
    if (!time) return undefined;
    const record = { clinicId, id: action.requestId, action: time.appointmentId === null ? 'book' : 'move' };
    await recordRequest(tx, { ...record, actor: 'patient', actorRef: null, reason: null, createdAt: now });
    return time;
  });
}

/** From 1; 0, which no time has, for the answer to something else. */
function positionOf(answer: QuestionAnswer): number {
  return answersOf.proposal.indexOf(answer) + 1;
}

const terms = { actor: 'patient', notify: true, remind: true, allowPatientOverlap: false } as const;

function move(given: ProposalAnswer, time: ProposedTime & { appointmentId: AppointmentId }): Promise<Asked> {
  const { clinicId, proposalId, action } = given;
  const { appointmentId, version, startsAt, providerId } = time;
  const { requestId } = action;
  const claim = { kind: 'proposal', proposalId } as const;
  const wish = { requestId, hasReason: false, startsAt, providerId, claim, ...(version !== null && { version }) };
  return askAppointment(moveUpdate, { clinicId, appointmentId }, { ...terms, ...wish });
}

/** The visit's id is that of this answer: after a refusal another of the times may still be taken. */
function reserve({ clinicId, proposalId, action }: ProposalAnswer, time: ProposedTime): Promise<Asked> {
  const { requestId } = action;
  const { patientId, visitTypeId, providerId, startsAt, timeZone } = time;
  const appointmentId = asId<AppointmentId>(uuidOf(createHash('sha256').update(`appointment ${requestId}`).digest()));
  const visit = { clinicId, appointmentId, requestId, patientId, visitTypeId, providerId, startsAt };
  const claim = { kind: 'proposal', proposalId } as const;
  const summary = `Booked by patient, to whom it was proposed, for ${formatForOperators(startsAt, timeZone)} clinic time`;
  return askForReservation({ mode: 'book', confirmBy: null, ...terms, ...visit, claim }, summary);
}
