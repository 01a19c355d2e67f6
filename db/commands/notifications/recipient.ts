import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { PatientId } from '../../../domain/ids.ts';
import { HOUR, type Instant, MINUTE } from '../../../domain/interval.ts';
import type { Channel } from '../../../domain/plan.ts';
import type { ClinicTransaction } from '../../client.ts';
import { notifications, patients } from '../../schema/index.ts';

export interface Recipient {
  /** Null where it is a number or address alone. */
  id: PatientId | null;
  /** Where they are reached on each channel, and what the clinic sends from there. */
  addresses: Record<Channel, string | null>;
  senders: Record<Channel, string | null>;
  language: string | null;
  /** Of texts from the clinic's number to the patient's. */
  hasOptedOut: boolean;
  /** The messages begun in the last hour to each address, and those of the whole clinic in the last minute. */
  lately: Record<Channel, number> & { byClinic: number };
}

/** The phone and our number, where a text from the one to the other arrives: a sender that is a name cannot be answered. */
export function answerable({ addresses, senders }: Recipient): { sender: string; phone: string } | null {
  if (addresses.sms === null || !senders.sms?.startsWith('+')) return null;
  return { sender: senders.sms, phone: addresses.sms };
}

/**
 * Columns of a select on `patients` that let one sender at a time pass for each address, until its transaction ends: so
 * the count below and the codes are what others see too. Always the number first, so that no two senders wait for each other.
 */
export const oneSenderAtATime = { smsLock: lockOf(patients.mobile), emailLock: lockOf(patients.email) };

/** The same of a select on `notifications` with `patients`: for the address that the notification names, else as above. */
export const oneSenderAtATimeDirectly = {
  smsLock: lockOf(sql`coalesce(${notifications.address}, ${patients.mobile})`),
  emailLock: lockOf(sql`case when ${notifications.address} is null then ${patients.email} end`),
};

/** The same for an address that is known. */
export async function lockRecipient(tx: ClinicTransaction, address: string): Promise<void> {
  await tx.execute(sql`select ${lockOf(sql`${address}::text`)}`);
}

function lockOf(address: SQLWrapper): SQL<unknown> {
  return sql`pg_advisory_xact_lock(hashtextextended('recipient ' || ${address}, 0))`;
}

/**
 * A patient at their own addresses, or whoever is at the address that is given, on its channel alone; told from the number
 * that is named, where the clinic still sends from it.
 */
export interface Addressee {
  patientId: PatientId | null;
  given?: { channel: Channel; address: string } | null;
  from?: string | SQL | null;
}

/** Of `senders` that are active: the number that is wanted, else the clinic's first. */
function smsSender(from: string | SQL | null): SQL {
  return sql`coalesce(min(address) filter (where channel = 'sms' and address = ${from}::text),
    min(address) filter (where channel = 'sms'))`;
}

/** Of the numbers that the clinic still sends from the one that this phone wrote to last; null where it wrote to none. */
export function lastWrittenTo({ patientId, given = null }: Omit<Addressee, 'from'>): SQL {
  const phone = given ? sql`${given.address}::text` : sql`(select mobile from patients where id = ${patientId}::uuid)`;
  return sql`(
    select recipient from inbound_messages
    where sender = ${phone} and recipient in (select address from senders where is_active and channel = 'sms')
    order by received_at desc limit 1)`;
}

/** The number from which a text leaves that answers for this one of ours; null where the clinic sends no texts. */
export async function answeringSender(tx: ClinicTransaction, from: string): Promise<string | null> {
  const { rows } = await tx.execute<{ sender: string | null }>(sql`select ${answererFor(from)} as sender`);
  return rows[0]?.sender ?? null;
}

/** The same within a statement. */
export function answererFor(from: string): SQL<string> {
  return sql`(select ${smsSender(from)} from senders where is_active)`;
}

/** Of a phone that nobody in particular is meant at: the one that all its patients have, where they have one. */
function languageOn(given: Addressee['given']): SQL {
  if (given?.channel !== 'sms') return sql`language`;
  return sql`coalesce(language, (
    select min(others.language) from patients others where others.mobile = ${given.address}
    having count(distinct others.language) = 1 and count(*) = count(others.language)))`;
}

/** A message's row is made with its first try, so its age is that of the first try, whatever others follow. */
export async function loadRecipient(
  tx: ClinicTransaction,
  { patientId, given = null, from = null }: Addressee,
  now: Instant,
): Promise<Recipient> {
  const reachedOn = (channel: Channel, own: SQL) =>
    given ? sql`${channel === given.channel ? given.address : null}::text` : own;
  const [at, hourAgo, minuteAgo] = [now, now - HOUR, now - MINUTE].map((instant) => new Date(instant).toISOString());
  const {
    rows: [row],
  } = await tx.execute<{
    mobile: string | null;
    email: string | null;
    language: string | null;
    sms_sender: string | null;
    email_sender: string | null;
    has_opted_out: boolean;
    to_mobile: number;
    to_email: number;
    by_clinic: number;
  }>(sql`
    select mobile, email, language, sms_sender, email_sender, to_mobile, to_email, by_clinic,
      exists (
        select from opt_outs where sender = sms_sender and phone = mobile and lifted_at is null
      ) as has_opted_out
    from (
        select ${languageOn(given)} as language, ${reachedOn('sms', sql`mobile`)} as mobile, ${reachedOn('email', sql`email`)} as email
        from (select ${patientId}::uuid as id) as addressee left join patients using (id)
      ) as reached,
      (select ${smsSender(from)} as sms_sender,
        min(address) filter (where channel = 'email') as email_sender
      from senders where is_active) as sending,
      lateral (
        select count(*) filter (where recipient = mobile)::integer as to_mobile,
          count(*) filter (where recipient = email)::integer as to_email,
          count(*) filter (where created_at > ${minuteAgo}::timestamptz)::integer as by_clinic
        from messages
        where messages.created_at > ${hourAgo}::timestamptz and messages.created_at <= ${at}::timestamptz
      ) as lately`);
  return {
    id: patientId,
    addresses: { sms: row?.mobile ?? null, email: row?.email ?? null },
    senders: { sms: row?.sms_sender ?? null, email: row?.email_sender ?? null },
    language: row?.language ?? null,
    hasOptedOut: row?.has_opted_out ?? false,
    lately: { sms: row?.to_mobile ?? 0, email: row?.to_email ?? 0, byClinic: row?.by_clinic ?? 0 },
  };
}
