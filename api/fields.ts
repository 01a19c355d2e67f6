import { z } from '@hono/zod-openapi';
import { actors } from '../domain/appointment.ts';
import { formatInstant, parseInstant } from '../domain/clinic-time.ts';
import type { asId } from '../domain/ids.ts';
import type { Instant } from '../domain/interval.ts';

type AnyId = Parameters<typeof asId>[0] & ReturnType<typeof asId>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const anId = 'must be an id: a UUID';

/** An id of that kind; whether there is such a thing is for the database to say. */
export function idField<T extends AnyId>() {
  return z
    .string()
    .regex(uuid, anId)
    .transform((text) => text.toLowerCase() as T)
    .openapi({ type: 'string', format: 'uuid' });
}

/** Ids as they are answered. */
export const idShown = z.string().openapi({ format: 'uuid' });

const LATEST = Date.UTC(2200, 0);

/** An instant as RFC 3339, within what clocks and the database can do with. */
export function readInstant(text: string): Instant | undefined {
  const instant = parseInstant(text);
  return instant !== undefined && instant > 0 && instant < LATEST ? instant : undefined;
}

const anInstant = 'must be an instant with its offset, such as 2027-01-15T09:30:00+02:00';

export const instantField = z
  .string()
  .transform((text, context): Instant => {
    // A plus that was not encoded in a query arrives as a space.
    const instant = readInstant(text.replace(' ', '+'));
    if (instant !== undefined) return instant;
    context.addIssue({ code: 'custom', message: anInstant });
    return z.NEVER;
  })
  .openapi({ type: 'string', format: 'date-time', example: '2027-01-15T09:30:00+02:00' });

export const instantShown = z.string().openapi({ format: 'date-time', example: '2027-01-15T07:30:00Z' });

export function showInstant(instant: Instant): string;
export function showInstant(instant: Instant | null): string | null;
export function showInstant(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}

export const actorField = z.enum(actors).openapi({ description: 'Who speaks; the API key must have it as a scope.' });

/** Text that the database can hold: it knows no NUL. */
export function textField(most: number) {
  return z
    .string()
    .max(most)
    .refine((text) => !text.includes('\0'), 'has a character that cannot be stored')
    .openapi({ type: 'string', maxLength: most });
}

/** A caller's text: trimmed, and null where nothing is left. */
export function optionalText(most: number) {
  return textField(most)
    .nullish()
    .transform((text) => text?.trim() || null)
    .openapi({ type: 'string', maxLength: most });
}

/** A caller's text that must be there: trimmed, and not empty. */
export function requiredText(most: number) {
  return textField(most)
    .transform((text) => text.trim())
    .refine((text) => text !== '', 'must not be empty')
    .openapi({ type: 'string', minLength: 1, maxLength: most });
}

export const actorRefField = optionalText(200).openapi({
  description: 'Your opaque name for the person, kept for the audit. No personal data, please.',
});

const aboutKeys = 'Up to 255 visible ASCII characters. The same key and body: the same answer, one effect.';

export const idempotencyHeader = z.object({
  'idempotency-key': z.string().optional().openapi({ description: aboutKeys }),
});

/** Required, but missed by the route itself, which has a code of its own for that. */
export const requiredIdempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .optional()
    .openapi({ description: aboutKeys, param: { required: true } }),
});
