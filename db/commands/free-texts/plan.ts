import { eq } from 'drizzle-orm';
import type { ClinicId, FreeTextId, NotificationId } from '../../../domain/ids.ts';
import { ELAPSED_DAY, type Instant } from '../../../domain/interval.ts';
import { type Database, inClinic } from '../../client.ts';
import { freeTexts } from '../../schema/index.ts';
import { planDirect } from '../notifications/plan-direct.ts';

export interface PlanFreeText {
  clinicId: ClinicId;
  freeTextId: FreeTextId;
  /** It does not wait for the morning. */
  sendNow: boolean;
  now: Instant;
}

/** What staff wrote may be out of date a day later: then they are told instead. */
const HELPS_FOR = ELAPSED_DAY;

/** Plans what staff wrote; what is planned twice is said once. */
export async function planFreeText(
  db: Database,
  { clinicId, freeTextId, sendNow, now }: PlanFreeText,
): Promise<NotificationId> {
  return inClinic(db, clinicId, async (tx) => {
    const [written] = await tx
      .select({ patientId: freeTexts.patientId, address: freeTexts.address })
      .from(freeTexts)
      .where(eq(freeTexts.id, freeTextId));
    if (!written) throw new Error('A free text is gone that was to be sent.');
    const content = { kind: 'freeText', freeTextId, sendNow } as const;
    const usefulUntil = now + HELPS_FOR;
    return planDirect(tx, { clinicId, dedupeKey: `freeText:${freeTextId}`, content, ...written, usefulUntil, now });
  });
}
