import { Context, getClient } from '@temporalio/activity';
import {
  ApplicationFailure,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type UpdateDefinition,
} from '@temporalio/common';
import type { Appointment } from '../domain/appointment.ts';
import { type ErrorCode, errorCodes } from '../domain/errors.ts';
import { type AppointmentId, type ClinicId, appointmentWorkflowId } from '../domain/ids.ts';
import { SECOND } from '../domain/interval.ts';
import {
  type ActionRequest,
  type AppointmentInput,
  type AppointmentOutcome,
  appointmentStart,
  reserveUpdate,
} from '../workflows/appointment/messages.ts';

/** What became of an update. `closed`: the workflow has ended (or there is none), so the tables have the answer. */
export type Asked =
  | { outcome: 'done'; appointment: Appointment }
  | { outcome: 'refused'; code: ErrorCode }
  | { outcome: 'closed' };

/** Less than an activity has, since a worker that stops waits for it; what is not answered by then is asked again, and is the same request. */
const PATIENCE = 5 * SECOND;

/** Asks an appointment's workflow for a change in an activity's name. Twice is harmless: the request's id is the update's. */
export async function askAppointment<Request extends ActionRequest>(
  update: UpdateDefinition<Appointment, [Request]>,
  { clinicId, appointmentId }: { clinicId: ClinicId; appointmentId: AppointmentId },
  request: Request,
): Promise<Asked> {
  const workflow = getClient().workflow.getHandle(appointmentWorkflowId(clinicId, appointmentId));
  return outcomeOf(() => workflow.executeUpdate(update, { updateId: request.requestId, args: [request] }));
}

/** Starts an appointment's life, or joins it, and waits for its reservation. `summary` is for operators. */
export async function askForReservation(input: AppointmentInput, summary: string): Promise<Asked> {
  const { workflow } = getClient();
  const start = appointmentStart(input, summary, Context.current().info.taskQueue);
  const asked = await outcomeOf(async () => {
    const life = await workflow.start('appointmentWorkflow', start);
    return life.executeUpdate(reserveUpdate, { updateId: 'reserve' });
  });
  if (asked.outcome !== 'closed') return asked;
  // One that is refused may have ended before it was asked.
  const ended = (await workflow.getHandle(start.workflowId).result()) as AppointmentOutcome;
  return ended.outcome === 'refused' ? { outcome: 'refused', code: ended.code as ErrorCode } : asked;
}

async function outcomeOf(call: () => Promise<Appointment>): Promise<Asked> {
  const asked = await answerOf(call);
  return asked.outcome === 'done' ? { outcome: 'done', appointment: asked.answer } : asked;
}

/** Sorts what an update came to: its answer, a refusal, a life that is over. Anything else is a fault, and is tried again. */
export async function answerOf<T>(
  call: () => Promise<T>,
): Promise<{ outcome: 'done'; answer: T } | Exclude<Asked, { outcome: 'done' }>> {
  try {
    // A worker's own connection does not heed an abort signal.
    return { outcome: 'done', answer: await getClient().withDeadline(Date.now() + PATIENCE, call) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || error instanceof WorkflowExecutionAlreadyStartedError) {
      return { outcome: 'closed' };
    }
    const failure = error instanceof Error && error.cause instanceof ApplicationFailure ? error.cause : undefined;
    if (failure?.type === 'AcceptedUpdateCompletedWorkflow') return { outcome: 'closed' };
    if (errorCodes.includes(failure?.type as ErrorCode))
      return { outcome: 'refused', code: failure?.type as ErrorCode };
    throw error;
  }
}
