import { type ClinicTransaction, type Database, inClinic } from '../../db/client.ts';
import { clinicWithSlug } from '../../db/queries/clinic-state.ts';
import type { ClinicId } from '../../domain/ids.ts';
import { UserError } from './command.ts';

/** One transaction for the clinic with this slug. An owner's connection sees all clinics, so `work` has to name this one. */
export async function inClinicOf<T>(
  db: Database,
  slug: string,
  work: (tx: ClinicTransaction, clinicId: ClinicId) => Promise<T>,
): Promise<T> {
  const clinicId = await db.drizzle.transaction((tx) => clinicWithSlug(tx, slug));
  if (clinicId === undefined) throw new UserError(`There is no clinic "${slug}".`);
  return inClinic(db, clinicId, (tx) => work(tx, clinicId));
}
