import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import type { ApiEnv } from './deps.ts';
import { RateLimited } from './problem.ts';

export interface RateLimitSettings {
  /** Requests a minute for each API key, all of which may come at once; 0 lifts every limit. */
  perMinute: number;
  /** How many proxies stand before us and add to X-Forwarded-For. Without any, nobody believes that header. */
  trustedProxies: number;
}

export interface RateLimits {
  /** Looks a key up within its own limit; one that is not known is looked up only for an address that did not fail too often. */
  lookUpKey<T>(c: Context, digest: Buffer | undefined, lookUp: () => Promise<T | undefined>): Promise<T | undefined>;
  /** Answers an address that tried too many wrong links with `refuse`, before any link of it is looked up. */
  links(refuse: (c: Context<ApiEnv>) => Response | Promise<Response>): MiddlewareHandler<ApiEnv>;
}

const DURATION = 60;
/** What is guessed has 128 bits: this spares the database, and leaves room for many people behind one address. */
const WRONG_PER_MINUTE = 60;

/** Counts in the memory of this process, so a limit holds for each process. */
export function rateLimits({ perMinute, trustedProxies }: RateLimitSettings): RateLimits {
  if (perMinute === 0) return { lookUpKey: (_c, _digest, lookUp) => lookUp(), links: () => (_c, next) => next() };
  const keys = new RateLimiterMemory({ points: perMinute, duration: DURATION });
  const wrongKeys = new RateLimiterMemory({ points: WRONG_PER_MINUTE, duration: DURATION });
  const wrongLinks = new RateLimiterMemory({ points: WRONG_PER_MINUTE, duration: DURATION });

  return {
    lookUpKey: async (c, digest, lookUp) => {
      const key = digest?.toString('base64') ?? '';
      const address = addressOf(c, trustedProxies);
      // Whoever guesses from behind the same address must not lock out a clinic that is at work.
      const isAtWork = (await keys.get(key)) !== null;
      const refusal = isAtWork ? undefined : await exhaustion(wrongKeys, address);
      if (refusal) throw refusal;
      if (isAtWork) await count(keys, key);
      const found = await lookUp();
      if (found === undefined) await Promise.all([wrongKeys.penalty(address), keys.delete(key)]);
      else if (!isAtWork) await count(keys, key);
      return found;
    },
    links: (refuse) => async (c, next) => {
      const address = addressOf(c, trustedProxies);
      const refusal = await exhaustion(wrongLinks, address);
      if (refusal) {
        c.header('Retry-After', String(refusal.retryAfter));
        c.set('problemCode', refusal.code);
        return refuse(c);
      }
      await next();
      if (c.res.status === 404) await wrongLinks.penalty(address);
      return undefined;
    },
  };
}

async function count(limiter: RateLimiterMemory, key: string): Promise<void> {
  await limiter.consume(key).catch((state: RateLimiterRes) => {
    throw tooMany(state);
  });
}

async function exhaustion(limiter: RateLimiterMemory, key: string): Promise<RateLimited | undefined> {
  const state = await limiter.get(key);
  return state !== null && state.remainingPoints <= 0 ? tooMany(state) : undefined;
}

function tooMany({ msBeforeNext }: RateLimiterRes): RateLimited {
  return new RateLimited(Math.max(1, Math.ceil(msBeforeNext / 1_000)));
}

/**
 * Whom the outermost of our own proxies saw: each adds at the right whom it got the request from, and what stands further
 * left anybody can have written.
 */
function addressOf(c: Context, trustedProxies: number): string {
  const { incoming } = c.env as Partial<HttpBindings>;
  const nearest = incoming?.socket.remoteAddress ?? 'unknown';
  if (trustedProxies === 0) return nearest;
  const forwarded = (c.req.header('X-Forwarded-For') ?? '').split(',').map((address) => address.trim());
  return forwarded.at(-trustedProxies) || nearest;
}
