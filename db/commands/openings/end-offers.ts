import { sql } from 'drizzle-orm';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import type { OpeningRow } from './lock.ts';

/**
 * Ends the offers that an ended opening leaves behind. Those who were asked hear that the time is gone, once, unless it stayed
 * empty, or is theirs because staff put them there or propose it to them. A second run finds no offer that is live.
 */
export async function endOffers(tx: ClinicTransaction, opening: OpeningRow, now: Instant): Promise<void> {
  const { id, providerId, status, startsAt, endsAt } = opening;
  const [start, end, at] = [startsAt, endsAt, now].map(
    (instant) => sql`${new Date(instant).toISOString()}::timestamptz`,
  );
  const hasTheTime = sql`exists (
    select from appointments v
    where v.patient_id = f.patient_id and v.provider_id = ${providerId} and v.status in ('held', 'pending', 'booked')
      and v.starts_at < ${end} and v.ends_at > ${start}
    union all
    select from proposals p join proposal_times t on t.proposal_id = p.id
    where p.patient_id = f.patient_id and p.status = 'waiting' and t.provider_id = ${providerId}
      and t.starts_at < ${end} and t.ends_at > ${start})`;
  const isTold = status === 'unfilled' ? sql`false` : sql`f.status = 'asked' and not ${hasTheTime}`;
  await tx.execute(sql`
    with ended as (
      update offers f set status = case when ${isTold} then 'gone' else 'lapsed' end
      where f.opening_id = ${id} and f.status in ('planned', 'asked')
      returning f.clinic_id, f.id, f.patient_id, f.appointment_id, f.status
    )
    insert into notifications (clinic_id, id, dedupe_key, kind, content, patient_id, useful_until, status, created_at)
    select ended.clinic_id, gen_random_uuid(), 'offerGone:' || ended.id, 'offerGone',
      jsonb_build_object('kind', 'offerGone', 'offerId', ended.id, 'startsAt', ${startsAt}::bigint, 'ownStartsAt',
        (extract(epoch from own.starts_at) * 1000)::bigint),
      ended.patient_id, ${start}, 'planned', ${at}
    from ended left join appointments own on own.id = ended.appointment_id and own.status in ('pending', 'booked')
    where ended.status = 'gone'
    on conflict do nothing`);
}
