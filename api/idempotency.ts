import type { Context } from 'hono';
import { Refusal } from '../domain/errors.ts';
import type { ApiEnv } from './deps.ts';
import { fingerprintOf } from './request-ids.ts';

const visibleAscii = /^[\x21-\x7e]{1,255}$/;
/** Far more than a body of ours; some thousands would not fit on the stack of whoever walks through them. */
const DEEPEST = 50;

/** An Idempotency-Key, and the fingerprint of what it was sent with. */
export interface Repeatable {
  key: string;
  fingerprint: string;
}

/** The request's key, if it has one. */
export async function keyOf(c: Context<ApiEnv>): Promise<Repeatable | undefined> {
  const key = c.req.header('Idempotency-Key')?.trim();
  if (key === undefined) return undefined;
  if (!visibleAscii.test(key)) {
    throw new Refusal('MALFORMED_REQUEST', 'An Idempotency-Key has 1 to 255 visible ASCII characters.');
  }
  return { key, fingerprint: fingerprintOf(c.req.method, c.req.path, contentOf(await c.req.text())) };
}

/** Some requests have no body, and where none is looked at it may be anything, but for what nests too deep. */
function contentOf(body: string): unknown {
  const content = parsed(body);
  if (!isNestedDeeper(content, DEEPEST)) return content;
  throw new Refusal('MALFORMED_REQUEST', `The body is nested more than ${DEEPEST} levels deep.`);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function isNestedDeeper(content: unknown, levels: number): boolean {
  let level = [content];
  for (let depth = 0; depth <= levels && level.length > 0; depth++) {
    level = level.flatMap((value): unknown[] => (value instanceof Object ? Object.values(value) : []));
  }
  return level.length > 0;
}

/** Where a repeat must never have a second effect, whoever forgets the key learns it at once. */
export async function requiredKeyOf(c: Context<ApiEnv>): Promise<Repeatable> {
  const repeatable = await keyOf(c);
  if (repeatable) return repeatable;
  throw new Refusal(
    'IDEMPOTENCY_KEY_REQUIRED',
    'Send an Idempotency-Key header: a fresh value for each new appointment, the same one when you try again.',
  );
}
