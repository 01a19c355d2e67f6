import { randomUUID } from 'node:crypto';
import type { Actor } from '../../../domain/appointment.ts';
import type { ClinicId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { apiKeys } from '../../schema/index.ts';

export interface NewApiKey {
  name: string;
  /** Of the key, which itself is never stored. */
  digest: Buffer;
  scopes: readonly Actor[];
}

/** Lets a key in; answers with its id. Needs the owner's connection: the app role may not see keys. */
export async function createApiKey(
  tx: ClinicTransaction,
  clinicId: ClinicId,
  { scopes, ...key }: NewApiKey,
  now: Instant,
): Promise<string> {
  const id = randomUUID();
  await tx.insert(apiKeys).values({ clinicId, id, ...key, scopes: [...scopes], createdAt: now });
  return id;
}
