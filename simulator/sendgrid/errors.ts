import type { ContentfulStatusCode } from 'hono/utils/http-status';

export interface FieldError {
  message: string;
  field: string | null;
  help: string | null;
}

/** A refusal in SendGrid's own form; thrown anywhere below the SendGrid routes. */
export class SendGridError extends Error {
  readonly status: ContentfulStatusCode;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: ContentfulStatusCode, errors: readonly FieldError[], headers: Record<string, string> = {}) {
    super(errors[0]?.message ?? '');
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

const help = 'http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html';

/** About one field of the body, as `personalizations.0.to`; the page of all errors has an anchor for each. */
export function fieldError(field: string, message: string): FieldError {
  return { message, field, help: `${help}#message.${field.replaceAll(/\.\d+/g, '')}` };
}

const plain = (status: ContentfulStatusCode, message: string): SendGridError =>
  new SendGridError(status, [{ message, field: null, help: null }]);

export const sendGridErrors = {
  noKey: () => plain(401, 'Permission denied, wrong credentials'),
  wrongKey: () => plain(401, 'The provided authorization grant is invalid, expired, or revoked'),
  notJson: () => plain(400, 'Bad Request'),
  notFound: () => plain(404, 'Not Found'),
  mediaType: () => plain(415, 'Content-Type should be application/json.'),
  tooLarge: () => plain(413, 'Payload too large: a message may have 30 MB with its attachments.'),
  internal: () => plain(500, 'Internal Server Error'),
  invalid: (errors: readonly FieldError[]) => new SendGridError(400, errors),
  tooManyRequests: (now: number) =>
    new SendGridError(429, [{ message: 'too many requests', field: null, help: null }], {
      'x-ratelimit-limit': '600',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.ceil(now / 1_000) + 1),
    }),
};
