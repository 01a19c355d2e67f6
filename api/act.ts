import { inClinic } from '../db/client.ts';
import { endAttempt } from '../db/commands/idempotency-keys/end-attempt.ts';
import { findAnswer } from '../db/queries/answer.ts';
import { findAppointment } from '../db/queries/appointments.ts';
import { type Appointment, activeStatuses, checkAction } from '../domain/appointment.ts';
import { Refusal } from '../domain/errors.ts';
import { type AppointmentId, type ClinicId, type RequestId, appointmentWorkflowId } from '../domain/ids.ts';
import type { ActionRequest, AppointmentRequests } from '../workflows/appointment/messages.ts';
import { type Asking, beginAttempt } from './attempt.ts';
import type { ApiDeps } from './deps.ts';
import { notFound } from './problem.ts';
import type { RequestedAction } from './temporal-gateway.ts';
import type { UpdateOutcome } from './temporal-outcomes.ts';
import { WAITING } from './time-limit.ts';

/** What is wanted of the appointment. */
export type Wish = {
  [Action in RequestedAction]: { action: Action } & Omit<AppointmentRequests[Action], keyof ActionRequest>;
}[RequestedAction];

export type ActionOnAppointment = Wish &
  Asking & {
    appointmentId: AppointmentId;
    reason: string | null;
    /** Of the time that the request is about, where it must not be taken for another. */
    version?: number;
  };

interface Attempt {
  requestId: RequestId;
  number: number;
  answer: Appointment | undefined;
}

type Deps = Pick<ApiDeps, 'db' | 'temporal' | 'now'>;

/** Asks the appointment's workflow for a change, once for each key, and answers with the appointment as it then is. */
export async function act(deps: Deps, clinicId: ClinicId, request: ActionOnAppointment): Promise<Appointment> {
  const { appointment, attempt } = await begin(deps, clinicId, request);
  const { requestId, answer } = attempt;
  if (answer) {
    // The tables may be alone in knowing of it: a crash after the write takes the workflow's memory of it.
    await tell(deps, clinicId, request, requestId);
    return answer;
  }
  try {
    refuseIfClosed(appointment, request);
    return await ask(deps, clinicId, request, requestId);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === 'TEMPORARILY_UNAVAILABLE') throw error;
    const done = await endRefused(deps, clinicId, request, attempt);
    if (done) return done;
    throw error;
  }
}

/** Closes the attempt, unless what refused it was its own effect: a request may reach its workflow twice. */
async function endRefused(
  { db }: Deps,
  clinicId: ClinicId,
  { repeatable }: ActionOnAppointment,
  { requestId, number }: Attempt,
): Promise<Appointment | undefined> {
  return inClinic(db, clinicId, async (tx) => {
    const answer = await findAnswer(tx, requestId);
    if (!answer && repeatable) await endAttempt(tx, { key: repeatable.key, attempt: number });
    return answer;
  });
}

async function begin({ db, now }: Deps, clinicId: ClinicId, request: ActionOnAppointment) {
  const at = now();
  return inClinic(db, clinicId, async (tx) => {
    const appointment = await findAppointment(tx, request.appointmentId);
    if (!appointment) throw notFound();
    const { requestId, number, isFirst } = await beginAttempt(tx, { ...request, clinicId, now: at });
    const answer = isFirst ? undefined : await findAnswer(tx, requestId);
    return { appointment, attempt: { requestId, number, answer } satisfies Attempt };
  });
}

function tell(
  { temporal }: Deps,
  clinicId: ClinicId,
  request: ActionOnAppointment,
  requestId: RequestId,
): Promise<UpdateOutcome> {
  const { action, appointmentId, actorRef: _, reason, repeatable: __, ...wanted } = request;
  const update = { requestId, hasReason: reason !== null, ...wanted };
  return temporal.act(action, appointmentWorkflowId(clinicId, appointmentId), update, WAITING);
}

async function ask(
  deps: Deps,
  clinicId: ClinicId,
  request: ActionOnAppointment,
  requestId: RequestId,
): Promise<Appointment> {
  const { appointmentId } = request;
  const outcome = await tell(deps, clinicId, request, requestId);
  if (outcome.outcome === 'done') return outcome.appointment;
  if (outcome.outcome === 'refused') throw outcome.refusal;
  return inClinic(deps.db, clinicId, async (tx) => {
    const answer = await findAnswer(tx, requestId);
    if (answer) return answer;
    const appointment = await findAppointment(tx, appointmentId);
    if (appointment) refuseIfClosed(appointment, request);
    throw new LostWorkflowError(`the workflow of ${appointmentId} has ended while its appointment is active`);
  });
}

/** A life that goes on in the tables but has no workflow: a person must look. */
class LostWorkflowError extends Error {
  override readonly name = 'LostWorkflowError';
}

// Only an ending is sure to stand; what an active appointment allows is for its workflow to say.
function refuseIfClosed({ status }: Appointment, { action, actor }: ActionOnAppointment): void {
  if (!(activeStatuses as readonly string[]).includes(status)) checkAction(status, action, actor);
}
