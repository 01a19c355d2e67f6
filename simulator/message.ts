import type { Instant } from '../domain/interval.ts';

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
export interface SimMessage {
  sid: string;
  direction: Direction;
  from: string;
  to: string;
  body: string;
  segments: number;
  encoding: string;
  status: MessageStatus;
  errorCode: number | null;
  messagingServiceSid: string | null;
  statusCallback: string | null;
  calls: readonly WebhookCall[];
  createdAt: Instant;
  sentAt: Instant | null;
  updatedAt: Instant;
  /** The store's revision when it was added, and when it last changed. */
  addedIn: number;
  changedIn: number;
}

/** The patient's side of a message: whose virtual phone it lies on. */
export function phoneOf(message: SimMessage): string {
  return message.direction === 'inbound' ? message.from : message.to;
}

/** The clinic's side of a message: which conversation on that phone it belongs to. */
export function senderOf(message: SimMessage): string {
  return message.direction === 'inbound' ? message.to : message.from;
}
