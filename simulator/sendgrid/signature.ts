import { createPrivateKey, sign } from 'node:crypto';
import { mailAccount } from '../account.ts';
import type { Instant } from '../../domain/interval.ts';
import type { PostResult, Webhook } from '../webhooks.ts';

const key = createPrivateKey({ key: Buffer.from(mailAccount.eventPrivateKey, 'base64'), format: 'der', type: 'pkcs8' });

/** SendGrid goes on for a day; a few tries are a day here. */
const RETRIES = 4;

/** A signed batch of events. Whatever is not answered with 2xx comes again, signed anew. */
export function signedEvents(url: string, events: readonly object[], now: () => Instant): Webhook {
  const body = JSON.stringify(events);
  const request = (): RequestInit => {
    const timestamp = String(Math.floor(now() / 1_000));
    return {
      body,
      headers: {
        'content-type': 'application/json;charset=utf-8',
        'user-agent': 'SendGrid Event API',
        'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.from(timestamp + body), key).toString('base64'),
        'x-twilio-email-event-webhook-timestamp': timestamp,
      },
    };
  };
  return { url, request, retries: RETRIES, isRepeated };
}

function isRepeated(result: PostResult): boolean {
  return typeof result === 'string' || result.status < 200 || result.status >= 300;
}
