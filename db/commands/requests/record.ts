import type { Actor } from '../../../domain/appointment.ts';
import type { ClinicId, RequestId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { requests } from '../../schema/index.ts';

export interface RequestRecord {
  clinicId: ClinicId;
  id: RequestId;
  action: string;
  actor: Actor;
  actorRef: string | null;
  reason: string | null;
  /** Who holds the time, for a hold. */
  holder?: string | null;
  createdAt: Instant;
}

/** Writes down who asks for what and why. False: this very request was recorded before, so somebody is at it already. */
export async function recordRequest(tx: ClinicTransaction, request: RequestRecord): Promise<boolean> {
  const recorded = await tx.insert(requests).values(request).onConflictDoNothing().returning({ id: requests.id });
  return recorded.length > 0;
}
