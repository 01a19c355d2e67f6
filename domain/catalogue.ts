import { z } from 'zod';
import { isDate } from './clinic-time.ts';
import type { ProviderId, VisitTypeId } from './ids.ts';
import { type Instant, MINUTE } from './interval.ts';
import { cutoffOverridesSchema, reminderRulesSchema, selfServiceSchema, timeOfDaySchema } from './policy.ts';

/** Language (ISO 639-1) → name. */
const namesSchema = z
  .record(z.string().regex(/^[a-z]{2}$/, 'a language as two letters'), z.string().trim().min(1).max(120))
  .refine((names) => Object.keys(names).length > 0, 'at least one name');

const bufferMinutes = z.number().int().min(0).max(240).default(0);

/** A visit type as a clinic describes it; what may differ from the clinic's policy is null where it does not. */
export const visitTypeSchema = z.strictObject({
  names: namesSchema,
  durationMinutes: z.number().int().min(5).max(480),
  bufferBeforeMinutes: bufferMinutes,
  bufferAfterMinutes: bufferMinutes,
  /** Starts lie on multiples of it, counted on the wall clock from local midnight. */
  gridMinutes: z.number().int().min(5).max(240).default(15),
  minimumNoticeMinutes: z
    .number()
    .int()
    .min(0)
    .max(90 * 24 * 60)
    .default(120),
  horizonDays: z.number().int().min(1).max(730).default(180),
  selfService: selfServiceSchema.prefault({}),
  cutoffs: cutoffOverridesSchema.nullable().default(null),
  backfill: z.boolean().default(true),
  reminderRules: reminderRulesSchema.nullable().default(null),
});
export type VisitType = z.infer<typeof visitTypeSchema> & { id: VisitTypeId };

/** Minutes of a visit and of the room it needs around it. */
export type VisitLength = Pick<VisitType, 'durationMinutes' | 'bufferBeforeMinutes' | 'bufferAfterMinutes'>;

/** The visit type with the length of this very visit: it keeps its own, also where its type has got another one since. */
export function keepingLength<Type extends VisitLength>(
  visitType: Type,
  { startsAt, endsAt }: { startsAt: Instant; endsAt: Instant },
): Type {
  return { ...visitType, durationMinutes: (endsAt - startsAt) / MINUTE };
}

/** As `timeOfDaySchema`, or the midnight that ends a day. */
export const closingTimeSchema = z.union([timeOfDaySchema, z.literal('24:00')]);
const opensBeforeItCloses = (hours: { opensAt: string; closesAt: string }) => hours.opensAt < hours.closesAt;
const opensTooLate = { path: ['closesAt'], message: 'must be later than `opensAt`' };

/** Open every week on that day; several of a day make a break between them. */
export const weeklyHoursSchema = z
  .strictObject({ weekday: z.number().int().min(1).max(7), opensAt: timeOfDaySchema, closesAt: closingTimeSchema })
  .refine(opensBeforeItCloses, opensTooLate);
export type WeeklyHours = z.infer<typeof weeklyHoursSchema>;

/** One date that differs from the week; where both apply, closed wins over extra. */
export const scheduleExceptionSchema = z
  .strictObject({
    date: z.string().refine(isDate, 'a date as YYYY-MM-DD'),
    kind: z.enum(['closed', 'extra']),
    opensAt: timeOfDaySchema.default('00:00'),
    closesAt: closingTimeSchema.default('24:00'),
  })
  .refine(opensBeforeItCloses, opensTooLate);
export type ScheduleException = z.infer<typeof scheduleExceptionSchema>;

/** When a provider works, in the clinic's wall-clock time. */
export interface Schedule {
  hours: readonly WeeklyHours[];
  exceptions: readonly ScheduleException[];
}

export interface Provider extends Schedule {
  id: ProviderId;
  name: string;
  visitTypeIds: readonly VisitTypeId[];
}
