import { randomUUID } from 'node:crypto';
import twilio from 'twilio';
import { account } from '../account.ts';
import type { Webhook } from '../webhooks.ts';

/** A signed form. Only a failed connection is tried again, and once; a slow or unhappy answer is not. */
export function signedForm(url: string, fields: Record<string, string>): Webhook {
  const request: RequestInit = {
    body: new URLSearchParams(fields).toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'user-agent': 'TwilioProxy/1.1',
      'i-twilio-idempotency-token': randomUUID(),
      'x-twilio-signature': twilio.getExpectedTwilioSignature(account.authToken, url, fields),
    },
  };
  return { url, request: () => request, retries: 1, isRepeated: (result) => result === 'unreachable' };
}
