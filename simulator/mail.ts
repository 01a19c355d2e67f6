import type { WebhookCall } from './message.ts';
import type { Kept } from './shelf.ts';

/** SendGrid's words, but for `accepted`; they rise towards the right, and an event that comes late never lowers them. */
export const mailStatusOrder = [
  'accepted',
  'processed',
  'deferred',
  'delivered',
  'blocked',
  'bounce',
  'dropped',
] as const;
export type MailStatus = (typeof mailStatusOrder)[number];

export interface Attachment {
  filename: string;
  type: string;
  /** Base64, as it was handed over. */
  content: string;
}

/** One mail to one recipient. */
export interface SimMail extends Kept {
  kind: 'mail';
  /** What SendGrid calls it towards the sender; several recipients of one request share it. */
  messageId: string;
  from: string;
  fromName: string | null;
  to: string;
  subject: string;
  /** Null where the sender gave no such part. */
  text: string | null;
  html: string | null;
  attachments: readonly Attachment[];
  headers: Readonly<Record<string, string>>;
  customArgs: Readonly<Record<string, string>>;
  status: MailStatus;
  /** Why it did not arrive. */
  reason: string | null;
  calls: readonly WebhookCall[];
}

/** Whose mailbox an address is, however it is written. */
export function mailboxOf(address: string): string {
  return address.trim().toLowerCase();
}

/** Where mails to an address are looked at. */
export function mailboxKey(address: string): string {
  return `mailbox ${mailboxOf(address)}`;
}
