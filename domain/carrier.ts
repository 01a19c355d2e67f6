import type { MessageStatus } from './message.ts';

const statuses: Readonly<Record<string, MessageStatus>> = {
  accepted: 'accepted',
  scheduled: 'accepted',
  queued: 'queued',
  sending: 'queued',
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'failed',

  processed: 'queued',
  // The mail is still at the provider, which goes on trying for days: nobody has taken it, so it is not `sent`.
  deferred: 'queued',
  bounce: 'undelivered',
  blocked: 'undelivered',
  // By the provider itself, before anybody was asked to take it.
  dropped: 'failed',
};

/**
 * What a carrier's word says about a message: Twilio's of a text, SendGrid's of a mail. Null for a word that says nothing of
 * its delivery (`open`, `spamreport`) or that we do not know: it changes nothing.
 */
export function carrierStatus(word: string): MessageStatus | null {
  return Object.hasOwn(statuses, word) ? (statuses[word] ?? null) : null;
}

/**
 * Why a carrier did not take or deliver a message. `busy` and `account` were never processed and may be repeated,
 * `address` and `optedOut` are about the phone or mailbox, `configuration` is for the clinic to put right, `temporary` may pass,
 * `expired` was of no more use when the phone could be reached, `content` is about the text; `other` is treated with care: not delivered, not repeated.
 */
export type CarrierErrorClass =
  | 'busy'
  | 'account'
  | 'address'
  | 'configuration'
  | 'optedOut'
  | 'temporary'
  | 'expired'
  | 'content'
  | 'other';

const errors: Readonly<Record<string, CarrierErrorClass>> = {
  '401': 'account',
  '403': 'account',
  '413': 'content',
  '429': 'busy',
  '20429': 'busy',
  '20003': 'account',
  '21211': 'address',
  '21614': 'address',
  '30005': 'address',
  '30006': 'address',
  '21408': 'configuration',
  '21606': 'configuration',
  '21612': 'configuration',
  '21703': 'configuration',
  '30034': 'configuration',
  '21610': 'optedOut',
  '30001': 'temporary',
  '30003': 'temporary',
  '30008': 'temporary',
  '30036': 'expired',
  '30007': 'content',
  INVALID_RECIPIENT: 'address',

  bounce: 'address',
  blocked: 'temporary',
  'Bounced Address': 'address',
  Invalid: 'address',
  'Unsubscribed Address': 'optedOut',
  'Spam Reporting Address': 'optedOut',
  'Spam Content': 'content',
  'Invalid SMTPAPI header': 'configuration',
  'Recipient List over Package Quota': 'configuration',
};

/** A mail server's enhanced status code (RFC 3463), the narrower meaning first. */
const mailServerErrors: readonly [RegExp, CarrierErrorClass][] = [
  [/^4\.\d\.\d{1,3}$/, 'temporary'],
  [/^5\.1\.[78]$/, 'configuration'],
  [/^5\.(1\.\d+|2\.1|4\.4|0\.0)$/, 'address'],
  [/^5\.2\.2$/, 'temporary'],
  [/^5\.(2\.3|3\.4|6\.\d+)$/, 'content'],
  [/^5\.7\.\d+$/, 'configuration'],
];

/** The class of a carrier's error code. */
export function carrierErrorClass(code: string): CarrierErrorClass {
  if (Object.hasOwn(errors, code)) return errors[code] ?? 'other';
  return mailServerErrors.find(([shape]) => shape.test(code))?.[1] ?? 'other';
}
