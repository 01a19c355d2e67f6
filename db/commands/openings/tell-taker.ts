import { desc, eq } from 'drizzle-orm';
import type { ErrorCode } from '../../../domain/errors.ts';
import type { InboundMessageId, NotificationId, OfferId, PatientId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { questions } from '../../schema/index.ts';
import { planDirect } from '../notifications/plan-direct.ts';
import { addTask } from '../tasks/add.ts';
import type { OpeningRow } from './lock.ts';

export interface UnluckyTaker {
  offerId: OfferId;
  patientId: PatientId;
  /** Their answer, and why it came to nothing. */
  inboundMessageId: InboundMessageId;
  variant: 'callUs' | 'tooLate';
  code?: ErrorCode | undefined;
  now: Instant;
}

const tasks = { callUs: 'inboundText', tooLate: 'lateAnswer' } as const;

/**
 * Plans the one word to somebody who wanted the time, does not have it, and will not hear that somebody else does; staff are to
 * look whether they can do better.
 */
export async function tellTaker(
  tx: ClinicTransaction,
  { clinicId, startsAt: usefulUntil }: Pick<OpeningRow, 'clinicId' | 'startsAt'>,
  { offerId, patientId, inboundMessageId, variant, code, now }: UnluckyTaker,
): Promise<NotificationId> {
  const dedupeKey = `inbound:${inboundMessageId}:${offerId}`;
  const detail = { inboundMessageId, answer: 'take', ...(code && { code }) };
  await addTask(tx, clinicId, { kind: tasks[variant], dedupeKey, appointmentId: null, patientId, detail }, now);
  const content = { kind: 'reply', variant, ...(await askedFrom(tx, offerId)) } as const;
  const what = { dedupeKey: `offerRefused:${offerId}`, content };
  return planDirect(tx, { clinicId, ...what, patientId, address: null, usefulUntil, now });
}

/** The number of ours that asked, to which they have answered. */
async function askedFrom(tx: ClinicTransaction, offerId: OfferId): Promise<{ from?: string }> {
  const [asked] = await tx
    .select({ from: questions.sender })
    .from(questions)
    .where(eq(questions.offerId, offerId))
    .orderBy(desc(questions.askedAt))
    .limit(1);
  return asked ?? {};
}
