import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Claim, ClaimedVisit } from '../../../domain/claim.ts';
import { Refusal } from '../../../domain/errors.ts';
import type { AppointmentId, OfferId, OpeningId, PatientId, WaitingListEntryId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import { liveOfferStatuses } from '../../../domain/opening.ts';
import type { ClinicTransaction } from '../../client.ts';
import { notifications, offers, openings, waitingList } from '../../schema/index.ts';
import { type OpeningRow, lockOpening } from './lock.ts';

type OfferClaim = Extract<Claim, { kind: 'offer' }>;
type OfferRow = typeof offers.$inferSelect;

/**
 * Locks the opening for who was offered the time and takes it first.
 * Refuses with OPENING_CLOSED where it has ended, or the offer has, or its patient has got what they waited for elsewhere; with
 * ACTION_NOT_ALLOWED where the visit that would move is not the later one any more, or not at the time that the offer named.
 */
export async function claimOffer(tx: ClinicTransaction, claim: OfferClaim, visit: ClaimedVisit): Promise<OpeningRow> {
  const opening = await lockOpening(tx, claim.openingId);
  const [found] = await tx
    .select({ offer: offers, isFulfilled: sql<boolean>`${waitingList.endedAs} is not distinct from 'fulfilled'` })
    .from(offers)
    .innerJoin(waitingList, eq(waitingList.id, offers.waitingListEntryId))
    .where(eq(offers.id, claim.offerId));
  if (!opening || !found || found.isFulfilled) throw closed();
  if (!isFor(found.offer, opening, visit) || !isOpen(opening, found.offer, visit.now)) throw closed();
  if (visit.movesFrom !== null && visit.movesFrom <= visit.startsAt) {
    throw new Refusal('ACTION_NOT_ALLOWED', 'The visit is not later than the time that was offered any more.');
  }
  if (visit.movesFrom !== null && !(await namesStart(tx, claim.offerId, visit.movesFrom))) {
    throw new Refusal('ACTION_NOT_ALLOWED', 'The visit has another time by now than the offer said would be given up.');
  }
  return opening;
}

/** Whether what was said of the patient's own visit is still so. */
async function namesStart(tx: ClinicTransaction, offerId: OfferId, ownStartsAt: Instant): Promise<boolean> {
  const [said] = await tx
    .select({ content: notifications.content })
    .from(notifications)
    .where(eq(notifications.dedupeKey, `offer:${offerId}`));
  return said?.content?.kind !== 'offer' || said.content.ownStartsAt === ownStartsAt;
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

/**
 * Writes down who won, once the visit stands; the other offers are for the opening's own workflow. Answers the opening, and
 * those in which the winner had a chance for the same wish.
 */
export async function settleOffer(
  tx: ClinicTransaction,
  { openingId, offerId }: OfferClaim,
  wonAppointmentId: AppointmentId,
  now: Instant,
): Promise<OpeningId[]> {
  const [won] = await tx
    .update(offers)
    .set({
      status: 'won',
      wonAppointmentId,
      answeredAt: sql`coalesce(${offers.answeredAt}, ${sql.param(now, offers.answeredAt)})`,
    })
    .where(eq(offers.id, offerId))
    .returning({ entryId: offers.waitingListEntryId, patientId: offers.patientId });
  await tx
    .update(openings)
    .set({ status: 'filled', winnerOfferId: offerId, closedAt: now, revision: sql`${openings.revision} + 1` })
    .where(eq(openings.id, openingId));
  return [openingId, ...(won ? await fulfil(tx, won, now) : [])];
}

/** The other openings are not locked: who claims them for the same patient waits for the patient. */
async function fulfil(
  tx: ClinicTransaction,
  { entryId, patientId }: { entryId: WaitingListEntryId; patientId: PatientId },
  now: Instant,
): Promise<OpeningId[]> {
  await tx
    .update(waitingList)
    .set({ endedAt: now, endedAs: 'fulfilled' })
    .where(sql`${eq(waitingList.id, entryId)} and ${waitingList.endedAt} is null`);
  const isForIt = and(eq(offers.patientId, patientId), eq(offers.waitingListEntryId, entryId));
  const ended = await tx
    .update(offers)
    .set({ status: 'void' })
    .where(and(isForIt, inArray(offers.status, [...liveOfferStatuses])))
    .returning({ id: offers.openingId });
  return ended.map(({ id }) => id);
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
