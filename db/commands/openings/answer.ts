import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { OfferId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import { type OpeningTurn, liveOfferStatuses } from '../../../domain/opening.ts';
import type { ClinicTransaction, Database } from '../../client.ts';
import { offers } from '../../schema/index.ts';
import { type OpeningCommand, takeTurn } from './turn.ts';

export interface AnswerCommand extends OpeningCommand {
  offerId: OfferId;
  answer: 'take' | 'decline';
}

/** Writes down what a patient answered; who declines is neither asked nor told any more. A repeat changes nothing. */
export function recordAnswer(db: Database, { offerId, answer, ...command }: AnswerCommand): Promise<OpeningTurn> {
  return takeTurn(db, command, async (tx, opening) => {
    await markAnswered(tx, offerId, command.now);
    if (answer === 'decline') {
      const isLive = and(
        eq(offers.id, offerId),
        eq(offers.openingId, opening.id),
        inArray(offers.status, [...liveOfferStatuses]),
      );
      await tx.update(offers).set({ status: 'declined' }).where(isLive);
    }
    return opening;
  });
}

/** Writes down when the first answer to an offer came. */
async function markAnswered(tx: ClinicTransaction, offerId: OfferId, answeredAt: Instant): Promise<void> {
  await tx
    .update(offers)
    .set({ answeredAt })
    .where(and(eq(offers.id, offerId), isNull(offers.answeredAt)));
}
