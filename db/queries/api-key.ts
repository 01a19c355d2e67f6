import { sql } from 'drizzle-orm';
import type { Actor } from '../../domain/appointment.ts';
import type { ClinicId } from '../../domain/ids.ts';
import type { Database } from '../client.ts';

/** The clinic that an API key belongs to, and the actors that it may speak for. */
export interface Caller {
  clinicId: ClinicId;
  scopes: readonly Actor[];
  country: string;
  timeZone: string;
  languages: readonly string[];
  phone: string;
}

/** Whose key has this digest; undefined for an unknown or revoked one. The one question asked before a clinic is known. */
export async function findApiKey(db: Database, digest: Buffer): Promise<Caller | undefined> {
  const {
    rows: [row],
  } = await db.drizzle.execute<{
    clinic_id: ClinicId;
    scopes: Actor[];
    country: string;
    time_zone: string;
    languages: string[];
    phone: string;
  }>(sql`select clinic_id, scopes, country, time_zone, languages, phone from find_api_key(${digest})`);
  if (!row) return undefined;
  const { clinic_id: clinicId, scopes, country, time_zone: timeZone, languages, phone } = row;
  return { clinicId, scopes, country, timeZone, languages, phone };
}
