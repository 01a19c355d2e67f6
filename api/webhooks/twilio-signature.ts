import type { MiddlewareHandler } from 'hono';
import twilio from 'twilio';
import { Refusal } from '../../domain/errors.ts';

export interface TwilioSignature {
  /** Where Twilio reaches us, without a slash at the end; what the request itself says of its host proves nothing. */
  publicUrl: string;
  /** While a token is being changed both are valid. */
  authTokens: readonly string[];
}

export interface TwilioEnv {
  Variables: { form: URLSearchParams };
}

/** Refuses whatever Twilio did not sign, before anything is read from it or stored. */
export function verifySignature({ publicUrl, authTokens }: TwilioSignature): MiddlewareHandler<TwilioEnv> {
  return async (c, next) => {
    const form = new URLSearchParams(await c.req.text());
    const signature = c.req.header('X-Twilio-Signature') ?? '';
    const url = publicUrl + pathAndQuery(c.req.raw.url);
    const isSigned = authTokens.some((token) => twilio.validateRequest(token, signature, url, fields(form)));
    if (!isSigned) throw new Refusal('SIGNATURE_INVALID', 'The signature is not that of the account.');
    c.set('form', form);
    await next();
  };
}

/** As it was sent: parsing and writing it again might spell it differently from what was signed. */
function pathAndQuery(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/]*/i, '');
}

/** A field that is repeated is signed as a list; an empty one is signed too. */
function fields(form: URLSearchParams): Record<string, string | string[]> {
  const names = [...new Set(form.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const values = form.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? '') : values];
    }),
  );
}
