import { z } from 'zod';
import { channels } from './plan.ts';
import { HOUR } from './interval.ts';
import { MOST_PROPOSED_TIMES } from './question.ts';

/** A wall-clock time of the clinic: '08:00'. */
export const timeOfDaySchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time as HH:MM');

/** How long before the visit: '7d' counts calendar days, '26h' elapsed hours. */
const leadTimeSchema = z.string().regex(/^[1-9]\d{0,2}[dh]$/, 'days or hours, as 7d or 26h');

const idSchema = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case letters, digits and hyphens')
  .max(40);

export const reminderRuleSchema = z
  .strictObject({
    id: idSchema,
    before: leadTimeSchema,
    at: timeOfDaySchema.optional(),
    channels: z.array(z.enum(channels)).min(1),
    /** Only where the moment of that other rule had already passed when the visit became booked or was moved. */
    onlyIfMissed: idSchema.optional(),
  })
  .refine((rule) => rule.at === undefined || rule.before.endsWith('d'), {
    path: ['at'],
    message: 'only with a number of days: hours are counted from the start of the visit',
  });
export type ReminderRule = z.infer<typeof reminderRuleSchema>;

export const reminderRulesSchema = z
  .array(reminderRuleSchema)
  .max(20)
  .superRefine((rules, context) => {
    const ids = rules.map((rule) => rule.id);
    rules.forEach((rule, index) => {
      if (ids.indexOf(rule.id) !== index) {
        context.addIssue({ code: 'custom', path: [index, 'id'], message: 'another rule has this id' });
      }
      const other = rule.onlyIfMissed;
      if (other !== undefined && (other === rule.id || !ids.includes(other))) {
        context.addIssue({
          code: 'custom',
          path: [index, 'onlyIfMissed'],
          message: 'names no other rule of this list',
        });
      }
    });
  });

const cutoffMinutes = z
  .number()
  .int()
  .min(0)
  .max(90 * 24 * 60);
export const cutoffOverridesSchema = z.strictObject({
  cancelMinutes: cutoffMinutes.nullish(),
  moveMinutes: cutoffMinutes.nullish(),
});
export type CutoffOverrides = z.infer<typeof cutoffOverridesSchema>;

export const selfServiceSchema = z.strictObject({
  cancel: z.enum(['allowed', 'staffOnly']).default('allowed'),
  move: z.enum(['allowed', 'staffOnly']).default('allowed'),
});
export type SelfService = z.infer<typeof selfServiceSchema>;

const quietHoursSchema = z
  .strictObject({ from: timeOfDaySchema.default('21:00'), to: timeOfDaySchema.default('08:00') })
  .refine((quiet) => quiet.from !== quiet.to, {
    path: ['to'],
    message: 'must differ from `from`; use null for no quiet hours',
  });
export type QuietHours = z.infer<typeof quietHoursSchema>;

const confirmationSchema = z.strictObject({
  /** Answer until so many calendar days before the start … */
  daysBefore: z.number().int().min(0).max(90).default(14),
  /** … but with at least this long to answer … */
  hoursToAnswer: z
    .number()
    .min(1)
    .max(60 * 24)
    .default(72),
  /** … and never closer to the start than this; */
  closesHoursBefore: z
    .number()
    .min(1)
    .max(30 * 24)
    .default(24),
  /** with less than this left, it must be booked instead. */
  minimumHoursToAnswer: z.number().min(0).max(72).default(2),
  /** Calendar days before the answer is due at which the question is repeated. */
  nudgeDaysBefore: z.array(z.number().int().min(1).max(60)).max(5).default([7, 2]),
});

/** Against a program gone wild: what is over them is held back, and staff are told. */
const capsSchema = z.strictObject({
  messagesPerRecipientAndHour: z.number().int().min(1).max(10_000).default(10),
  messagesPerMinute: z.number().int().min(1).max(60_000).default(600),
});
export type Caps = z.infer<typeof capsSchema>;

