import { asc, eq } from 'drizzle-orm';
import type { ClinicId } from '../../domain/ids.ts';
import type { ClinicTransaction } from '../client.ts';
import { apiKeys } from '../schema/index.ts';

/** The clinic's keys, oldest first, for an owner's connection; what they open is not stored. */
export async function listApiKeys(tx: ClinicTransaction, clinicId: ClinicId) {
  const { id, name, scopes, createdAt, revokedAt } = apiKeys;
  return tx
    .select({ id, name, scopes, createdAt, revokedAt })
    .from(apiKeys)
    .where(eq(apiKeys.clinicId, clinicId))
    .orderBy(asc(createdAt), asc(id));
}
