import { sql } from 'drizzle-orm';
import type { ClinicId, RuleChangeId } from '../../domain/ids.ts';
import type { Database } from '../client.ts';

export interface RuleChange {
  clinicId: ClinicId;
  ruleChangeId: RuleChangeId;
}

/** Changes of all clinics of which not every open appointment has been told, oldest first. */
export async function findUntoldRuleChanges(db: Database, atMost: number): Promise<RuleChange[]> {
  const { rows } = await db.drizzle.execute<{ clinic_id: ClinicId; id: RuleChangeId }>(
    sql`select clinic_id, id from find_untold_rule_changes(${atMost}::integer)`,
  );
  return rows.map((row) => ({ clinicId: row.clinic_id, ruleChangeId: row.id }));
}
