import { eq } from 'drizzle-orm';
import { Refusal } from '../../../domain/errors.ts';
import type { AppointmentId, ClinicId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { idempotencyKeys } from '../../schema/index.ts';

export interface KeyClaim {
  clinicId: ClinicId;
  key: string;
  /** Of method, path and body: what the key stands for. */
  fingerprint: string;
  now: Instant;
}

/** What a key stands at. */
export interface ClaimedKey {
  attempt: number;
  /** The hold that was asked for again under this key. */
  joinedId: AppointmentId | null;
  /** Nobody has it yet, as far as is remembered. */
  isNew: boolean;
}

/**
 * Takes the key, or joins those who have it, and answers the attempt that it stands at. A parallel claim of the same key
 * waits here until the first one's transaction has ended. Refuses with IDEMPOTENCY_KEY_REUSED where it stands for another request.
 */
export async function claimKey(
  tx: ClinicTransaction,
  { clinicId, key, fingerprint, now }: KeyClaim,
): Promise<ClaimedKey> {
  const { attempt, joinedId } = idempotencyKeys;
  const claimed = await tx
    .insert(idempotencyKeys)
    .values({ clinicId, key, fingerprint, attempt: 1, createdAt: now })
    .onConflictDoNothing()
    .returning({ attempt, joinedId });
  if (claimed[0]) return { ...claimed[0], isNew: true };

  const [standing] = await tx
    .select({ attempt, joinedId, fingerprint: idempotencyKeys.fingerprint })
    .from(idempotencyKeys)
    .where(eq(idempotencyKeys.key, key));
  if (standing && standing.fingerprint === fingerprint) return { ...standing, isNew: false };
  throw new Refusal(
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key was sent with another request before; take a fresh one for each new request.',
  );
}

/** Remembers the key from now on: what it stood for was refused, and only what is asked by it now may have an effect. */
export async function renewKey(tx: ClinicTransaction, key: string, now: Instant): Promise<void> {
  await tx.update(idempotencyKeys).set({ createdAt: now }).where(eq(idempotencyKeys.key, key));
}

/** Notes that this key asked for a hold that stands already, whose reservation is therefore its answer. */
export async function joinHold(tx: ClinicTransaction, key: string, joinedId: AppointmentId): Promise<void> {
  await tx.update(idempotencyKeys).set({ joinedId }).where(eq(idempotencyKeys.key, key));
}
