import { randomUUID } from 'node:crypto';
import type { HandOverFacts } from '../../db/commands/notifications/facts.ts';
import type { NewAttempt } from '../../db/commands/notifications/hand-over.ts';
import { type MessageId, type NotificationId, asId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import type { Channel } from '../../domain/plan.ts';
import { chooseLanguage } from '../../domain/spoken-time.ts';
import { composeDirect } from './compose-direct.ts';
import { composeStep } from './compose-step.ts';
import { sha256 } from './secrets.ts';
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

/** Writes what is to be said in the patient's language and the channel's form, with what it asks and with fresh links. */
export function compose(composition: Composition): PlannedAttempt {
  const { facts, notificationId, channel, transport } = composition;
  const { clinic, recipient, earlier, message } = facts;
  const language = chooseLanguage([recipient.language, ...clinic.languages]);
  const sender = recipient.senders[channel] ?? '';
  const { content, ...kept } =
    facts.source === 'plan'
      ? composeStep({ ...composition, facts }, language)
      : composeDirect({ ...composition, facts }, language);
  return {
    notificationId,
    messageId: earlier?.messageId ?? asId<MessageId>(randomUUID()),
    number: (earlier?.attempts.at(-1)?.number ?? 0) + 1,
    channel,
    transport,
    sender,
    recipient: recipient.addresses[channel] ?? '',
    language,
    usefulUntil: message.usefulUntil,
    ...kept,
    bodyDigest: sha256(content.text),
    content,
  };
}
