import type { MessageStatus } from '../../../domain/message.ts';
import type { MessageId } from '../../../domain/ids.ts';
import type { Channel } from '../../../domain/plan.ts';

export interface OutgoingMessage {
  messageId: MessageId;
  attempt: number;
  from: string;
  to: string;
  text: string;
  /** How long the provider may go on trying. */
  validForSeconds: number;
}

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
export interface Transport {
  readonly name: string;
  send(message: OutgoingMessage): Promise<SendOutcome>;
  /** The message to this recipient of which `isIt` recognises the text; throws where the provider cannot be asked. */
  find(to: string, isIt: (text: string) => boolean): Promise<FoundMessage | null>;
}

/** What carries each channel; a channel without a transport is never used. */
export type Transports = Readonly<Partial<Record<Channel, Transport>>>;
