import { setTimeout as delay } from 'node:timers/promises';
import type { Timings } from './timings.ts';
import { isLoopbackUrl } from './loopback.ts';

export interface WebhookAnswer {
  status: number;
  body: string;
}

/** What a post came to: an answer, a connection that failed, or silence until the time was up. */
export type PostResult = WebhookAnswer | 'unreachable' | 'silent';

export interface Webhook {
  url: string;
  /** Made anew for each try: a signature may carry the time. */
  request: () => RequestInit;
  /** The provider's own patience. */
  retries: number;
  isRepeated: (result: PostResult) => boolean;
}

/** Posts a webhook; null when nobody answered. */
export type Webhooks = (webhook: Webhook) => Promise<WebhookAnswer | null>;

interface WebhookOptions {
  timings: Timings;
  closing: AbortSignal;
}

export function createWebhooks({ timings, closing }: WebhookOptions): Webhooks {
  async function post(url: string, request: RequestInit): Promise<PostResult> {
    const signal = AbortSignal.any([closing, AbortSignal.timeout(timings.answerMs)]);
    try {
      // A redirect could lead away from this machine.
      const response = await fetch(url, { ...request, method: 'POST', redirect: 'manual', signal });
      return { status: response.status, body: await response.text() };
    } catch (error) {
      return error instanceof TypeError ? 'unreachable' : 'silent';
    }
  }

  return async ({ url, request, retries, isRepeated }) => {
    if (!isLoopbackUrl(url)) return null;
    let result = await post(url, request());
    for (let retry = 0; retry < retries && isRepeated(result); retry += 1) {
      const isClosing = await delay(timings.retryMs * 2 ** retry, false, { signal: closing }).catch(() => true);
      if (isClosing) return null;
      result = await post(url, request());
    }
    return typeof result === 'string' ? null : result;
  };
}
