import { and, eq, inArray } from 'drizzle-orm';
import type { NotificationId } from '../../../domain/ids.ts';
import { type OpeningTurn, liveOfferStatuses } from '../../../domain/opening.ts';
import type { Database } from '../../client.ts';
import { offers } from '../../schema/index.ts';
import { type UnluckyTaker, tellTaker } from './tell-taker.ts';
import { type OpeningCommand, takeTurn } from './turn.ts';

export interface RefuseTaker extends OpeningCommand, Pick<UnluckyTaker, 'offerId' | 'inboundMessageId' | 'code'> {}

/**
 * Ends the chance of somebody who wanted the time and cannot have it, though it is still to be had, and plans the word that
 * they phone, and a task. A second run plans the same.
 */
export async function refuseTaker(
  db: Database,
  { offerId, inboundMessageId, code, ...command }: RefuseTaker,
): Promise<OpeningTurn> {
  const told: NotificationId[] = [];
  const turn = await takeTurn(db, command, async (tx, opening) => {
    const isTheirs = and(eq(offers.id, offerId), eq(offers.openingId, opening.id));
    const isLive = and(isTheirs, inArray(offers.status, [...liveOfferStatuses]));
    await tx.update(offers).set({ status: 'lapsed', answeredAt: command.now }).where(isLive);
    const [offer] = await tx.select({ patientId: offers.patientId }).from(offers).where(isTheirs);
    if (!offer) return opening;
    const taker = { offerId, inboundMessageId, code, ...offer };
    told.push(await tellTaker(tx, opening, { ...taker, variant: 'callUs', now: command.now }));
    return opening;
  });
  return { ...turn, toSend: [...turn.toSend, ...told] };
}
