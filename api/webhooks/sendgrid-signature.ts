import { type KeyObject, createPublicKey, verify } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { Refusal } from '../../domain/errors.ts';
import { type Instant, MINUTE, SECOND } from '../../domain/interval.ts';

export interface SendGridSignature {
  /** Base64 SPKI, as SendGrid shows them. While one is being replaced both are valid; without any, nothing is. */
  publicKeys: readonly string[];
  now: () => Instant;
}

export interface SendGridEnv {
  Variables: { events: string };
}

const OLDEST = 10 * MINUTE;
const FURTHEST_AHEAD = 5 * MINUTE;

/** Refuses whatever SendGrid did not sign just now, before anything is read from it or stored. */
export function verifyEvents({ publicKeys, now }: SendGridSignature): MiddlewareHandler<SendGridEnv> {
  const keys = publicKeys.map(readKey);
  return async (c, next) => {
    const body = Buffer.from(await c.req.arrayBuffer());
    const timestamp = c.req.header('X-Twilio-Email-Event-Webhook-Timestamp') ?? '';
    const signature = Buffer.from(c.req.header('X-Twilio-Email-Event-Webhook-Signature') ?? '', 'base64');
    const signed = Buffer.concat([Buffer.from(timestamp), body]);
    const isSigned = keys.some((key) => verify('sha256', signed, key, signature));
    if (!isSigned) throw new Refusal('SIGNATURE_INVALID', 'The signature is not that of the account.');
    if (!isRecent(timestamp, now())) throw new Refusal('SIGNATURE_INVALID', 'The signature is not of now.');
    c.set('events', body.toString('utf8'));
    await next();
  };
}

function readKey(base64: string): KeyObject {
  return createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
}

function isRecent(timestamp: string, now: Instant): boolean {
  const at = /^\d{1,12}$/.test(timestamp) ? Number(timestamp) * SECOND : Number.NaN;
  return at >= now - OLDEST && at <= now + FURTHEST_AHEAD;
}
