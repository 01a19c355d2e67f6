import { sql } from 'drizzle-orm';
import { Refusal } from '../../../domain/errors.ts';
import type { ClinicId } from '../../../domain/ids.ts';
import type { ClinicTransaction } from '../../client.ts';

export function externalIdTaken(): Refusal {
  return new Refusal('VALIDATION_FAILED', 'The external id belongs to another patient.', [
    { pointer: '/externalId', detail: 'is the external id of another patient' },
  ]);
}

/**
 * Whoever gives an external id first looks who has it. They take turns in a clinic, batches of an import among them:
 * so two imports at once do not both find a patient missing, and patients that swap their ids do not deadlock.
 */
export async function lockExternalIds(tx: ClinicTransaction, clinicId: ClinicId): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`external ids ${clinicId}`}, 0))`);
}
