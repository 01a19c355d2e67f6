import type { Appointment } from './appointment.ts';
import { calendarDaysBefore, formatForOperators, localDate } from './clinic-time.ts';
import { expiresAt, nudgesFor } from './confirmation.ts';
import type { Instant } from './interval.ts';
import { isMessage } from './plan.ts';
import type { Channel, MessageKind, Plan, PlannedMessage, PlannedStep } from './plan.ts';
import { leadTime } from './policy.ts';
import type { ClinicPolicy, ReminderRule } from './policy.ts';
import { sendingTime } from './quiet-hours.ts';
import type { SendingRules } from './quiet-hours.ts';

/** What has just happened to the appointment; `released` is the end of a hold, `rulesChanged` leaves the visit as it was. */
export type Change =
  | 'booked'
  | 'held'
  | 'preReserved'
  | 'confirmed'
  | 'extended'
  | 'moved'
  | 'cancelled'
  | 'expired'
  | 'released'
  | 'noShow'
  | 'completed'
  | 'rulesChanged';

export interface PlanInput {
  /** As it is after the change. */
  appointment: Pick<Appointment, 'status' | 'startsAt' | 'endsAt' | 'confirmBy' | 'version'>;
  changed: Change;
  now: Instant;
  zone: string;
  /** The clinic's, with the visit type's overrides laid over it. */
  policy: Pick<ClinicPolicy, 'confirmation' | 'quietHours' | 'reminderRules' | 'closeAfterDays'>;
  hasMobile: boolean;
  hasEmail: boolean;
  /** False: the patient is told nothing about this change; reminders are planned all the same. */
  notify?: boolean;
  /** False: no reminders, as for a copy. */
  remind?: boolean;
  /** The start that the patient was told before a move; at an end, where that is not the visit's own. */
  previousStartsAt?: Instant;
  /** The time was offered to several and this patient was first: that is what they are told. */
  isWon?: boolean;
  /** When the visit became booked, was moved, or was asked about; needed where that is not `now`. */
  settledAt?: Instant;
  /** Where the visit itself stays as it was: the plan so far, of which unsent messages are kept. */
  previous?: Plan;
}

type Unlabelled<S> = S extends PlannedStep ? Omit<S, 'local'> : never;
type Step = Unlabelled<PlannedStep>;
type Message = Unlabelled<PlannedMessage>;

const announcements: Partial<Record<Change, MessageKind>> = {
  booked: 'booked',
  preReserved: 'ask',
  confirmed: 'confirmed',
  moved: 'moved',
  cancelled: 'cancelled',
  expired: 'expired',
};

const anyChannel: readonly Channel[] = ['sms', 'email'];

/** Everything still to come in the appointment's life after a change, earliest first. */
export function planAppointment(input: PlanInput): Plan {
  const told = announcement(input);
  const steps = [...told, ...unsent(input), ...untilAnswered(input, told[0]?.at), ...untilClosed(input)];
  const byKey = new Map(steps.map((step) => [step.key, step]));
  return [...byKey.values()]
    .sort((a, b) => a.at - b.at)
    .map((step) => ({ ...step, local: formatForOperators(step.at, input.zone) }));
}

function announcement(input: PlanInput): Message[] {
  const { appointment, changed, now, notify = true, previousStartsAt, isWon = false } = input;
  const changeKind = isWon ? 'offerWon' : announcements[changed];
  if (!changeKind || !notify) return [];
  // A reservation that staff moved is asked about anew: the question names the new time.
  const kind = changeKind === 'moved' && appointment.status === 'pending' ? 'ask' : changeKind;
  const usefulUntil = (kind === 'ask' ? appointment.confirmBy : null) ?? appointment.startsAt;
  if (usefulUntil <= now) return [];
  const wished = { kind, key: `${kind}:v${appointment.version}`, at: now, usefulUntil, channels: anyChannel };
  return [message(input, { ...wished, ...(previousStartsAt === undefined ? {} : { previousStartsAt }) })];
}

