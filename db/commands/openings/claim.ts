import { eq, sql } from 'drizzle-orm';
import type { Claim, ClaimedVisit } from '../../../domain/claim.ts';
import { Refusal } from '../../../domain/errors.ts';
import type { AppointmentId, OfferId, OpeningId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import { liveOfferStatuses } from '../../../domain/opening.ts';
import type { ClinicTransaction } from '../../client.ts';
import { offers, openings, waitingList } from '../../schema/index.ts';
import { type OpeningRow, lockOpening } from './lock.ts';

type OfferClaim = Extract<Claim, { kind: 'offer' }>;
type OfferRow = typeof offers.$inferSelect;

/**
 * Locks the opening for who was offered the time and takes it first.
 * Refuses with OPENING_CLOSED where it has ended or the offer has, with ACTION_NOT_ALLOWED where the visit that would move
 * is not the later one any more.
 */
export async function claimOffer(tx: ClinicTransaction, claim: OfferClaim, visit: ClaimedVisit): Promise<OpeningRow> {
  const opening = await lockOpening(tx, claim.openingId);
  const [offer] = await tx.select().from(offers).where(eq(offers.id, claim.offerId));
  if (!opening || !offer || !isFor(offer, opening, visit) || !isOpen(opening, offer, visit.now)) throw closed();
  if (visit.movesFrom !== null && visit.movesFrom <= visit.startsAt) {
    throw new Refusal('ACTION_NOT_ALLOWED', 'The visit is not later than the time that was offered any more.');
  }
  return opening;
}

function isFor(offer: OfferRow, opening: OpeningRow, visit: ClaimedVisit): boolean {
  return (
    offer.openingId === opening.id &&
    offer.patientId === visit.patientId &&
    // Whose later visit has ended meanwhile gets a new one.
    (visit.movesFrom === null || offer.appointmentId === visit.appointmentId) &&
    opening.visitTypeId === visit.visitTypeId &&
    opening.providerId === visit.providerId &&
    opening.startsAt === visit.startsAt
  );
}

function isOpen({ status, offerUntil }: OpeningRow, offer: OfferRow, now: Instant): boolean {
  const isLive = (liveOfferStatuses as readonly string[]).includes(offer.status);
  return status === 'offering' && now <= offerUntil && isLive;
}

/** Writes down who won, once the visit stands; the other offers are for the opening's own workflow. */
export async function settleOffer(
  tx: ClinicTransaction,
  { openingId, offerId }: OfferClaim,
  wonAppointmentId: AppointmentId,
  now: Instant,
): Promise<void> {
  const [won] = await tx
    .update(offers)
    .set({
      status: 'won',
      wonAppointmentId,
      answeredAt: sql`coalesce(${offers.answeredAt}, ${sql.param(now, offers.answeredAt)})`,
    })
    .where(eq(offers.id, offerId))
    .returning({ entryId: offers.waitingListEntryId });
  await tx
    .update(openings)
    .set({ status: 'filled', winnerOfferId: offerId, closedAt: now, revision: sql`${openings.revision} + 1` })
    .where(eq(openings.id, openingId));
  if (won) await fulfil(tx, won.entryId, now);
}

async function fulfil(tx: ClinicTransaction, entryId: OfferRow['waitingListEntryId'], now: Instant): Promise<void> {
  await tx
    .update(waitingList)
    .set({ endedAt: now, endedAs: 'fulfilled' })
    .where(sql`${eq(waitingList.id, entryId)} and ${waitingList.endedAt} is null`);
}

/** Whether this very visit is what the offer was won with: by a run that committed while another one waited. */
export async function hasWon(
  tx: ClinicTransaction,
  { offerId, openingId }: { offerId: OfferId; openingId: OpeningId },
  appointmentId: AppointmentId,
): Promise<boolean> {
  await lockOpening(tx, openingId);
  const [offer] = await tx.select({ won: offers.wonAppointmentId }).from(offers).where(eq(offers.id, offerId));
  return offer?.won === appointmentId;
}

function closed(): Refusal {
  return new Refusal('OPENING_CLOSED', 'The time is not offered any more: somebody else has it, or it is too near.');
}
