import {
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  isGrpcServiceError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { Appointment } from '../domain/appointment.ts';
import { type ErrorCode, type FieldError, Refusal, errorCodes } from '../domain/errors.ts';

/** What became of an update. `closed`: the workflow has ended (or there is none), so the tables have the answer. */
export type UpdateOutcome =
  | { outcome: 'done'; appointment: Appointment }
  | { outcome: 'refused'; refusal: Refusal }
  | { outcome: 'closed' };

/** What became of an update of an opening or a proposal; what it is like now is in the tables. */
export type OpeningOutcome = { outcome: 'done' } | Exclude<UpdateOutcome, { outcome: 'done' }>;

/** For how long a run that takes no more updates is left alone: it goes on as a new one once nothing is in hand. */
const UNTIL_THE_NEXT_RUN_MS = 200;

/**
 * Where many updates reach one workflow at once, the server may turn away one that no worker has seen, or one too many for
 * the run: it is asked again, until the call's deadline.
 */
export async function untilSeen<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (isOneTooMany(error)) await delay(UNTIL_THE_NEXT_RUN_MS);
      else if (!isFailedUpdate(error, 'UnprocessedUpdate')) throw error;
    }
  }
}

/** Sorts what a call came to: an answer, a refusal, a life that is over, or nobody there. Anything else is a fault. */
export async function outcomeOf(call: Promise<Appointment>): Promise<UpdateOutcome> {
  const sort = await sorted(call);
  return sort.outcome === 'done' ? { outcome: 'done', appointment: sort.answer } : sort;
}

/** The same, of a call that answers something else than an appointment. */
export async function sorted<T>(
  call: Promise<T>,
): Promise<{ outcome: 'done'; answer: T } | Exclude<UpdateOutcome, { outcome: 'done' }>> {
  try {
    return { outcome: 'done', answer: await call };
  } catch (error) {
    if (isClosed(error)) return { outcome: 'closed' };
    const refusal = refusalIn(error);
    if (refusal) return { outcome: 'refused', refusal };
    if (isUnreachable(error)) throw unavailable();
    throw error;
  }
}

/** Lets a failure pass that only says that the workflow has ended, or has been started before. */
export function unlessClosed(error: unknown): void {
  if (!isClosed(error)) throw error;
}

function isClosed(error: unknown): boolean {
  return (
    error instanceof WorkflowNotFoundError ||
    error instanceof WorkflowExecutionAlreadyStartedError ||
    // The workflow ended with our update accepted and unanswered.
    isFailedUpdate(error, 'AcceptedUpdateCompletedWorkflow')
  );
}

/** Whether the server itself failed the update, for that reason. */
function isFailedUpdate(error: unknown, type: string): boolean {
  return (
    error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure && error.cause.type === type
  );
}

function refusalIn(error: unknown): Refusal | undefined {
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return undefined;
  const { type, message, details } = error.cause;
  if (!errorCodes.includes(type as ErrorCode)) return undefined;
  return new Refusal(type as ErrorCode, message, (details?.[0] as FieldError[] | undefined) ?? []);
}

// By gRPC number: cancelled, deadline exceeded, resource exhausted, aborted, unavailable.
const passingTroubles = [1, 4, 8, 10, 14];

function isUnreachable(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  const cause = causeOf(error);
  return isGrpcServiceError(cause) && passingTroubles.includes(cause.code);
}

// Failed precondition: the server says no more of it than this.
function isOneTooMany(error: unknown): boolean {
  const cause = causeOf(error);
  return isGrpcServiceError(cause) && cause.code === 9 && cause.details.includes('total number of distinct updates');
}

function causeOf(error: unknown): unknown {
  return error instanceof ServiceError ? error.cause : error;
}

export function unavailable(): Refusal {
  return new Refusal(
    'TEMPORARILY_UNAVAILABLE',
    'No answer in time. Send the same request again, with the same Idempotency-Key: nothing is done twice.',
  );
}
