import { inArray, sql } from 'drizzle-orm';
import type { ClinicId, OpeningId } from '../../domain/ids.ts';
import type { ClinicTransaction, Database } from '../client.ts';
import { openings } from '../schema/index.ts';

/** What these openings are about, for whoever starts their workflows. */
export async function findOpeningSubjects(tx: ClinicTransaction, ids: readonly OpeningId[]) {
  const { id, providerId, visitTypeId, startsAt, cause } = openings;
  return tx
    .select({ id, providerId, visitTypeId, startsAt, cause })
    .from(openings)
    .where(inArray(id, [...ids]));
}

export interface UnseenOpening {
  clinicId: ClinicId;
  openingId: OpeningId;
}

/** Openings of all clinics of which their workflows have not seen the latest, oldest first. */
export async function findUnseenOpenings(db: Database, atMost: number): Promise<UnseenOpening[]> {
  const { rows } = await db.drizzle.execute<{ clinic_id: ClinicId; id: OpeningId }>(
    sql`select clinic_id, id from find_unseen_openings(${atMost}::integer)`,
  );
  return rows.map((row) => ({ clinicId: row.clinic_id, openingId: row.id }));
}
