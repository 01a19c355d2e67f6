import { randomUUID } from 'node:crypto';
import { eq, max, sql } from 'drizzle-orm';
import { formatForOperators, localDate } from '../../../domain/clinic-time.ts';
import { type NotificationId, type OfferId, asId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { OpeningRules } from '../../../domain/policy.ts';
import type { ClinicTransaction } from '../../client.ts';
import { type EligiblePatient, eligiblePatients } from '../../queries/eligible-patients.ts';
import { notifications, offers } from '../../schema/index.ts';
import type { OpeningRow } from './lock.ts';

export interface NextToAsk {
  wave: number;
  atMost: number;
  zone: string;
  now: Instant;
  policy: Pick<OpeningRules, 'offersPerWeek'>;
}

type NewOffer = typeof offers.$inferInsert;

/** Gives the next patients their chance and plans the texts that say so; answers how many. */
export async function askNext(tx: ClinicTransaction, opening: OpeningRow, next: NextToAsk): Promise<number> {
  const { atMost, zone, now, policy } = next;
  if (atMost <= 0) return 0;
  // Openings of one clinic choose one after the other: nobody is asked by two at once, or more often than is fair.
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`offers ${opening.clinicId}`}, 0))`);
  const query = { opening, zone, now, offersPerWeek: policy.offersPerWeek, atMost };
  const eligible = await eligiblePatients(tx, query);
  if (eligible.length === 0) return 0;
  const before = await askedSoFar(tx, opening);
  const asked = eligible.map((patient, index) => {
    return { patient, offer: newOffer(opening, next, patient, before + index + 1) };
  });
  await tx.insert(offers).values(asked.map(({ offer }) => offer));
  await tx.insert(notifications).values(asked.map(({ patient, offer }) => textOf(opening, offer, patient, now)));
  return asked.length;
}

async function askedSoFar(tx: ClinicTransaction, { id }: OpeningRow): Promise<number> {
  const [row] = await tx
    .select({ last: max(offers.position) })
    .from(offers)
    .where(eq(offers.openingId, id));
  return row?.last ?? 0;
}

function newOffer(
  { clinicId, id: openingId }: OpeningRow,
  next: NextToAsk,
  patient: EligiblePatient,
  position: number,
): NewOffer {
  const { wave, zone, now: createdAt } = next;
  const { patientId, entryId: waitingListEntryId, appointmentId, insteadOf, lastAskedAt } = patient;
  const reasons = {
    waitingSince: localDate(patient.waitingSince, zone),
    isInCare: patient.isInCare,
    lastAskedOn: lastAskedAt === null ? null : localDate(lastAskedAt, zone),
    insteadOf: insteadOf === null ? null : formatForOperators(insteadOf, zone),
  };
  const who = { patientId, waitingListEntryId, appointmentId };
  const id = asId<OfferId>(randomUUID());
  return { clinicId, id, openingId, ...who, wave, position, status: 'planned', reasons, createdAt };
}

function textOf(
  { clinicId, startsAt, offerUntil: usefulUntil }: OpeningRow,
  { id: offerId }: NewOffer,
  { patientId, insteadOf: ownStartsAt }: EligiblePatient,
  createdAt: Instant,
): typeof notifications.$inferInsert {
  return {
    clinicId,
    id: asId<NotificationId>(randomUUID()),
    dedupeKey: `offer:${offerId}`,
    kind: 'offer',
    content: { kind: 'offer', offerId, startsAt, ownStartsAt },
    patientId,
    usefulUntil,
    status: 'planned',
    createdAt,
  };
}
