import type { Appointment } from '../../../domain/appointment.ts';
import type { DirectStanding, HandOver } from '../../../domain/delivery.ts';
import type { DirectContent } from '../../../domain/direct-message.ts';
import type { MessageId, NotificationId, OpeningId, PatientId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { AttemptOutcome, NotificationKind, NotificationStatus } from '../../../domain/message.ts';
import type { Channel } from '../../../domain/plan.ts';
import type { clinics } from '../../schema/index.ts';
import type { AskedBefore } from '../questions/ask.ts';
import type { Recipient } from './recipient.ts';

export type { Recipient } from './recipient.ts';

export type Visit = Pick<
  Appointment,
  'id' | 'status' | 'startsAt' | 'endsAt' | 'confirmBy' | 'version' | 'revision' | 'patientId'
>;
export type Clinic = typeof clinics.$inferSelect;

/** What was done about this message before. */
export interface EarlierHandOver {
  notificationId: NotificationId;
  status: NotificationStatus;
  /** False where another visit of the same day named this one along with itself. */
  isOwn: boolean;
  messageId: MessageId | null;
  attempts: { number: number; outcome: AttemptOutcome | null; startedAt: Instant }[];
}

/** What is to be said, whoever planned it. */
export interface DueMessage {
  kind: NotificationKind;
  usefulUntil: Instant;
  channels: readonly Channel[];
  sendNow?: boolean;
}

interface Facts {
  clinic: Clinic;
  recipient: Recipient;
  message: DueMessage;
  earlier: EarlierHandOver | null;
  /** What the recipient's phone was asked before; null where nothing is asked, or from a sender that cannot be answered. */
  before: AskedBefore | null;
}

/** Of a step of a visit's plan: the visits are locked. */
export interface StepFacts extends Facts {
  source: 'plan';
  handOver: HandOver;
  recipient: Recipient & { id: PatientId };
  /** The step's own visit first; then those that the same message names. */
  visits: Visit[];
}

export type ContentOf<K extends DirectContent['kind']> = Extract<DirectContent, { kind: K }>;

/** What a direct message is about, as it now stands. */
export type DirectSubject =
  | { content: ContentOf<'offer'>; standing: Extract<DirectStanding, { kind: 'offer' }>; openingId: OpeningId }
  | {
      content: ContentOf<'proposal'>;
      standing: Extract<DirectStanding, { kind: 'proposal' }>;
      expiresAt: Instant;
      startsAt: readonly Instant[];
    }
  | { content: ContentOf<'freeText'>; standing: { kind: 'freeText' }; channel: Channel; body: string }
  | { content: ContentOf<'offerGone'>; standing: { kind: 'offerGone' } }
  | { content: ContentOf<'reply'>; standing: { kind: 'reply' } };

/** Of what was planned by itself: the notification is locked, and what it is about. */
export interface DirectFacts extends Facts {
  source: 'direct';
  notificationId: NotificationId;
  subject: DirectSubject;
}

/** All that decides about a hand-over, true until the transaction ends. */
export type HandOverFacts = StepFacts | DirectFacts;
