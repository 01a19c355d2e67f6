import { sql } from 'drizzle-orm';
import type { ClinicId, InboundMessageId, MessageId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import type { Channel } from '../../domain/plan.ts';
import type { Database } from '../client.ts';

/** The clinic that sent this message. */
export async function clinicOfMessage(db: Database, messageId: MessageId): Promise<ClinicId | undefined> {
  const {
    rows: [row],
  } = await db.drizzle.execute<{ clinic_id: ClinicId }>(sql`select clinic_id from find_message(${messageId})`);
  return row?.clinic_id;
}

/** The clinic that answers to this number or address. */
export async function clinicOfSender(db: Database, channel: Channel, address: string): Promise<ClinicId | undefined> {
  const found = sql`select clinic_id from find_sender(${channel}, ${address})`;
  const {
    rows: [row],
  } = await db.drizzle.execute<{ clinic_id: ClinicId }>(found);
  return row?.clinic_id;
}

/** Texts of all clinics that were stored before then and of which nobody has taken care, oldest first. */
export async function findUnhandledTexts(
  db: Database,
  { receivedBefore, atMost }: { receivedBefore: Instant; atMost: number },
): Promise<{ clinicId: ClinicId; inboundMessageId: InboundMessageId }[]> {
  const before = new Date(receivedBefore).toISOString();
  const { rows } = await db.drizzle.execute<{ clinic_id: ClinicId; id: InboundMessageId }>(
    sql`select clinic_id, id from find_unhandled_inbound(${before}::timestamptz, ${atMost}::integer)`,
  );
  return rows.map((row) => ({ clinicId: row.clinic_id, inboundMessageId: row.id }));
}
