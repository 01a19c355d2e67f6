import type { MessageId } from '../../../domain/ids.ts';
import type { MessageStatus } from '../../../domain/message.ts';
import type { Channel } from '../../../domain/plan.ts';

/** What is said, in the form that each channel carries. */
export interface Contents {
  sms: { text: string };
  email: {
    /** Whom it is from, in words; the address is the envelope's. */
    fromName: string;
    subject: string;
    text: string;
    html: string;
    /** An iCalendar file. */
    calendar: string | null;
  };
}

interface Envelope {
  messageId: MessageId;
  attempt: number;
  from: string;
  to: string;
  /** How long the provider may go on trying. */
  validForSeconds: number;
}

export type Outgoing<C extends Channel> = Envelope & Contents[C];
export type OutgoingText = Outgoing<'sms'>;
export type OutgoingEmail = Outgoing<'email'>;

/** What a provider made of one try. `busy` was certainly not processed; `unknown` may have left. */
export type SendOutcome =
  | { outcome: 'accepted'; providerMessageId: string; status: MessageStatus }
  | { outcome: 'rejected' | 'busy' | 'unknown'; errorCode: string };

/** A message that the provider has, as it tells when asked. */
export interface FoundMessage {
  providerMessageId: string;
  /** In the provider's own words. */
  status: string;
  errorCode: string;
}

/** Carries messages of one channel to a provider. One call is one try: repeating is for the caller to decide. */
export interface Transport<C extends Channel = Channel> {
  readonly name: string;
  send(message: Outgoing<C>): Promise<SendOutcome>;
  /**
   * The message to this recipient of which `isIt` recognises the text; throws where the provider cannot be asked just now.
   * Null in place of a function: it never can be, and what it did not report of its own accord counts as lost.
   */
  readonly find:
    | ((to: string, isIt: (text: string, providerMessageId: string) => boolean) => Promise<FoundMessage | null>)
    | null;
}

/** What carries each channel; a channel without a transport is never used. */
export type Transports = { readonly [C in Channel]?: Transport<C> };
