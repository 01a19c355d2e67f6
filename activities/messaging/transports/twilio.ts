import { carrierErrorClass, carrierStatus } from '../../../domain/carrier.ts';
import type { FoundMessage, OutgoingMessage, SendOutcome, Transport } from './transport.ts';
import { twilioClient } from './twilio-client.ts';
import type { TwilioAccount } from './twilio-client.ts';

/** The request never reached the provider: no connection, no name, no trust. */
const notReached =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_TLS_|CERT_|UNABLE_TO_|.*SELF_SIGNED_)/;
const NEWEST = 100;

/** Text messages by Twilio. */
export function twilioTransport(account: TwilioAccount & { publicUrl: string }): Transport {
  const client = twilioClient(account);

  async function send(message: OutgoingMessage): Promise<SendOutcome> {
    try {
      const { sid, status } = await client.messages.create({
        from: message.from,
        to: message.to,
        body: message.text,
        statusCallback: `${account.publicUrl}/webhooks/twilio/status?m=${message.messageId}&a=${message.attempt}`,
        validityPeriod: Math.min(Math.max(Math.floor(message.validForSeconds), 1), 36_000),
      });
      // An answer without an id did not come from Twilio, but from something in between.
      if (typeof sid !== 'string') return { outcome: 'unknown', errorCode: 'NO_ID' };
      return { outcome: 'accepted', providerMessageId: sid, status: carrierStatus(status) ?? 'accepted' };
    } catch (error) {
      return outcomeOf(error);
    }
  }

  async function find(to: string, isIt: (text: string) => boolean): Promise<FoundMessage | null> {
    // By recipient alone, newest first: the link in each text is unique, so no clock needs to agree with the provider's.
    const messages = await client.messages.list({ to, limit: NEWEST, pageSize: NEWEST });
    const found = messages.find((message) => isIt(message.body));
    if (!found) return null;
    return {
      providerMessageId: found.sid,
      status: found.status,
      errorCode: found.errorCode ? `${found.errorCode}` : '',
    };
  }

  return { name: 'twilio', send, find };
}

/** Twilio knows no idempotency key, so everything that may have been processed is `unknown`. */
export function outcomeOf(error: unknown): SendOutcome {
  const { status, code } = (error ?? {}) as { status?: number | null; code?: string | number | null };
  const errorCode = String(code ?? status ?? 'UNKNOWN');
  if (typeof status !== 'number') return { outcome: notReached.test(errorCode) ? 'busy' : 'unknown', errorCode };
  if (status === 429) return { outcome: 'busy', errorCode };
  if (status < 400 || status === 408 || status >= 500) return { outcome: 'unknown', errorCode };
  const errorClass = carrierErrorClass(errorCode);
  return { outcome: errorClass === 'busy' || errorClass === 'account' ? 'busy' : 'rejected', errorCode };
}
