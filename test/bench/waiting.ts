import { randomUUID } from 'node:crypto';
import type { CrowdMember } from '../support/crowd.ts';
import { addCrowd } from '../support/crowd.ts';
import type { Scene } from './bench.ts';

const HOUR = 3_600_000;

/** An instant so many days and half hours ahead, at noon or later, when the clinic is open. */
export function timeAhead(days: number, halfHours = 0): Date {
  const morning = Math.floor(Date.now() / (24 * HOUR)) * 24 * HOUR + 10 * HOUR;
  return new Date(morning + days * 24 * HOUR + (halfHours * HOUR) / 2);
}

/** So many patients who have agreed to be asked and would take this very time. */
export async function letWait(scene: Scene, startsAt: Date, count: number): Promise<CrowdMember[]> {
  const { sql, clinic } = scene;
  const crowd = await addCrowd(sql, clinic, count);
  const patients = crowd.map(({ patientId }) => patientId);
  await sql`
    insert into consents (clinic_id, patient_id, category, channel, state, source, wording, recorded_at)
    select ${clinic.clinicId}::uuid, patient_id, 'offers', 'sms', 'given', 'staff', 'on the phone', now()
    from unnest(${patients}::uuid[]) as t (patient_id)`;
  await sql`
    insert into waiting_list
      (clinic_id, id, patient_id, visit_type_id, earliest_on, latest_on, between_from, between_to, created_at)
    select ${clinic.clinicId}::uuid, entry_id, patient_id, ${clinic.visitTypeId}::uuid, local::date, local::date,
      to_char(local, 'HH24:MI'), to_char(local + interval '30 minutes', 'HH24:MI'), now()
    from unnest(${patients.map(() => randomUUID())}::uuid[], ${patients}::uuid[]) as t (entry_id, patient_id),
      (select ${startsAt}::timestamptz at time zone ${clinic.timeZone} as local) as clock`;
  return crowd;
}

/** Has the time offered. */
export async function open({ clinic, post }: Scene, startsAt: Date): Promise<string> {
  const { visitTypeId, providerId } = clinic;
  const opening = await post('/v1/openings', { visitTypeId, providerId, startsAt: startsAt.toISOString() });
  return opening.id;
}
