import { type SQL, and, eq, inArray, or, sql } from 'drizzle-orm';
import type { OpeningId, PatientId } from '../../../domain/ids.ts';
import { liveOfferStatuses } from '../../../domain/opening.ts';
import type { ClinicTransaction } from '../../client.ts';
import { offers, openings, patients, questions, senders } from '../../schema/index.ts';
import { answererFor } from '../notifications/recipient.ts';

/** Who wants to hear no more: a patient, or whoever has this phone, from that number of ours. */
export type Unwilling = { patientId: PatientId } | { sender: string; phone: string };

/** Ends the chances of who wants no more offers; answers the openings that are to ask others instead. */
export async function voidOffers(tx: ClinicTransaction, whose: Unwilling): Promise<OpeningId[]> {
  const isTheirs = 'patientId' in whose ? eq(offers.patientId, whose.patientId) : isFromTo(tx, whose);
  const isLive = and(isTheirs, inArray(offers.status, [...liveOfferStatuses]));
  const concerned = tx.select({ id: offers.openingId }).from(offers).where(isLive);
  // Openings are locked before their offers, in one order, as by all who change them.
  const locked = await tx
    .select({ id: openings.id })
    .from(openings)
    .where(inArray(openings.id, concerned))
    .orderBy(openings.id)
    .for('no key update');
  if (locked.length === 0) return [];
  const ended = await tx.update(offers).set({ status: 'void' }).where(isLive).returning({ id: offers.openingId });
  const ids = [...new Set(ended.map(({ id }) => id))];
  if (ids.length === 0) return [];
  await tx
    .update(openings)
    .set({ revision: sql`${openings.revision} + 1` })
    .where(inArray(openings.id, ids));
  return ids;
}

/** What was asked from that number at this phone, or is about to be. */
function isFromTo(tx: ClinicTransaction, { sender, phone }: Extract<Unwilling, { phone: string }>): SQL | undefined {
  const asked = tx
    .select({ id: questions.offerId })
    .from(questions)
    .where(
      and(or(eq(questions.sender, sender), eq(questions.sender, answererFor(sender))), eq(questions.phone, phone)),
    );
  const theirs = tx.select({ id: patients.id }).from(patients).where(eq(patients.mobile, phone));
  const isAsking = sql`${answererFor(sender)} = (
    select min(${senders.address}) from ${senders} where ${senders.channel} = 'sms' and ${senders.isActive})`;
  return or(inArray(offers.id, asked), and(eq(offers.status, 'planned'), inArray(offers.patientId, theirs), isAsking));
}
