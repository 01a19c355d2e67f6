import type { ClinicDetails } from '../../../domain/clinic-state.ts';
import type { ClinicId } from '../../../domain/ids.ts';
import type { ClinicTransaction } from '../../client.ts';
import { clinics } from '../../schema/index.ts';

/** Makes the clinic itself what is described. */
export async function saveClinic(
  tx: ClinicTransaction,
  clinicId: ClinicId,
  { policy = {}, languages, ...details }: ClinicDetails,
): Promise<void> {
  const row = { ...details, languages: [...languages], policy: { ...policy } };
  await tx
    .insert(clinics)
    .values({ clinicId, ...row })
    .onConflictDoUpdate({ target: clinics.clinicId, set: row });
}
