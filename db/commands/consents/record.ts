import type { ConsentCategory, ConsentSource, ConsentState } from '../../../domain/consent.ts';
import type { ClinicId, PatientId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { Channel } from '../../../domain/plan.ts';
import type { ClinicTransaction } from '../../client.ts';
import { type RecordedConsent, consentColumns } from '../../queries/consents.ts';
import { consents } from '../../schema/index.ts';
import { voidOffers } from '../offers/void.ts';

export interface NewConsent {
  clinicId: ClinicId;
  patientId: PatientId;
  category: ConsentCategory;
  channel: Channel;
  state: ConsentState;
  source: ConsentSource;
  wording: string;
  now: Instant;
}

/**
 * Writes down what the patient agreed to, or took back; what was written down before stays as it was. Who wants no more
 * offers by text has no chance any more at those that were made.
 */
export async function recordConsent(
  tx: ClinicTransaction,
  { now: recordedAt, ...consent }: NewConsent,
): Promise<RecordedConsent> {
  const [recorded] = await tx
    .insert(consents)
    .values({ ...consent, recordedAt })
    .returning(consentColumns);
  const { category, channel, state, patientId } = consent;
  if (category === 'offers' && channel === 'sms' && state === 'withdrawn') await voidOffers(tx, { patientId });
  return recorded!;
}
