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
};

/** What a carrier's word says about a message; null for a word that we do not know, which changes nothing. */
export function carrierStatus(word: string): MessageStatus | null {
  return Object.hasOwn(statuses, word) ? (statuses[word] ?? null) : null;
}

/**
 * Why a carrier did not take or deliver a message. `busy` and `account` were never processed and may be repeated,
 * `address` and `optedOut` are about the phone, `configuration` is for the clinic to put right, `temporary` may pass,
 * `content` is about the text; `other` is treated with care: not delivered, not repeated.
 */
export type CarrierErrorClass =
  | 'busy'
  | 'account'
  | 'address'
  | 'configuration'
  | 'optedOut'
  | 'temporary'
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
  '30007': 'content',
  INVALID_RECIPIENT: 'address',
};

/** The class of a carrier's error code. */
export function carrierErrorClass(code: string): CarrierErrorClass {
  return Object.hasOwn(errors, code) ? (errors[code] ?? 'other') : 'other';
}
