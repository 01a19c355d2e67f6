import { type SQL, sql } from 'drizzle-orm';
import { addDays, localDate, localTime, weekday } from '../../domain/clinic-time.ts';
import type {
  AppointmentId,
  OpeningId,
  PatientId,
  ProviderId,
  VisitTypeId,
  WaitingListEntryId,
} from '../../domain/ids.ts';
import { ELAPSED_DAY, type Instant } from '../../domain/interval.ts';
import type { ClinicTransaction } from '../client.ts';

export interface EligibilityQuery {
  opening: { id: OpeningId; visitTypeId: VisitTypeId; providerId: ProviderId; startsAt: Instant; endsAt: Instant };
  zone: string;
  now: Instant;
  offersPerWeek: number;
  atMost: number;
}

/** Somebody who may be asked, and what speaks for it. */
export interface EligiblePatient {
  patientId: PatientId;
  entryId: WaitingListEntryId;
  /** Their later visit, which would move, and its start. */
  appointmentId: AppointmentId | null;
  insteadOf: Instant | null;
  waitingSince: Instant;
  isInCare: boolean;
  lastAskedAt: Instant | null;
}

/**
 * Whom to ask next about an opening, in order: those in care, then who was not asked for longest, then who waits for longest.
 * Every condition under which somebody may be asked stands here, and nowhere else.
 */
export async function eligiblePatients(tx: ClinicTransaction, query: EligibilityQuery): Promise<EligiblePatient[]> {
  const { rows } = await tx.execute<Row>(sql`
    with recursive ${givenBack(query)},
    wishes as (
      select w.id as entry_id, w.patient_id, w.created_at, visit.id as visit_id, visit.starts_at as visit_starts_at
      from waiting_list w left join appointments visit on visit.id = w.instead_of
      where w.ended_at is null and ${isWishedFor(query)} and (w.instead_of is null or ${wouldComeEarlier(query)})
    ),
    candidates as (
      select wishes.*, ${isInCare(query)} as is_in_care, asked.last_at, asked.lately
      from wishes join patients p on p.id = wishes.patient_id, ${askedBefore(query)}
      where ${isReachable()} and ${hasAgreed()} and not ${isBusy(query)} and not ${hadTheirChance(query)}
        and not ${hasLiveOffer(query)}
    )
    select * from (
      select distinct on (patient_id) * from candidates
      where lately < ${query.offersPerWeek}
      order by patient_id, created_at, entry_id
    ) as once_each
    order by is_in_care desc, last_at asc nulls first, created_at, patient_id
    limit ${query.atMost}`);
  return rows.map((row) => ({
    patientId: row.patient_id,
    entryId: row.entry_id,
    appointmentId: row.visit_id,
    insteadOf: row.visit_starts_at === null ? null : Date.parse(row.visit_starts_at),
    waitingSince: Date.parse(row.created_at),
    isInCare: row.is_in_care,
    lastAskedAt: row.last_at === null ? null : Date.parse(row.last_at),
  }));
}

type Row = {
  patient_id: PatientId;
  entry_id: WaitingListEntryId;
  visit_id: AppointmentId | null;
  visit_starts_at: string | null;
  created_at: string;
  is_in_care: boolean;
  last_at: string | null;
};

const at = (instant: Instant): SQL => sql`${new Date(instant).toISOString()}::timestamptz`;

/** The opening, the one that it reopens if any, and so on: who freed the time, won it or declined it there is not asked again. */
function givenBack({ opening }: EligibilityQuery): SQL {
  return sql`given_back as (
    select id, reopens_id, patient_id from openings where id = ${opening.id}
    union
    select o.id, o.reopens_id, o.patient_id from openings o join given_back on o.id = given_back.reopens_id
  )`;
}

