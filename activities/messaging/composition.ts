import type { HandOverFacts } from '../../db/commands/notifications/facts.ts';
import type { NewAttempt } from '../../db/commands/notifications/hand-over.ts';
import type { NotificationId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import type { Channel } from '../../domain/plan.ts';
import type { Contents } from './transports/transport.ts';

/** A try that has been written down, with the content that is not. */
export interface PlannedAttempt<C extends Channel = Channel> extends NewAttempt {
  channel: C;
  content: Contents[C];
  /** The provider need not go on trying after it. */
  usefulUntil: Instant;
}

/** What is kept of a message, and what is sent. */
export type Form<C extends Channel = Channel> = Pick<NewAttempt, 'subject' | 'body' | 'segments'> & {
  content: Contents[C];
};

/** The form, with what goes along. */
export type Composed = Form & Pick<NewAttempt, 'visits' | 'tokens' | 'questions'>;

export interface Composition<F extends HandOverFacts = HandOverFacts> {
  facts: F;
  notificationId: NotificationId;
  channel: Channel;
  /** The transport's name. */
  transport: string;
  /** Whether the patient is told of changes by e-mail too. */
  isKeptByEmail: boolean;
  now: Instant;
  publicUrl: string;
}
