/** Every way in which Vuoro may refuse a request; the API gives each one a status in `api/problem.ts`. */
export const errorCodes = [
  'MALFORMED_REQUEST',
  'IDEMPOTENCY_KEY_REQUIRED',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'SIGNATURE_INVALID',
  'NOT_FOUND',
  'TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'SLOT_TAKEN',
  'PATIENT_OVERLAP',
  'ACTION_NOT_ALLOWED',
  'TOO_MANY_HOLDS',
  'APPOINTMENT_EXPIRED',
  'APPOINTMENT_CLOSED',
  'TOO_LATE_TO_CANCEL',
  'TOO_LATE_TO_MOVE',
  'STAFF_ONLY',
  'OPENING_CLOSED',
  'VALIDATION_FAILED',
  'NOT_BOOKABLE',
  'REASON_REQUIRED',
  'CONFIRMATION_TIME_TOO_SHORT',
  'IDEMPOTENCY_KEY_REUSED',
  'RATE_LIMITED',
  'TEMPORARILY_UNAVAILABLE',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** One thing wrong with the input: `pointer` is a JSON pointer into the body (RFC 6901). */
export interface FieldError {
  pointer: string;
  detail: string;
}

/**
 * An expected "no": an answer, not a failure. `message` says what to do next and never carries personal data,
 * since it may travel through a workflow's history.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[];

  constructor(code: ErrorCode, message: string, errors: readonly FieldError[] = []) {
    super(message);
    this.code = code;
    this.errors = errors;
  }
}
