import type { VisitTypeId } from '../../../domain/ids.ts';
import type { ClinicTransaction } from '../../client.ts';
import { type VisitRules, loadVisitRules } from '../../queries/catalogue.ts';

/** The rules of an existing appointment's visit type, which a foreign key keeps from being removed. */
export async function rulesOf(
  tx: ClinicTransaction,
  { visitTypeId }: { visitTypeId: VisitTypeId },
): Promise<VisitRules> {
  const rules = await loadVisitRules(tx, visitTypeId);
  if (!rules) throw new Error(`visit type ${visitTypeId} is gone`);
  return rules;
}
