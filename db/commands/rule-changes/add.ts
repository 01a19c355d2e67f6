import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { type ClinicId, type PatientId, type RuleChangeId, asId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { ruleChanges } from '../../schema/index.ts';

/** Writes down, in the transaction that changes them, that the reminder rules are others now: open appointments must be told. */
export async function addRuleChange(tx: ClinicTransaction, clinicId: ClinicId, now: Instant): Promise<RuleChangeId> {
  const id = asId<RuleChangeId>(randomUUID());
  await tx.insert(ruleChanges).values({ clinicId, id, madeAt: now });
  return id;
}

/** The same for where these patients are reached: whoever gets a number or an address is reminded there of visits that exist. */
export async function addAddressChanges(
  tx: ClinicTransaction,
  clinicId: ClinicId,
  patientIds: readonly PatientId[],
  now: Instant,
): Promise<void> {
  if (patientIds.length === 0) return;
  await tx.execute(sql`
    insert into rule_changes (clinic_id, id, patient_id, made_at)
    select ${clinicId}::uuid, gen_random_uuid(), patient_id, ${new Date(now).toISOString()}::timestamptz
    from (select distinct patient_id from appointments
      where status in ('pending', 'booked') and patient_id in ${[...patientIds]}) as concerned`);
}
