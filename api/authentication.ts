import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { type Caller, findApiKey } from '../db/queries/api-key.ts';
import type { Actor } from '../domain/appointment.ts';
import { type FieldError, Refusal } from '../domain/errors.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import type { RateLimits } from './rate-limit.ts';

const bearer = /^Bearer +([\x21-\x7e]{8,200})$/i;

export function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Lets nobody pass without a clinic's key. */
export function authenticate({ db }: Pick<ApiDeps, 'db'>, limits: RateLimits): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const key = bearer.exec(c.req.header('Authorization') ?? '')?.[1];
    const digest = key === undefined ? undefined : sha256(key);
    const caller = await limits.lookUpKey(c, digest, async () => digest && findApiKey(db, digest));
    if (!caller) throw new Refusal('UNAUTHENTICATED', 'Send a valid API key: "Authorization: Bearer vk_…".');
    c.set('caller', caller);
    await next();
  };
}

/** Who asks; only behind `authenticate`. */
export function callerOf(c: Context<ApiEnv>): Caller {
  const caller = c.get('caller');
  if (!caller) throw new Error('the route is not behind authenticate()');
  return caller;
}

/** A key's scopes are the actors that it may speak for. */
export function refuseToSpeakFor(caller: Caller, actor: Actor): void {
  if (caller.scopes.includes(actor)) return;
  throw new Refusal('FORBIDDEN', `This API key may not speak for ${actor}; it may for ${caller.scopes.join(', ')}.`, [
    { pointer: '/actor', detail: `must be one of ${caller.scopes.join(', ')}` },
  ]);
}

/** For what belongs to the clinic's own people: imports, to-dos, the texts of messages. */
export function staffOnly(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    refuseUnlessStaff(callerOf(c));
    await next();
  };
}

/** `errors` names the fields, where the rest of the request is for others as well. */
export function refuseUnlessStaff(caller: Caller, errors: readonly FieldError[] = []): void {
  if (caller.scopes.includes('staff')) return;
  throw new Refusal('FORBIDDEN', "This is for the clinic's staff; this API key may not speak for them.", errors);
}

/** For those who work for the clinic: who else was asked is no patient's business. */
export function notForPatients(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (isPatientsOnly(callerOf(c))) {
      throw new Refusal('FORBIDDEN', "This is for the clinic's staff and office; this API key may not speak for them.");
    }
    await next();
  };
}

/** Whether the key may speak for patients and guardians only, and so is bound by the rules for patients. */
export function isPatientsOnly(caller: Caller): boolean {
  return !caller.scopes.includes('staff') && !caller.scopes.includes('office');
}
