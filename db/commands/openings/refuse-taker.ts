import { and, desc, eq, inArray } from 'drizzle-orm';
import type { NotificationId, OfferId } from '../../../domain/ids.ts';
import { type OpeningTurn, liveOfferStatuses } from '../../../domain/opening.ts';
import type { ClinicTransaction, Database } from '../../client.ts';
import { offers, questions } from '../../schema/index.ts';
import { planDirect } from '../notifications/plan-direct.ts';
import { type OpeningCommand, takeTurn } from './turn.ts';

export interface RefuseTaker extends OpeningCommand {
  offerId: OfferId;
}

/**
 * Ends the chance of somebody who wanted the time and cannot have it, though it is still to be had, and plans the word that
 * they phone. A second run plans the same word.
 */
export async function refuseTaker(db: Database, { offerId, ...command }: RefuseTaker): Promise<OpeningTurn> {
  const told: NotificationId[] = [];
  const turn = await takeTurn(db, command, async (tx, opening) => {
    const isTheirs = and(eq(offers.id, offerId), eq(offers.openingId, opening.id));
    const isLive = and(isTheirs, inArray(offers.status, [...liveOfferStatuses]));
    await tx.update(offers).set({ status: 'lapsed', answeredAt: command.now }).where(isLive);
    const [offer] = await tx.select({ patientId: offers.patientId }).from(offers).where(isTheirs);
    if (!offer) return opening;
    const { clinicId, now } = command;
    const content = { kind: 'reply', variant: 'callUs', ...(await askedFrom(tx, offerId)) } as const;
    const what = { dedupeKey: `offerRefused:${offerId}`, content };
    const whom = { patientId: offer.patientId, address: null, usefulUntil: opening.startsAt };
    told.push(await planDirect(tx, { clinicId, ...what, ...whom, now }));
    return opening;
  });
  return { ...turn, toSend: [...turn.toSend, ...told] };
}

/** The number of ours that asked, to which they have answered. */
async function askedFrom(tx: ClinicTransaction, offerId: OfferId): Promise<{ from?: string }> {
  const [asked] = await tx
    .select({ from: questions.sender })
    .from(questions)
    .where(eq(questions.offerId, offerId))
    .orderBy(desc(questions.askedAt))
    .limit(1);
  return asked ?? {};
}
