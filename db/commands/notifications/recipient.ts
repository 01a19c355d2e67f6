import { sql } from 'drizzle-orm';
import type { PatientId } from '../../../domain/ids.ts';
import { HOUR, type Instant, MINUTE } from '../../../domain/interval.ts';
import type { Channel } from '../../../domain/plan.ts';
import type { ClinicTransaction } from '../../client.ts';
import { patients } from '../../schema/index.ts';

export interface Recipient {
  id: PatientId;
  /** Where the patient is reached on each channel, and what the clinic sends from there. */
  addresses: Record<Channel, string | null>;
  senders: Record<Channel, string | null>;
  language: string | null;
  /** Of texts from the clinic's number to the patient's. */
  hasOptedOut: boolean;
  /** The messages begun in the last hour to each address, and those of the whole clinic in the last minute. */
  lately: Record<Channel, number> & { byClinic: number };
}

/**
 * Columns of a select on `patients` that let one sender at a time pass for each address, until its transaction ends: so
 * the count below is what others see too. Always the number first, so that no two senders wait for each other.
 */
export const oneSenderAtATime = { smsLock: lockOf(patients.mobile), emailLock: lockOf(patients.email) };

function lockOf(address: typeof patients.mobile | typeof patients.email) {
  return sql`pg_advisory_xact_lock(hashtextextended('recipient ' || ${address}, 0))`;
}

/** A message's row is made with its first try, so its age is that of the first try, whatever others follow. */
export async function loadRecipient(tx: ClinicTransaction, patientId: PatientId, now: Instant): Promise<Recipient> {
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
    from patients,
      (select min(address) filter (where channel = 'sms') as sms_sender,
        min(address) filter (where channel = 'email') as email_sender
      from senders where is_active) as sending,
      lateral (
        select count(*) filter (where recipient = mobile)::integer as to_mobile,
          count(*) filter (where recipient = email)::integer as to_email,
          count(*) filter (where created_at > ${minuteAgo}::timestamptz)::integer as by_clinic
        from messages
        where messages.created_at > ${hourAgo}::timestamptz and messages.created_at <= ${at}::timestamptz
      ) as lately
    where id = ${patientId}`);
  return {
    id: patientId,
    addresses: { sms: row?.mobile ?? null, email: row?.email ?? null },
    senders: { sms: row?.sms_sender ?? null, email: row?.email_sender ?? null },
    language: row?.language ?? null,
    hasOptedOut: row?.has_opted_out ?? false,
    lately: { sms: row?.to_mobile ?? 0, email: row?.to_email ?? 0, byClinic: row?.by_clinic ?? 0 },
  };
}
