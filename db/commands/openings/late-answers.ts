import { inArray, sql } from 'drizzle-orm';
import type { InboundMessageId, NotificationId, OfferId } from '../../../domain/ids.ts';
import type { OpeningTurn } from '../../../domain/opening.ts';
import type { ClinicTransaction, Database } from '../../client.ts';
import { offers } from '../../schema/index.ts';
import type { OpeningRow } from './lock.ts';
import { tellTaker } from './tell-taker.ts';
import { type OpeningCommand, takeTurn } from './turn.ts';

export interface LateAnswers extends OpeningCommand {
  answers: readonly { offerId: OfferId; answer: 'take' | 'decline'; inboundMessageId: InboundMessageId }[];
}

/**
 * Writes down, for staff, who answered after the end. Who wanted a time that nobody has is told that it is too late, and staff
 * may still give it to them; all others hear that it is gone. A repeat changes nothing and plans the same words.
 */
export async function recordLateAnswers(db: Database, { answers, ...command }: LateAnswers): Promise<OpeningTurn> {
  const told: NotificationId[] = [];
  const turn = await takeTurn(db, command, async (tx, opening) => {
    told.push(...(await tellLate(tx, opening, { answers, ...command })));
    return opening;
  });
  return { ...turn, toSend: [...turn.toSend, ...told] };
}

async function tellLate(
  tx: ClinicTransaction,
  opening: OpeningRow,
  { answers, now }: LateAnswers,
): Promise<NotificationId[]> {
  const ids = answers.map(({ offerId }) => offerId);
  const answered = await tx
    .update(offers)
    .set({ answeredAt: sql`coalesce(${offers.answeredAt}, ${sql.param(now, offers.answeredAt)})` })
    .where(inArray(offers.id, ids))
    .returning({ id: offers.id, patientId: offers.patientId, status: offers.status });
  if (opening.status !== 'unfilled') return [];
  const told: NotificationId[] = [];
  for (const { offerId, answer, inboundMessageId } of answers) {
    const lapsed = answered.find(({ id, status }) => id === offerId && status === 'lapsed');
    if (!lapsed || answer !== 'take') continue;
    const { patientId } = lapsed;
    told.push(await tellTaker(tx, opening, { offerId, patientId, inboundMessageId, variant: 'tooLate', now }));
  }
  return told;
}
