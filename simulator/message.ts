import { randomBytes } from 'node:crypto';
import { SegmentedMessage } from 'sms-segments-calculator';
import type { Instant } from '../domain/interval.ts';
import type { Fresh, Kept } from './shelf.ts';

export type Direction = 'outbound-api' | 'outbound-reply' | 'inbound';

/** Rises towards the right; a receipt that comes late never lowers it. */
export const statusOrder = ['accepted', 'queued', 'sent', 'undelivered', 'delivered', 'received'] as const;
export type MessageStatus = (typeof statusOrder)[number];

/** One webhook that the simulator posted about a message; `answer` is null when nobody answered. */
export interface WebhookCall {
  what: string;
  at: Instant;
  answer: number | null;
}

/** A text as the carrier knows it, in either direction. `outbound-reply` is the carrier's own answer to STOP, START, HELP. */
export interface SimMessage extends Kept {
  kind: 'text';
  direction: Direction;
  from: string;
  to: string;
  body: string;
  segments: number;
  encoding: string;
  status: MessageStatus;
  errorCode: string | null;
  messagingServiceSid: string | null;
  statusCallback: string | null;
  /** For how many seconds it may wait to be sent; null where the sender does not mind. */
  validityPeriod: number | null;
  calls: readonly WebhookCall[];
  sentAt: Instant | null;
}

export type NewText = Pick<SimMessage, 'direction' | 'from' | 'to' | 'body' | 'status'> &
  Partial<Pick<SimMessage, 'messagingServiceSid' | 'statusCallback' | 'validityPeriod' | 'sentAt'>>;

/** A text with an id of its own, its segments counted as the carrier bills them. */
export function newText(text: NewText): Fresh<SimMessage> {
  const counted = new SegmentedMessage(text.body);
  return {
    kind: 'text',
    errorCode: null,
    messagingServiceSid: null,
    statusCallback: null,
    validityPeriod: null,
    sentAt: null,
    ...text,
    id: `SM${randomBytes(16).toString('hex')}`,
    segments: counted.segmentsCount,
    encoding: counted.getEncodingName(),
    calls: [],
  };
}

/** The patient's side of a message: whose virtual phone it lies on. */
export function phoneOf(message: SimMessage): string {
  return message.direction === 'inbound' ? message.from : message.to;
}

/** The clinic's side of a message: which conversation on that phone it belongs to. */
export function senderOf(message: SimMessage): string {
  return message.direction === 'inbound' ? message.to : message.from;
}

/** Where it is looked at. */
export function conversationKey(phone: string, sender: string): string {
  return `${phone} ${sender}`;
}
