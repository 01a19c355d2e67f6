import { and, eq, isNull } from 'drizzle-orm';
import type { ClinicId, RuleChangeId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import { type Database, inClinic } from '../../client.ts';
import { ruleChanges } from '../../schema/index.ts';

/** Writes down that every open appointment has been told; a second time changes nothing. */
export async function markRuleChangeTold(
  db: Database,
  { clinicId, ruleChangeId, now }: { clinicId: ClinicId; ruleChangeId: RuleChangeId; now: Instant },
): Promise<void> {
  await inClinic(db, clinicId, async (tx) => {
    await tx
      .update(ruleChanges)
      .set({ toldAt: now })
      .where(and(eq(ruleChanges.id, ruleChangeId), isNull(ruleChanges.toldAt)));
  });
}
