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

/** The refusal that an activity answered with, or undefined where it failed for another reason. */
export function refusalFrom(error: unknown): ApplicationFailure | undefined {
  if (!(error instanceof ActivityFailure) || !(error.cause instanceof ApplicationFailure)) return undefined;
  return errorCodes.includes(error.cause.type as ErrorCode) ? error.cause : undefined;
}
