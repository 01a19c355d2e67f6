import { eq, inArray, sql } from 'drizzle-orm';
import type { ClinicId, InboundMessageId, NotificationId, OfferId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import { type Database, inClinic } from '../../client.ts';
import { offers, openings } from '../../schema/index.ts';
import { addTask } from '../tasks/add.ts';
import { tellTaker } from './tell-taker.ts';

export interface LateAnswers {
  clinicId: ClinicId;
  answers: readonly { offerId: OfferId; answer: 'take' | 'decline'; inboundMessageId: InboundMessageId }[];
  now: Instant;
}

/**
 * Writes down, for staff, who answered after the end. Who wanted a time that nobody has is told that it is too late, and staff
 * may still give it to them; all others hear that it is gone. Answers the words to send. A repeat changes nothing.
 */
export async function recordLateAnswers(db: Database, late: LateAnswers): Promise<NotificationId[]> {
  const { clinicId, answers, now } = late;
  return inClinic(db, clinicId, async (tx) => {
    const ids = answers.map(({ offerId }) => offerId);
    const answered = await tx
      .update(offers)
      .set({ answeredAt: sql`coalesce(${offers.answeredAt}, ${sql.param(now, offers.answeredAt)})` })
      .where(inArray(offers.id, ids))
      .returning({ id: offers.id, openingId: offers.openingId, patientId: offers.patientId, status: offers.status });
    const told: NotificationId[] = [];
    for (const { offerId, answer, inboundMessageId } of answers) {
      const lapsed = answered.find(({ id, status }) => id === offerId && status === 'lapsed');
      if (!lapsed || answer !== 'take') continue;
      const { openingId, patientId } = lapsed;
      const [opening] = await tx.select().from(openings).where(eq(openings.id, openingId));
      if (opening?.status !== 'unfilled') continue;
      const task = { kind: 'lateAnswer', dedupeKey: `inbound:${inboundMessageId}:${offerId}` } as const;
      const about = { appointmentId: null, patientId, detail: { inboundMessageId, answer } };
      await addTask(tx, clinicId, { ...task, ...about }, now);
      told.push(await tellTaker(tx, opening, { offerId, patientId, variant: 'tooLate', now }));
    }
    return told;
  });
}