const openingsSchema = z.strictObject({
  /** A freed time nearer than this is not offered, and no offer is taken after it. */
  noticeHours: z
    .number()
    .min(0)
    .max(14 * 24)
    .default(2),
  /** One further ahead is left to whoever books; an expired reservation is offered at any distance. */
  daysAhead: z.number().int().min(1).max(180).default(14),
  waveSize: z.number().int().min(1).max(1_000).default(5),
  waveMinutes: z.number().min(1).max(1_440).default(10),
  offersPerWeek: z.number().int().min(1).max(50).default(3),
  /** How often the time that a winner gives up is offered in its turn. */
  cascadeDepth: z.number().int().min(0).max(10).default(3),
  /** Patients may book a time online while it is offered. */
  isBookableOnline: z.boolean().default(false),
});
export type OpeningRules = z.infer<typeof openingsSchema>;

const proposalsSchema = z.strictObject({
  /** How long the times are kept, from the sending on. */
  holdHours: z.number().min(0.25).max(72).default(4),
  /** How many other times a patient is proposed who could not come and said so by text; 0 = none. */
  afterCannotCome: z.number().int().min(0).max(MOST_PROPOSED_TIMES).default(0),
});

const defaultReminderRules: ReminderRule[] = [
  { id: 'mail-7d', before: '7d', at: '09:00', channels: ['email'] },
  { id: 'sms-2d', before: '2d', at: '13:00', channels: ['sms'] },
  { id: 'sms-26h', before: '26h', channels: ['sms'], onlyIfMissed: 'sms-2d' },
];

export const clinicPolicySchema = z.strictObject({
  cutoffs: z
    .strictObject({ cancelMinutes: cutoffMinutes.default(24 * 60), moveMinutes: cutoffMinutes.default(24 * 60) })
    .prefault({}),
  holdMinutes: z.number().int().min(2).max(30).default(10),
  maxHoldsPerHolder: z.number().int().min(1).max(20).default(3),
  confirmation: confirmationSchema.prefault({}),
  /** Null: messages go at any hour. */
  quietHours: quietHoursSchema.nullable().prefault({}),
  reminderRules: reminderRulesSchema.default(defaultReminderRules),
  closeAfterDays: z.number().int().min(1).max(60).default(7),
  caps: capsSchema.prefault({}),
  openings: openingsSchema.prefault({}),
  proposals: proposalsSchema.prefault({}),
});
/** A clinic's rules, every one filled in; for one visit type once its overrides are laid over them. */
export type ClinicPolicy = z.infer<typeof clinicPolicySchema> & { selfService: SelfService };

/** What a visit type may have differently; null and left out mean "as the clinic". */
export interface PolicyOverrides {
  selfService?: SelfService | null;
  cutoffs?: CutoffOverrides | null;
  reminderRules?: readonly ReminderRule[] | null;
}

/** The rules that hold: the defaults, under what the clinic has stored, under what the visit type has differently. */
export function resolvePolicy(stored: unknown, overrides: PolicyOverrides = {}): ClinicPolicy {
  const clinic = clinicPolicySchema.parse(stored ?? {});
  return {
    ...clinic,
    // Each visit type says so for itself; a clinic has no such rule.
    selfService: overrides.selfService ?? selfServiceSchema.parse({}),
    cutoffs: {
      cancelMinutes: overrides.cutoffs?.cancelMinutes ?? clinic.cutoffs.cancelMinutes,
      moveMinutes: overrides.cutoffs?.moveMinutes ?? clinic.cutoffs.moveMinutes,
    },
    reminderRules: overrides.reminderRules ? [...overrides.reminderRules] : clinic.reminderRules,
  };
}

/** The rule's distance to the start, in the unit in which it counts. */
export function leadTime(rule: Pick<ReminderRule, 'before'>): { days: number } | { elapsed: number } {
  const count = Number(rule.before.slice(0, -1));
  return rule.before.endsWith('d') ? { days: count } : { elapsed: count * HOUR };
}
