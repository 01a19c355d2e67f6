import { randomUUID } from 'node:crypto';
import type postgres from 'postgres';
import { type PatientId, asId } from '../../domain/ids.ts';
import type { TestClinic } from './clinic.ts';

export interface CrowdMember {
  patientId: PatientId;
  mobile: string;
}

/** So many more patients of the clinic, each with a phone of their own. */
export async function addCrowd(sql: postgres.Sql, { clinicId }: TestClinic, size: number): Promise<CrowdMember[]> {
  const [{ taken } = { taken: 0 }] = await sql<{ taken: number }[]>`select count(*)::int as taken from patients`;
  const crowd = Array.from({ length: size }, (_, index) => ({
    patientId: asId<PatientId>(randomUUID()),
    mobile: `+35850${String(1_000_000 + taken + index)}`,
  }));
  await sql`
    insert into patients (clinic_id, id, first_name, last_name, mobile, created_at, updated_at)
    select ${clinicId}::uuid, id, 'One', 'Of many', mobile, now(), now()
    from unnest(${crowd.map(({ patientId }) => patientId)}::uuid[], ${crowd.map(({ mobile }) => mobile)}::text[]) as t (id, mobile)`;
  return crowd;
}
