import { and, eq, inArray, isNotNull, notExists, sql } from 'drizzle-orm';
import type { OfferId, OpeningId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import { liveOfferStatuses } from '../../../domain/opening.ts';
import type { ClinicTransaction } from '../../client.ts';
import { offers, openings, questions } from '../../schema/index.ts';

/**
 * The patient is being asked, in the transaction that commits the try and as the last that it does: the others of the wave
 * wait for the opening no longer than that, nor does who takes the time. Answers false where it has ended, or the offer has.
 */
export async function markAsked(tx: ClinicTransaction, offerId: OfferId, now: Instant): Promise<boolean> {
  const opening = await lockOpeningOf(tx, offerId);
  if (opening?.status !== 'offering') return false;
  const isLive = and(eq(offers.id, offerId), inArray(offers.status, [...liveOfferStatuses]));
  const asked = await tx
    .update(offers)
    .set({ status: 'asked', askedAt: now })
    .where(isLive)
    .returning({ id: offers.id });
  return asked.length > 0;
}

/**
 * The try that asked the patient has certainly not left: they are yet to be asked, no word of theirs is an answer, and the end
 * is no news to them.
 */
export async function markUnasked(tx: ClinicTransaction, offerId: OfferId): Promise<void> {
  await lockOpeningOf(tx, offerId);
  const isAsked = and(eq(offers.id, offerId), eq(offers.status, 'asked'));
  await tx.update(offers).set({ status: 'planned', askedAt: null }).where(isAsked);
  await tx.update(questions).set({ knownSince: null }).where(eq(questions.offerId, offerId));
}

/**
 * The patient cannot be asked, or the text did not arrive: somebody else is to be asked instead. Answers the opening whose
 * workflow is to be told, or null where the offer was over already, or has been answered whatever the carrier says. The
 * opening is locked first, as by all who change it.
 */
export async function markUndeliverable(tx: ClinicTransaction, offerId: OfferId): Promise<OpeningId | null> {
  const opening = await lockOpeningOf(tx, offerId);
  if (!opening) return null;
  const answered = and(eq(questions.offerId, offerId), isNotNull(questions.answeredAt));
  const isUnheard = notExists(tx.select({ id: questions.id }).from(questions).where(answered));
  const isLive = and(eq(offers.id, offerId), inArray(offers.status, [...liveOfferStatuses]), isUnheard);
  const marked = await tx.update(offers).set({ status: 'undeliverable' }).where(isLive).returning({ id: offers.id });
  if (marked.length === 0) return null;
  await tx
    .update(openings)
    .set({ revision: sql`${openings.revision} + 1` })
    .where(eq(openings.id, opening.id));
  return opening.id;
}

/**
 * The text of an offer has arrived after all: the offer stands again, unless the opening has ended. Whoever was asked in its
 * place is asked as well.
 */
export async function markArrived(tx: ClinicTransaction, offerId: OfferId): Promise<void> {
  const opening = await lockOpeningOf(tx, offerId);
  if (opening?.status !== 'offering') return;
  const isUnheard = and(eq(offers.id, offerId), eq(offers.status, 'undeliverable'), isNotNull(offers.askedAt));
  await tx.update(offers).set({ status: 'asked' }).where(isUnheard);
}

async function lockOpeningOf(tx: ClinicTransaction, offerId: OfferId) {
  const openingOf = tx.select({ id: offers.openingId }).from(offers).where(eq(offers.id, offerId));
  const [opening] = await tx
    .select({ id: openings.id, status: openings.status })
    .from(openings)
    .where(eq(openings.id, openingOf))
    .for('no key update');
  return opening;
}
