import { type SQL, and, asc, desc, eq } from 'drizzle-orm';
import type { DirectHandOver } from '../../../domain/delivery.ts';
import type { DirectContent } from '../../../domain/direct-message.ts';
import type { PatientId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { Channel } from '../../../domain/plan.ts';
import type { ClinicTransaction } from '../../client.ts';
import {
  appointments,
  clinics,
  consents,
  freeTexts,
  messageAttempts,
  messages,
  notificationSubjects,
  notifications,
  offers,
  openings,
  patients,
  proposalTimes,
  proposals,
} from '../../schema/index.ts';
import { type AskedBefore, type QuestionSubject, loadAsked } from '../questions/ask.ts';
import type { ContentOf, DirectFacts, DirectSubject, EarlierHandOver } from './facts.ts';
import {
  type Addressee,
  type Recipient,
  answerable,
  lastWrittenTo,
  loadRecipient,
  oneSenderAtATimeDirectly,
} from './recipient.ts';

/**
 * Locks the recipient, the notification and what it is about, always in this order; null where it was never planned. An
 * opening is only looked at, since a whole wave would wait for it here: it is locked when all is written.
 */
export async function loadDirectFacts(
  tx: ClinicTransaction,
  { notificationId }: DirectHandOver,
  now: Instant,
): Promise<DirectFacts | null> {
  const { content, address, usefulUntil, patientId } = notifications;
  const [planned] = await tx
    .select({ content, address, usefulUntil, patientId, clinic: clinics, ...oneSenderAtATimeDirectly })
    .from(notifications)
    .innerJoin(clinics, eq(clinics.clinicId, notifications.clinicId))
    .leftJoin(patients, eq(patients.id, patientId))
    .where(eq(notifications.id, notificationId));
  if (!planned?.content || planned.usefulUntil === null) return null;
  const earlier = await lockEarlier(tx, notificationId);
  const subject = await loadSubject(tx, notificationId, planned);
  if (!subject) return null;
  const channel = 'channel' in subject ? subject.channel : 'sms';
  const given = planned.address === null ? null : { channel, address: planned.address };
  const addressee = { patientId: planned.patientId, given };
  const from = senderFor(planned.content, addressee);
  const recipient = await loadRecipient(tx, { ...addressee, from }, now);
  return {
    source: 'direct',
    notificationId,
    clinic: planned.clinic,
    recipient: isConfirmedOptOut(planned.content) ? { ...recipient, hasOptedOut: false } : recipient,
    message: messageOf(planned.content, channel, planned.usefulUntil),
    earlier,
    subject,
    before: await loadBefore(tx, planned.content, recipient, now),
  };
}

/** Our number that was written to, where this may be an answer; null: the clinic's first. */
function senderFor(content: DirectContent, addressee: Pick<Addressee, 'patientId' | 'given'>): string | SQL | null {
  if (content.kind === 'freeText') return lastWrittenTo(addressee);
  return content.kind === 'reply' ? (content.from ?? null) : null;
}

/** That no more texts come is said in one more. */
function isConfirmedOptOut(content: DirectContent): boolean {
  return content.kind === 'reply' && content.variant === 'optedOut';
}

function messageOf(content: DirectContent, channel: Channel, usefulUntil: Instant): DirectFacts['message'] {
  const sendNow = 'sendNow' in content && content.sendNow;
  return { kind: content.kind, usefulUntil, channels: [channel], sendNow };
}

async function lockEarlier(
  tx: ClinicTransaction,
  notificationId: DirectHandOver['notificationId'],
): Promise<EarlierHandOver | null> {
  const [locked] = await tx
    .select({ status: notifications.status })
    .from(notifications)
    .where(eq(notifications.id, notificationId))
    .for('no key update');
  if (!locked || locked.status === 'planned') return null;
  const { number, outcome, startedAt } = messageAttempts;
  const rows = await tx
    .select({ messageId: messages.id, attempt: { number, outcome, startedAt } })
    .from(messages)
    .leftJoin(messageAttempts, eq(messageAttempts.messageId, messages.id))
    .where(eq(messages.notificationId, notificationId))
    .orderBy(asc(number));
  const attempts = rows.flatMap(({ attempt }) => (attempt ? [attempt] : []));
  return { notificationId, status: locked.status, isOwn: true, messageId: rows[0]?.messageId ?? null, attempts };
}

/** Null where what it is about is gone. */
async function loadSubject(
  tx: ClinicTransaction,
  notificationId: DirectHandOver['notificationId'],
  { content, patientId }: { content: DirectContent | null; patientId: PatientId | null },
): Promise<DirectSubject | null> {
  if (content === null) return null;
  if (content.kind === 'offer') return loadOffer(tx, content, patientId);
  if (content.kind === 'proposal') return loadProposal(tx, notificationId, content);
  if (content.kind === 'freeText') return loadFreeText(tx, content);
  if (content.kind === 'reply') return { content, standing: { kind: 'reply' } };
  return { content, standing: { kind: 'offerGone' } };
}

async function loadOffer(
  tx: ClinicTransaction,
  content: ContentOf<'offer'>,
  patientId: PatientId | null,
): Promise<DirectSubject | null> {
  const openingOf = tx.select({ id: offers.openingId }).from(offers).where(eq(offers.id, content.offerId));
  const [opening] = await tx
    .select({ id: openings.id, status: openings.status, offerUntil: openings.offerUntil })
    .from(openings)
    .where(eq(openings.id, openingOf));
  const [offer] = await tx.select({ status: offers.status }).from(offers).where(eq(offers.id, content.offerId));
  if (!opening || !offer || patientId === null) return null;
  const hasConsent = await agreesToOffers(tx, patientId);
  const standing = {
    kind: 'offer',
    status: offer.status,
    opening: opening.status,
    offerUntil: opening.offerUntil,
    hasConsent,
  } as const;
  return { content, standing, openingId: opening.id };
}

async function agreesToOffers(tx: ClinicTransaction, patientId: PatientId): Promise<boolean> {
  const [last] = await tx
    .select({ state: consents.state })
    .from(consents)
    .where(and(eq(consents.patientId, patientId), eq(consents.category, 'offers'), eq(consents.channel, 'sms')))
    .orderBy(desc(consents.id))
    .limit(1);
  return last?.state === 'given';
}

async function loadProposal(
  tx: ClinicTransaction,
  notificationId: DirectHandOver['notificationId'],
  content: ContentOf<'proposal'>,
): Promise<DirectSubject | null> {
  const [proposal] = await tx
    .select({ status: proposals.status, expiresAt: proposals.expiresAt })
    .from(proposals)
    .where(eq(proposals.id, content.proposalId))
    .for('no key update');
  if (!proposal) return null;
  const times = await tx
    .select({ startsAt: proposalTimes.startsAt })
    .from(proposalTimes)
    .where(eq(proposalTimes.proposalId, content.proposalId))
    .orderBy(asc(proposalTimes.position));
  const isOfVisit = await isAsPlanned(tx, notificationId);
  const standing = { kind: 'proposal', status: proposal.status, isOfVisit } as const;
  return { content, standing, expiresAt: proposal.expiresAt, startsAt: times.map((time) => time.startsAt) };
}

/** Whether the visit that it is about, if any, still has the time that it had when this was planned. */
async function isAsPlanned(tx: ClinicTransaction, notificationId: DirectHandOver['notificationId']): Promise<boolean> {
  const { status, version } = appointments;
  const visits = await tx
    .select({ status, version, planned: notificationSubjects.version })
    .from(notificationSubjects)
    .innerJoin(appointments, eq(appointments.id, notificationSubjects.appointmentId))
    .where(eq(notificationSubjects.notificationId, notificationId));
  return visits.every((visit) => visit.version === visit.planned && ['pending', 'booked'].includes(visit.status));
}

async function loadFreeText(tx: ClinicTransaction, content: ContentOf<'freeText'>): Promise<DirectSubject | null> {
  const [written] = await tx
    .select({ channel: freeTexts.channel, body: freeTexts.body })
    .from(freeTexts)
    .where(eq(freeTexts.id, content.freeTextId));
  return written ? { content, standing: { kind: 'freeText' }, ...written } : null;
}

/** What it asks; nothing of somebody who is no patient. */
export function directQuestions(content: DirectContent, patientId: PatientId | null): QuestionSubject[] {
  if (patientId === null) return [];
  if (content.kind === 'offer') return [{ kind: 'offer', patientId, offerId: content.offerId }];
  if (content.kind === 'proposal') return [{ kind: 'proposal', patientId, proposalId: content.proposalId }];
  return [];
}

async function loadBefore(
  tx: ClinicTransaction,
  content: DirectContent,
  recipient: Recipient,
  now: Instant,
): Promise<AskedBefore | null> {
  const phone = answerable(recipient);
  const subjects = directQuestions(content, recipient.id);
  return phone && subjects.length > 0 ? loadAsked(tx, phone, subjects, now) : null;
}
