import { and, inArray, isNull } from 'drizzle-orm';
import type { ClinicId, OfferId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import { type Database, inClinic } from '../../client.ts';
import { offers } from '../../schema/index.ts';

export interface LateAnswers {
  clinicId: ClinicId;
  offerIds: readonly OfferId[];
  now: Instant;
}

/** Writes down, for staff, who answered after somebody else had the time. A repeat changes nothing. */
export async function recordLateAnswers(db: Database, { clinicId, offerIds, now }: LateAnswers): Promise<void> {
  await inClinic(db, clinicId, async (tx) => {
    const isUnanswered = and(inArray(offers.id, [...offerIds]), isNull(offers.answeredAt));
    await tx.update(offers).set({ answeredAt: now }).where(isUnanswered);
  });
}
