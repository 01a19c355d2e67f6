import { OpenAPIHono, z } from '@hono/zod-openapi';
import { type ErrorCode, type FieldError, Refusal, errorCodes } from '../domain/errors.ts';
import type { ApiEnv } from './deps.ts';
import { FAULT, notFound, statusOf } from './problem.ts';

/** A set of routes whose input is checked by their schemas; what does not fit is refused with a pointer to it. */
export function routes(): OpenAPIHono<ApiEnv> {
  return new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      if (result.target === 'param') throw notFound();
      throw invalid(result.error.issues);
    },
  });
}

function invalid(issues: z.ZodError['issues']): Refusal {
  return new Refusal(
    'VALIDATION_FAILED',
    'The input is not valid; `errors` names what to change.',
    issues.flatMap(errorsOf),
  );
}

function errorsOf(issue: z.ZodError['issues'][number]): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), detail: 'is not known here' }));
  }
  const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return [{ pointer: pointerTo(issue.path), detail: isMissing ? 'is missing' : issue.message }];
}

/** A JSON pointer (RFC 6901). */
function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.enum([...errorCodes, FAULT]),
    errors: z
      .array(z.object({ pointer: z.string().openapi({ description: 'JSON pointer' }), detail: z.string() }))
      .optional(),
  })
  .openapi('Problem');

const retryAfter = {
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' as const, minimum: 1 } },
};

/** The responses of a route that refuses with these codes, one for each status; for the document, not for the types. */
export function problems(...codes: readonly ErrorCode[]): Record<never, never> {
  const passing: readonly ErrorCode[] = ['RATE_LIMITED', 'TEMPORARILY_UNAVAILABLE'];
  const all: readonly ErrorCode[] = ['UNAUTHENTICATED', ...codes, ...passing];
  const content = { 'application/problem+json': { schema: problemSchema } };
  const responses = all.map((code) => {
    const sameStatus = all.filter((other) => statusOf[other] === statusOf[code]);
    const description = sameStatus.map((other) => `\`${other}\``).join(', ');
    return [statusOf[code], { description, content, ...(passing.includes(code) && { headers: retryAfter }) }];
  });
  return Object.fromEntries([...responses, [500, { description: `\`${FAULT}\``, content }]]) as Record<never, never>;
}

export function answers<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

export function takes<S extends z.ZodType>(schema: S) {
  return { content: { 'application/json': { schema } }, required: true as const };
}

export function listOf<S extends z.ZodType>(item: S) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().openapi({ description: 'Null on the last page.' }),
  });
}

export const security = [{ apiKey: [] as string[] }];
