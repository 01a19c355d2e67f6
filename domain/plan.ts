import type { Appointment } from './appointment.ts';
import type { OpeningId } from './ids.ts';
import type { Instant } from './interval.ts';

export const messageKinds = [
  'booked',
  'confirmed',
  'moved',
  'cancelled',
  'expired',
  'ask',
  'nudge',
  'reminder',
  'offerWon',
] as const;
/** What a notification about an appointment says; each kind has a template per language and channel. */
export type MessageKind = (typeof messageKinds)[number];

export const channels = ['sms', 'email'] as const;
export type Channel = (typeof channels)[number];

/** A message to be sent: decided now, checked again when it is handed over. */
export interface PlannedMessage {
  at: Instant;
  /** Unique within the appointment's life, version included: sending it twice is recognised by this key. */
  key: string;
  kind: MessageKind;
  /** After this instant the message helps nobody: it is marked missed and staff see it. */
  usefulUntil: Instant;
  /** The channels that may carry it, in order; the first usable one does. */
  channels: readonly Channel[];
  /** When it was due, where it could not be handed over then and has been put off. */
  dueAt?: Instant;
  /** The start that the patient knew before: what it is about may be soon although the new start is not. */
  previousStartsAt?: Instant;
  /** `at` for people who read the Temporal UI, by the clinic's wall clock: "Thu 31 Dec 2026 13:00". Put off, it says "UTC". */
  local: string;
}

/** A change that time itself makes: the reservation expires, the visit is over. */
export interface PlannedChange {
  at: Instant;
  key: string;
  kind: 'expire' | 'close';
  local: string;
}

export type PlannedStep = PlannedMessage | PlannedChange;

export function isMessage(step: PlannedStep): step is PlannedMessage {
  return step.kind !== 'expire' && step.kind !== 'close';
}

/** An instant for people where the clinic's time zone is not at hand: "2026-12-31 11:00 UTC". */
export function inUtc(at: Instant): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Everything still to come in an appointment's life, earliest first. One list, one loop, one timer. */
export type Plan = readonly PlannedStep[];

/** What every change of an appointment answers: the appointment as it now is, and all that is still to come. */
export interface Changed {
  appointment: Appointment;
  plan: Plan;
  /** Openings that the change made or ended; their workflows are to be told. */
  openingIds?: readonly OpeningId[];
}