/** What waits for the end of the quiet hours or for the carrier, or was due while nothing ran, is not lost because a rule changed. */
function unsent({ appointment, changed, now, previous = [] }: PlanInput): Message[] {
  if (changed !== 'extended' && changed !== 'rulesChanged') return [];
  return previous.filter(isMessage).flatMap((waiting) => {
    if (!isOfVersion(waiting, appointment.version)) return [];
    const isRepeated = waiting.kind === 'nudge' || waiting.kind === 'reminder';
    if (isRepeated) return changed === 'rulesChanged' && dueAt(waiting) <= now ? [waiting] : [];
    return [
      waiting.kind === 'ask' ? { ...waiting, usefulUntil: appointment.confirmBy ?? waiting.usefulUntil } : waiting,
    ];
  });
}

function untilAnswered(input: PlanInput, askAt: Instant | undefined): Step[] {
  const { appointment, now, zone, policy, settledAt = now } = input;
  const { status, confirmBy, version } = appointment;
  if ((status !== 'pending' && status !== 'held') || confirmBy === null) return [];
  const expire: Step = { kind: 'expire', key: `expire:v${version}`, at: expiresAt(confirmBy) };
  if (status === 'held') return [expire];
  // The deadline is part of the key: once it has been extended the patient is reminded of the new one.
  const due = localDate(confirmBy, zone);
  const nudges = nudgesFor(askAt ?? settledAt, confirmBy, zone, policy).map(({ daysBefore, at }) =>
    message(input, {
      kind: 'nudge',
      key: `nudge-${daysBefore}d:v${version}:${due}`,
      at,
      usefulUntil: confirmBy,
      channels: anyChannel,
    }),
  );
  return [...toCome(input, nudges), expire];
}

function untilClosed(input: PlanInput): Step[] {
  const { appointment, zone, policy } = input;
  if (appointment.status !== 'booked') return [];
  const closeAt = calendarDaysBefore(appointment.endsAt, -policy.closeAfterDays, zone);
  return [...reminders(input), { kind: 'close', key: `close:v${appointment.version}`, at: closeAt }];
}

function reminders(input: PlanInput): Message[] {
  const { appointment, now, policy, remind = true, settledAt = now } = input;
  if (!remind) return [];
  const missed = new Set(
    policy.reminderRules.filter((rule) => momentOf(rule, input) <= settledAt).map((rule) => rule.id),
  );
  const planned = policy.reminderRules
    .filter((rule) => rule.channels.some((channel) => isReachable(channel, input)))
    .filter((rule) => !missed.has(rule.id) && (rule.onlyIfMissed === undefined || missed.has(rule.onlyIfMissed)))
    .map((rule) =>
      message(input, {
        kind: 'reminder',
        key: `reminder:${rule.id}:v${appointment.version}`,
        at: momentOf(rule, input),
        usefulUntil: appointment.startsAt,
        channels: rule.channels,
      }),
    );
  return toCome(input, planned);
}

/** What is still to come. What was, until a rule moved it into the past, is said at once: nobody else would say it. */
function toCome(input: PlanInput, planned: Message[]): Message[] {
  const { changed, now, previous = [] } = input;
  const waiting = changed === 'rulesChanged' ? previous.filter(isMessage).filter((step) => dueAt(step) > now) : [];
  return planned.flatMap((step) => {
    if (step.at >= now) return [step];
    return waiting.some(({ key }) => key === step.key) ? [message(input, { ...step, at: now })] : [];
  });
}

function dueAt(step: PlannedMessage): Instant {
  return step.dueAt ?? step.at;
}

function momentOf(rule: ReminderRule, { appointment, zone }: PlanInput): Instant {
  const lead = leadTime(rule);
  if ('elapsed' in lead) return appointment.startsAt - lead.elapsed;
  return calendarDaysBefore(appointment.startsAt, lead.days, zone, rule.at);
}

function message(input: PlanInput, wished: Message): Message {
  const { appointment, now, zone, policy, previousStartsAt } = input;
  const starts = previousStartsAt === undefined ? [appointment.startsAt] : [appointment.startsAt, previousStartsAt];
  const rules: SendingRules = { zone, quietHours: policy.quietHours, starts };
  return { ...wished, at: sendingTime(wished, wished.at, now, rules) };
}

function isReachable(channel: Channel, { hasMobile, hasEmail }: PlanInput): boolean {
  return channel === 'sms' ? hasMobile : hasEmail;
}

function isOfVersion({ key }: PlannedMessage, version: number): boolean {
  return key.split(':').includes(`v${version}`);
}
