import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type ErrorCode, Refusal } from '../domain/errors.ts';
import type { ApiEnv } from './deps.ts';

/** Every code's status; a code without one does not compile. */
export const statusOf: Record<ErrorCode, ContentfulStatusCode> = {
  MALFORMED_REQUEST: 400,
  IDEMPOTENCY_KEY_REQUIRED: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  SIGNATURE_INVALID: 403,
  NOT_FOUND: 404,
  TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  SLOT_TAKEN: 409,
  PATIENT_OVERLAP: 409,
  ACTION_NOT_ALLOWED: 409,
  TOO_MANY_HOLDS: 409,
  APPOINTMENT_EXPIRED: 409,
  APPOINTMENT_CLOSED: 409,
  TOO_LATE_TO_CANCEL: 409,
  TOO_LATE_TO_MOVE: 409,
  STAFF_ONLY: 409,
  OPENING_CLOSED: 409,
  VALIDATION_FAILED: 422,
  NOT_BOOKABLE: 422,
  REASON_REQUIRED: 422,
  CONFIRMATION_TIME_TOO_SHORT: 422,
  IDEMPOTENCY_KEY_REUSED: 422,
  RATE_LIMITED: 429,
  TEMPORARILY_UNAVAILABLE: 503,
};

const titles: Record<ErrorCode, string> = {
  MALFORMED_REQUEST: 'The request cannot be read',
  IDEMPOTENCY_KEY_REQUIRED: 'An Idempotency-Key is required',
  UNAUTHENTICATED: 'No valid API key',
  FORBIDDEN: 'Not allowed with this API key',
  SIGNATURE_INVALID: 'The signature does not match',
  NOT_FOUND: 'Not found',
  TOO_LARGE: 'The body is too large',
  UNSUPPORTED_MEDIA_TYPE: 'Content type not supported',
  SLOT_TAKEN: 'The time is taken',
  PATIENT_OVERLAP: 'The patient has another visit at that time',
  ACTION_NOT_ALLOWED: 'The action is not allowed',
  TOO_MANY_HOLDS: 'Too many holds',
  APPOINTMENT_EXPIRED: 'The reservation has expired',
  APPOINTMENT_CLOSED: 'The appointment is closed',
  TOO_LATE_TO_CANCEL: 'Too late to cancel',
  TOO_LATE_TO_MOVE: 'Too late to move',
  STAFF_ONLY: "Only the clinic's staff can do this",
  OPENING_CLOSED: 'The opening is closed',
  VALIDATION_FAILED: 'The input is not valid',
  NOT_BOOKABLE: 'The time cannot be booked',
  REASON_REQUIRED: 'A reason is required',
  CONFIRMATION_TIME_TOO_SHORT: 'Too little time to confirm',
  IDEMPOTENCY_KEY_REUSED: 'The Idempotency-Key was used for another request',
  RATE_LIMITED: 'Too many requests',
  TEMPORARILY_UNAVAILABLE: 'Temporarily unavailable',
};

/** What a 503 is told; a 429 knows how long it lasts. */
const UNAVAILABLE_FOR_SECONDS = 3;

/** Whoever is refused with one of these is told to phone, so the answer says where. */
const codesWithPhone: readonly ErrorCode[] = ['TOO_LATE_TO_CANCEL', 'TOO_LATE_TO_MOVE', 'STAFF_ONLY'];

/** A refusal whose answer tells more than its code: the free times beside a taken one. */
export class RefusalWithMore extends Refusal {
  readonly more: Readonly<Record<string, unknown>>;

  constructor(refusal: Refusal, more: Readonly<Record<string, unknown>>) {
    super(refusal.code, refusal.message, refusal.errors);
    this.more = more;
  }
}

/** Too many requests; from `retryAfter` seconds on there may be more. */
export class RateLimited extends Refusal {
  readonly retryAfter: number;

  constructor(retryAfter: number) {
    super('RATE_LIMITED', `Too many requests in a minute. Wait ${retryAfter} seconds.`);
    this.retryAfter = retryAfter;
  }
}

/** The refusal as problem+json (RFC 9457). */
export function problemResponse(c: Context<ApiEnv>, refusal: Refusal): Response {
  const { code, message, errors } = refusal;
  c.set('problemCode', code);
  const retryAfter = retryAfterOf(refusal);
  if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter));
  if (code === 'UNAUTHENTICATED') c.header('WWW-Authenticate', 'Bearer');
  const phone = codesWithPhone.includes(code) ? c.get('caller')?.phone : undefined;
  return respond(c, statusOf[code], {
    type: `urn:vuoro:problem:${code}`,
    title: titles[code],
    status: statusOf[code],
    detail: message,
    code,
    ...(errors.length > 0 && { errors }),
    ...(phone !== undefined && { phone }),
    ...(refusal instanceof RefusalWithMore && refusal.more),
  });
}

function retryAfterOf(refusal: Refusal): number | undefined {
  if (refusal instanceof RateLimited) return refusal.retryAfter;
  return refusal.code === 'TEMPORARILY_UNAVAILABLE' ? UNAVAILABLE_FOR_SECONDS : undefined;
}

/** The code of whatever is no refusal. */
export const FAULT = 'FAULT';

/** What the caller learns of a fault: nothing but the number under which the log has it. */
export function faultResponse(c: Context<ApiEnv>): Response {
  c.set('problemCode', FAULT);
  return respond(c, 500, {
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    detail: 'Something went wrong on our side; it has been recorded. Tell us the request id if it happens again.',
    code: FAULT,
    requestId: c.get('requestId'),
  });
}

function respond(c: Context<ApiEnv>, status: ContentfulStatusCode, body: object): Response {
  return c.body(JSON.stringify(body), status, { 'Content-Type': 'application/problem+json' });
}

export function notFound(): Refusal {
  return new Refusal('NOT_FOUND', 'There is nothing here under this id or address.');
}
