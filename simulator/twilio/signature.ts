import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import twilio from 'twilio';
import type { Timings } from '../timings.ts';
import { isLoopbackUrl } from '../loopback.ts';

export interface WebhookAnswer {
  status: number;
  body: string;
}

/** Posts a signed form; null when nobody answered. */
export type Webhooks = (url: string, fields: Record<string, string>) => Promise<WebhookAnswer | null>;

interface WebhookOptions {
  authToken: string;
  timings: Timings;
  closing: AbortSignal;
}

export function createWebhooks({ authToken, timings, closing }: WebhookOptions): Webhooks {
  async function post(url: string, request: RequestInit): Promise<WebhookAnswer> {
    const signal = AbortSignal.any([closing, AbortSignal.timeout(timings.answerMs)]);
    const response = await fetch(url, { ...request, signal });
    return { status: response.status, body: await response.text() };
  }

  return async (url, fields) => {
    if (!isLoopbackUrl(url)) return null;
    const request = signedRequest(authToken, url, fields);
    try {
      return await post(url, request);
    } catch (error) {
      // As at the provider: only a failed connection is tried again, and once; a slow or unhappy answer is not.
      if (!(error instanceof TypeError) || closing.aborted) return null;
    }
    try {
      await delay(timings.retryMs, undefined, { signal: closing });
      return await post(url, request);
    } catch {
      return null;
    }
  };
}

function signedRequest(authToken: string, url: string, fields: Record<string, string>): RequestInit {
  return {
    method: 'POST',
    body: new URLSearchParams(fields).toString(),
    // A redirect could lead away from this machine.
    redirect: 'manual',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'user-agent': 'TwilioProxy/1.1',
      'i-twilio-idempotency-token': randomUUID(),
      'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, url, fields),
    },
  };
}
