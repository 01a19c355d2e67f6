import { randomUUID } from 'node:crypto';
import { type ClinicId, type RuleChangeId, asId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { ruleChanges } from '../../schema/index.ts';

/** Writes down, in the transaction that changes them, that the reminder rules are others now: open appointments must be told. */
export async function addRuleChange(tx: ClinicTransaction, clinicId: ClinicId, now: Instant): Promise<RuleChangeId> {
  const id = asId<RuleChangeId>(randomUUID());
  await tx.insert(ruleChanges).values({ clinicId, id, madeAt: now });
  return id;
}
