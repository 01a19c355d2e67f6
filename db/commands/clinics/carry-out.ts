import type { ClinicChange } from '../../../domain/clinic-changes.ts';
import type { ClinicId } from '../../../domain/ids.ts';
import type { ClinicTransaction } from '../../client.ts';
import { saveClinic } from './save-clinic.ts';
import { giveUpProvider, saveProvider } from './save-provider.ts';
import { giveUpSender, saveSender } from './save-sender.ts';
import { giveUpVisitType, saveVisitType } from './save-visit-type.ts';

/** Writes one change of a clinic. Needs the owner's connection: the app role may not write a catalogue. */
export async function carryOut(tx: ClinicTransaction, clinicId: ClinicId, change: ClinicChange): Promise<void> {
  const isGivenUp = change.change === 'givenUp';
  switch (change.kind) {
    case 'clinic':
      return saveClinic(tx, clinicId, change.part);
    case 'sender':
      return (isGivenUp ? giveUpSender : saveSender)(tx, clinicId, change.part);
    case 'visitType':
      return isGivenUp ? giveUpVisitType(tx, clinicId, change.part.id) : saveVisitType(tx, clinicId, change.part);
    case 'provider':
      return isGivenUp ? giveUpProvider(tx, clinicId, change.part.id) : saveProvider(tx, clinicId, change.part);
  }
}
