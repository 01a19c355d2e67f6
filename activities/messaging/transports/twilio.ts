import { carrierStatus } from '../../../domain/carrier.ts';
import { outcomeOfFailure } from './outcome.ts';
import type { FoundMessage, OutgoingText, SendOutcome, Transport } from './transport.ts';
import { twilioClient } from './twilio-client.ts';
import type { TwilioAccount } from './twilio-client.ts';

const NEWEST = 100;

/** Text messages by Twilio. */
export function twilioTransport(account: TwilioAccount & { publicUrl: string }) {
  const client = twilioClient(account);

  async function send(message: OutgoingText): Promise<SendOutcome> {
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

  async function find(to: string, isIt: (text: string, id: string) => boolean): Promise<FoundMessage | null> {
    // By recipient alone, newest first: by its words, and what else has the same, no clock needs to agree with the provider's.
    const messages = await client.messages.list({ to, limit: NEWEST, pageSize: NEWEST });
    const found = messages.find((message) => isIt(message.body, message.sid));
    if (!found) return null;
    return {
      providerMessageId: found.sid,
      status: found.status,
      errorCode: found.errorCode ? `${found.errorCode}` : '',
    };
  }

  return { name: 'twilio', send, find } satisfies Transport<'sms'>;
}

/** The library's errors have a status where Twilio answered, and a code of Twilio's or of the connection. */
export function outcomeOf(error: unknown): SendOutcome {
  const { status, code } = (error ?? {}) as { status?: number | null; code?: string | number | null };
  return outcomeOfFailure({ status: status ?? undefined, errorCode: String(code ?? status ?? 'UNKNOWN') });
}
