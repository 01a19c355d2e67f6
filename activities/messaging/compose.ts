import { randomUUID } from 'node:crypto';
import { type MessageId, asId } from '../../domain/ids.ts';
import { chooseLanguage } from '../../domain/spoken-time.ts';
import { composeDirect } from './compose-direct.ts';
import { composeStep } from './compose-step.ts';
import type { Composition, PlannedAttempt } from './composition.ts';
import { sha256 } from './secrets.ts';

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
    messageId: earlier?.messageId ?? newMessageId(facts),
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

/** Staff know the id of what they wrote before it leaves. */
function newMessageId(facts: Composition['facts']): MessageId {
  const content = facts.source === 'direct' ? facts.subject.content : null;
  return asId<MessageId>(content?.kind === 'freeText' ? content.freeTextId : randomUUID());
}