/** Type, provider, dates, weekdays and hours suit; all of the clinic's wall clock. */
function isWishedFor({ opening, zone }: EligibilityQuery): SQL {
  const { visitTypeId, providerId, startsAt, endsAt } = opening;
  const date = localDate(startsAt, zone);
  return sql`w.visit_type_id = ${visitTypeId}
    and (w.provider_ids is null or ${providerId}::uuid = any (w.provider_ids))
    and (w.earliest_on is null or w.earliest_on <= ${date}::date)
    and (w.latest_on is null or w.latest_on >= ${date}::date)
    and (w.weekdays is null or ${weekday(date)} = any (w.weekdays))
    and (w.between_from is null or (w.between_from <= ${localTime(startsAt, zone)} and ${closing(endsAt, date, zone)} <= w.between_to))`;
}

/** The end on the clock of the day on which it starts; later than any time of that day where it is over only the day after. */
function closing(endsAt: Instant, startDate: string, zone: string): string {
  const [date, time] = [localDate(endsAt, zone), localTime(endsAt, zone)];
  if (date === startDate) return time;
  return date === addDays(startDate, 1) && time === '00:00' ? '24:00' : '25:00';
}

/** The visit that would move is the patient's own, of the same type, still to come, later than this one and no longer. */
function wouldComeEarlier({ opening }: EligibilityQuery): SQL {
  return sql`(visit.status in ('pending', 'booked') and visit.patient_id = w.patient_id
    and visit.visit_type_id = w.visit_type_id and visit.starts_at > ${at(opening.startsAt)}
    and visit.ends_at - visit.starts_at <= ${at(opening.endsAt)} - ${at(opening.startsAt)})`;
}

/** A visit that took place stays `booked` for days. */
function isInCare({ zone, now }: EligibilityQuery): SQL {
  return sql`(p.is_in_care or exists (
    select from appointments v where v.patient_id = p.id and (
      v.status = 'pending' and v.starts_at > ${at(now)}
      or v.status in ('booked', 'completed') and v.ends_at >= (${localDate(now, zone)}::date - interval '24 months') at time zone ${zone}
    )))`;
}

/** What did not arrive, or never left, was no asking. */
function askedBefore({ now }: EligibilityQuery): SQL {
  return sql`lateral (
    select max(f.created_at) as last_at, count(*) filter (where f.created_at > ${at(now - 7 * ELAPSED_DAY)}) as lately
    from offers f
    where f.patient_id = p.id and f.status <> 'undeliverable'
      and (f.asked_at is not null or f.status not in ('lapsed', 'void'))
  ) as asked`;
}

/** By a text from the clinic's number. */
function isReachable(): SQL {
  return sql`(p.mobile is not null and exists (
    select from (select min(address) as address from senders where channel = 'sms' and is_active) as sender
    where sender.address is not null and not exists (
      select from opt_outs x where x.sender = sender.address and x.phone = p.mobile and x.lifted_at is null
    )))`;
}

/** The last word holds. */
function hasAgreed(): SQL {
  return sql`coalesce((
    select c.state = 'given' from consents c
    where c.patient_id = p.id and c.category = 'offers' and c.channel = 'sms'
    order by c.id desc limit 1), false)`;
}

/** Another visit than the one that would move overlaps. */
function isBusy({ opening }: EligibilityQuery): SQL {
  return sql`exists (
    select from appointments v
    where v.patient_id = p.id and v.status in ('held', 'pending', 'booked') and v.id is distinct from wishes.visit_id
      and v.starts_at < ${at(opening.endsAt)} and v.ends_at > ${at(opening.startsAt)})`;
}

function hadTheirChance({ opening }: EligibilityQuery): SQL {
  return sql`(exists (
    select from offers f where f.patient_id = p.id and (f.opening_id = ${opening.id}
      or f.opening_id in (select id from given_back) and f.status in ('won', 'declined', 'void'))
  ) or exists (select from given_back g where g.patient_id = p.id))`;
}

/** About a time at which they cannot be here twice. */
function hasLiveOffer({ opening }: EligibilityQuery): SQL {
  return sql`exists (
    select from offers f join openings o on o.id = f.opening_id
    where f.patient_id = p.id and f.status in ('planned', 'asked') and o.status = 'offering'
      and o.starts_at < ${at(opening.endsAt)} and o.ends_at > ${at(opening.startsAt)})`;
}
