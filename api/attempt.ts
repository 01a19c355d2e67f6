import { randomUUID } from 'node:crypto';
import { inClinic, type ClinicTransaction } from '../db/client.ts';
import { claimKey, renewKey } from '../db/commands/idempotency-keys/claim.ts';
import { endAttempt } from '../db/commands/idempotency-keys/end-attempt.ts';
import { type RequestRecord, recordRequest } from '../db/commands/requests/record.ts';
import type { Actor } from '../domain/appointment.ts';
import type { AppointmentId, ClinicId } from '../domain/ids.ts';
import type { Instant } from '../domain/interval.ts';
import type { ApiDeps } from './deps.ts';
import type { Repeatable } from './idempotency.ts';
import { type AttemptIds, idsOfAttempt } from './request-ids.ts';

/** Who asks, and whether a repeat can be known as one. */
export interface Asking {
  actor: Actor;
  actorRef: string | null;
  /** Absent: every request is one of its own. */
  repeatable?: Repeatable | undefined;
}

export interface Attempt extends AttemptIds {
  number: number;
  /** Nobody has been at it before. */
  isFirst: boolean;
  /** The hold that was asked for again under this key. */
  joinedId: AppointmentId | null;
}

type NewAttempt = Asking &
  Pick<RequestRecord, 'clinicId' | 'action' | 'holder'> & { reason?: string | null; now: Instant };

/** Takes the request's key, or joins those who have it, and writes down who asks for what. */
export async function beginAttempt(
  tx: ClinicTransaction,
  { clinicId, action, actor, actorRef, reason = null, holder = null, repeatable, now }: NewAttempt,
): Promise<Attempt> {
  const key = repeatable?.key ?? randomUUID();
  const claimed = repeatable ? await claimKey(tx, { clinicId, ...repeatable, now }) : unclaimed;
  for (let number = claimed.attempt; ; number++) {
    const ids = idsOfAttempt(clinicId, key, number);
    const record = { clinicId, id: ids.requestId, action, actor, actorRef, reason, holder, createdAt: now };
    const isFirst = await recordRequest(tx, record);
    if (isFirst && !claimed.isNew) await renewKey(tx, key, now);
    if (isFirst || !claimed.isNew) return { ...ids, number, isFirst, joinedId: claimed.joinedId };
    // The key stood for another request before it was purged, and what that led to stays.
    await endAttempt(tx, { key, attempt: number });
  }
}

const unclaimed = { attempt: 1, joinedId: null, isNew: true };

/** What was refused may be tried again with the same key. */
export async function endRefused(
  { db }: Pick<ApiDeps, 'db'>,
  clinicId: ClinicId,
  repeatable: Repeatable | undefined,
  { number: attempt }: Attempt,
): Promise<void> {
  if (repeatable) await inClinic(db, clinicId, (tx) => endAttempt(tx, { key: repeatable.key, attempt }));
}
