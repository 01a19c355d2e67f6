import { ApplicationFailureCategory } from '@temporalio/common';
import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import { type ErrorCode, Refusal, errorCodes } from '../domain/errors.ts';

/** A refusal as update handlers throw it: anything else thrown there would stall the workflow. */
export function asFailure(refusal: unknown): unknown {
  if (!(refusal instanceof Refusal)) return refusal;
  return ApplicationFailure.create({
    type: refusal.code,
    message: refusal.message,
    nonRetryable: true,
    category: ApplicationFailureCategory.BENIGN,
    details: [refusal.errors],
  });
}

/** What an activity failed with: that of a regular activity comes wrapped, that of a local one bare. */
export function causeOf(error: unknown): unknown {
  return error instanceof ActivityFailure ? error.cause : error;
}

/** Whether a write found the tables at another revision than the workflow knows. */
export function isFenced(error: unknown): boolean {
  const cause = causeOf(error);
  return cause instanceof ApplicationFailure && cause.type === 'FENCED';
}

/** The refusal that an activity answered with, or undefined where it failed for another reason. */
export function refusalFrom(error: unknown): ApplicationFailure | undefined {
  const cause = causeOf(error);
  return cause instanceof ApplicationFailure && errorCodes.includes(cause.type as ErrorCode) ? cause : undefined;
}
