import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** A refusal in Twilio's own form; thrown anywhere below the Twilio routes. */
export class TwilioError extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: number;

  constructor(status: ContentfulStatusCode, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  toJSON(): { code: number; message: string; more_info: string; status: number } {
    const moreInfo = `https://www.twilio.com/docs/errors/${this.code}`;
    return { code: this.code, message: this.message, more_info: moreInfo, status: this.status };
  }
}

const masked = (number: string): string => `${number.slice(0, -4)}XXXX`;

export const twilioErrors = {
  authenticate: () => new TwilioError(401, 20003, 'Authenticate'),
  notFound: (path: string) => new TwilioError(404, 20404, `The requested resource ${path} was not found`),
  tooManyRequests: () => new TwilioError(429, 20429, 'Too Many Requests'),
  internal: () => new TwilioError(500, 20500, 'An internal server error has occurred'),
  bodyRequired: () => new TwilioError(400, 21602, 'Message body is required.'),
  fromRequired: () => new TwilioError(400, 21603, "A 'From' phone number is required."),
  toRequired: () => new TwilioError(400, 21604, "A 'To' phone number is required."),
  invalidTo: (to: string) => new TwilioError(400, 21211, `Invalid 'To' Phone Number: ${masked(to)}`),
  invalidFrom: (from: string) => new TwilioError(400, 21212, `Invalid From Number (caller ID): ${masked(from)}`),
  foreignFrom: (from: string) =>
    new TwilioError(
      400,
      21606,
      `The 'From' phone number provided (${masked(from)}) is not a valid message-capable Twilio phone number for this destination.`,
    ),
  noSuchService: (sid: string) => new TwilioError(404, 21701, `The Messaging Service ${sid} does not exist.`),
  invalidCallback: () =>
    new TwilioError(
      400,
      21609,
      "The 'StatusCallback' URL is not a valid URL: the simulator calls loopback addresses only.",
    ),
  optedOut: () => new TwilioError(400, 21610, 'Attempt to send to unsubscribed recipient'),
  bodyTooLong: () => new TwilioError(400, 21617, 'The concatenated message body exceeds the 1600 character limit'),
  invalidValidityPeriod: () => new TwilioError(400, 21621, "The 'ValidityPeriod' must be between 1 and 36000 seconds."),
};
