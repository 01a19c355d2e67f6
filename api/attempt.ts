import { randomUUID } from 'node:crypto';
import { inClinic, type ClinicTransaction } from '../db/client.ts';
import { claimKey } from '../db/commands/idempotency-keys/claim.ts';
import { endAttempt } from '../db/commands/idempotency-keys/end-attempt.ts';
import { recordRequest } from '../db/commands/requests/record.ts';
import type { Actor } from '../domain/appointment.ts';
import type { ClinicId } from '../domain/ids.ts';
import type { Instant } from '../domain/interval.ts';
import type { ApiDeps } from './deps.ts';
import type { Repeatable } from './idempotency.ts';
import { type AttemptIds, idsOfAttempt } from './request-ids.ts';

/** Who asks, and whether a repeat can be known as one. */
export interface Asking {
  actor: Actor;
  actorRef: string | null;
  /** Absent: every request is one of its own. */
  repeatable: Repeatable | undefined;
}

export interface Attempt extends AttemptIds {
  number: number;
  /** Nobody has been at it before. */
  isFirst: boolean;
}

/** Takes the request's key, or joins those who have it, and writes down who asks for what. */
export async function beginAttempt(
  tx: ClinicTransaction,
  { clinicId, action, actor, actorRef, repeatable, now }: Asking & { clinicId: ClinicId; action: string; now: Instant },
): Promise<Attempt> {
  const number = repeatable ? (await claimKey(tx, { clinicId, ...repeatable, now })).attempt : 1;
  const ids = idsOfAttempt(clinicId, repeatable?.key ?? randomUUID(), number);
  const record = { clinicId, id: ids.requestId, action, actor, actorRef, reason: null, createdAt: now };
  return { ...ids, number, isFirst: await recordRequest(tx, record) };
}

/** What was refused may be tried again with the same key. */
export async function endRefused(
  { db }: Pick<ApiDeps, 'db'>,
  clinicId: ClinicId,
  repeatable: Repeatable | undefined,
  { number: attempt }: Attempt,
): Promise<void> {
  if (repeatable) await inClinic(db, clinicId, (tx) => endAttempt(tx, { key: repeatable.key, attempt }));
}
