import { randomUUID } from 'node:crypto';
import type { Clinic, HandOverFacts, Visit } from '../../db/commands/notifications/facts.ts';
import type { NewAttempt } from '../../db/commands/notifications/hand-over.ts';
import type { HandOver } from '../../domain/delivery.ts';
import { type MessageId, type NotificationId, asId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import type { Channel, MessageKind } from '../../domain/plan.ts';
import { type Language, chooseLanguage } from '../../domain/spoken-time.ts';
import { calendarFile } from './calendar.ts';
import { renderEmail } from './render-email.ts';
import { renderSms } from './render-sms.ts';
import type { Saying } from './saying.ts';
import { newPageToken, sha256 } from './secrets.ts';
import type { Contents } from './transports/transport.ts';

/** A try that has been written down, with the content that is not. */
export interface PlannedAttempt<C extends Channel = Channel> extends NewAttempt {
  channel: C;
  content: Contents[C];
}

export interface Composition {
  handOver: HandOver;
  facts: HandOverFacts;
  notificationId: NotificationId;
  channel: Channel;
  /** The transport's name. */
  transport: string;
  /** Whether the patient is told of changes by e-mail too. */
  isKeptByEmail: boolean;
  now: Instant;
  publicUrl: string;
}

/** Writes what is to be said in the patient's language and the channel's form, with a fresh link for each visit. */
export function compose(composition: Composition): PlannedAttempt {
  const { facts, notificationId, channel, transport, publicUrl } = composition;
  const { clinic, recipient, earlier } = facts;
  const visits = facts.visits.toSorted((a, b) => a.startsAt - b.startsAt);
  const language = chooseLanguage([recipient.language, ...clinic.languages]);
  const pages = visits.map((visit) => ({ ...newPageToken(), appointmentId: visit.id }));
  const links = pages.map(({ token }) => `${publicUrl}/a/${token}`);
  const sender = recipient.senders[channel] ?? '';
  const { content, ...kept } = forms[channel]({ composition, visits, language, sender, links });
  return {
    notificationId,
    messageId: earlier?.messageId ?? asId<MessageId>(randomUUID()),
    number: (earlier?.attempts.at(-1)?.number ?? 0) + 1,
    visits,
    channel,
    transport,
    sender,
    recipient: recipient.addresses[channel] ?? '',
    language,
    ...kept,
    bodyDigest: sha256(content.text),
    content,
    tokens: pages.map(({ digest, appointmentId }) => ({ digest, appointmentId })),
  };
}

interface Draft {
  composition: Composition;
  visits: readonly Visit[];
  language: Language;
  sender: string;
  links: readonly string[];
}

/** What is kept of a message, and what is sent. */
type Form<C extends Channel> = Pick<NewAttempt, 'subject' | 'body' | 'segments'> & { content: Contents[C] };

const forms: { [C in Channel]: (draft: Draft) => Form<C> } = {
  sms: (draft) => {
    const { body, segments, text } = renderSms(sayingOf(draft), draft.links);
    return { subject: null, body, segments, content: { text } };
  },
  email: (draft) => {
    const { subject, body, text, html } = renderEmail(sayingOf(draft), draft.links);
    const fromName = draft.composition.facts.clinic.name;
    return { subject, body, segments: 0, content: { fromName, subject, text, html, calendar: attachedTo(draft) } };
  },
};

function sayingOf({ composition: { handOver, facts, now }, visits, language }: Draft): Saying {
  const { step } = handOver;
  return {
    kind: step.kind,
    language,
    clinic: facts.clinic,
    startsAt: visits.map((visit) => visit.startsAt),
    previousStartsAt: step.previousStartsAt ?? null,
    confirmBy: visits[0]?.confirmBy ?? null,
    now,
  };
}

/** A question that is asked again is about an entry that came with the first. */
const withoutFile: readonly MessageKind[] = ['nudge'];

/** None for a patient who hears of changes by text message alone: nobody would take the entry back. */
function attachedTo({ composition, visits, language, sender }: Draft): string | null {
  const { handOver, facts, isKeptByEmail, now, publicUrl } = composition;
  if (!isKeptByEmail || withoutFile.includes(handOver.step.kind)) return null;
  const domain = new URL(publicUrl).hostname;
  const clinic: Pick<Clinic, 'name' | 'address'> = facts.clinic;
  return calendarFile({ visits, clinic, sender, domain, language, now });
}
