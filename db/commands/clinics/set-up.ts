import type { Actor } from '../../../domain/appointment.ts';
import { changesOf } from '../../../domain/clinic-changes.ts';
import type { ClinicState } from '../../../domain/clinic-state.ts';
import type { ClinicId, PatientId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import { type Database, inClinic } from '../../client.ts';
import { loadClinicState } from '../../queries/clinic-state.ts';
import * as tables from '../../schema/index.ts';
import { carryOut } from './carry-out.ts';

export interface ClinicSetUp extends ClinicState {
  apiKeys: readonly { id: string; name: string; digest: Buffer; scopes: readonly Actor[] }[];
  patients: readonly NewPatient[];
}

export type NewPatient = { id: PatientId } & Omit<
  typeof tables.patients.$inferInsert,
  'clinicId' | 'id' | 'createdAt' | 'updatedAt'
>;

/**
 * Adds what is missing of a clinic and leaves alone whatever is there already, so that a second run changes nothing and
 * undoes nothing that people have changed. Needs the owner's connection: the app role may not write a catalogue.
 */
export async function setUpClinic(db: Database, clinicId: ClinicId, setUp: ClinicSetUp, now: Instant): Promise<void> {
  await inClinic(db, clinicId, async (tx) => {
    for (const change of changesOf(await loadClinicState(tx, clinicId), setUp)) {
      if (change.change === 'added') await carryOut(tx, clinicId, change);
    }
    for (const { scopes, ...key } of setUp.apiKeys) {
      const row = { clinicId, ...key, scopes: [...scopes], createdAt: now };
      await tx.insert(tables.apiKeys).values(row).onConflictDoNothing();
    }
    for (const patient of setUp.patients) {
      const row = { clinicId, ...patient, createdAt: now, updatedAt: now };
      await tx.insert(tables.patients).values(row).onConflictDoNothing();
    }
  });
}
