import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { LogFields } from '../config/log.ts';
import { Refusal } from '../domain/errors.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { faultResponse, notFound, problemResponse } from './problem.ts';

/** Answers whatever a handler threw: refusals as problems, an outage as 503, the rest as a fault that the log tells of. */
export function answerError({ log }: Pick<ApiDeps, 'log'>) {
  return (error: unknown, c: Context<ApiEnv>): Response => {
    const refusal = refusalFor(error);
    if (refusal) return problemResponse(c, refusal);
    if (isOutage(error)) {
      log.warn('the database does not answer', about(c), error);
      return problemResponse(c, databaseAway());
    }
    log.error('a request failed', about(c), error);
    return faultResponse(c);
  };
}

function about(c: Context<ApiEnv>): LogFields {
  return { requestId: c.get('requestId'), clinicId: c.get('caller')?.clinicId };
}

function refusalFor(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (!(error instanceof HTTPException)) return undefined;
  if (error.status === 413) return tooLarge();
  if (error.status === 415) return unsupported('Send the body as application/json.');
  if (error.status === 404) return notFound();
  return error.status < 500 ? new Refusal('MALFORMED_REQUEST', 'The body is not valid JSON.') : undefined;
}

export function tooLarge(): Refusal {
  return new Refusal('TOO_LARGE', 'The body is larger than this address takes.');
}

export function unsupported(detail: string): Refusal {
  return new Refusal('UNSUPPORTED_MEDIA_TYPE', detail);
}

function databaseAway(): Refusal {
  return new Refusal('TEMPORARILY_UNAVAILABLE', 'The database does not answer at the moment; try again.');
}

const networkCodes = ['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENOTFOUND', 'EPIPE', 'ENOENT', 'ETIMEDOUT'];
// The driver has no codes of its own for a connection that was lost, or that could not be had in time.
const driverWords = /^(Connection terminated|Client (was closed|has encountered)|timeout e(xpired|xceeded when))/;
// SQLSTATE classes: connection lost (08), too many connections (53300), shutting down or starting (57P01-57P03).
const passingStates = /^(08...|53300|57P0[123])$/;

function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && (networkCodes.includes(code) || passingStates.test(code))) return true;
  return driverWords.test(error.message) || isOutage(error.cause);
}
