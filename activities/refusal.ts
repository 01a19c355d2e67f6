import { ApplicationFailure, log } from '@temporalio/activity';
import { ApplicationFailureCategory } from '@temporalio/common';
import { FencedError } from '../db/commands/appointments/change.ts';
import { Refusal } from '../domain/errors.ts';

/**
 * Turns what a command throws into what a workflow understands: a refusal keeps its code and is not tried again,
 * a fenced write is for the workflow to look at, everything else is a fault that is waited out by retries.
 */
export async function asActivityResult<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Refusal) {
      throw ApplicationFailure.create({
        type: error.code,
        message: error.message,
        nonRetryable: true,
        category: ApplicationFailureCategory.BENIGN,
        details: [error.errors],
      });
    }
    if (error instanceof FencedError) {
      throw ApplicationFailure.create({ type: 'FENCED', message: error.message, nonRetryable: true });
    }
    log.warn('a write failed and will be tried again', { error });
    // A driver's message may quote values: only its kind goes into the history.
    throw ApplicationFailure.create({ type: 'FAULT', message: `The database did not answer (${codeOf(error)}).` });
  }
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'unknown';
}
