import { and, asc, desc, eq, getTableColumns, inArray, sql } from 'drizzle-orm';
import type { AppointmentId, OpeningId, PatientId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import type { OfferReasons, OfferStatus, OpeningStatus } from '../../domain/opening.ts';
import type { ClinicTransaction } from '../client.ts';
import { offers, openings } from '../schema/index.ts';

const { clinicId: _, during: __, seenRevision: ___, winnerOfferId: ____, ...columns } = getTableColumns(openings);

export interface ListedOffer {
  patientId: PatientId;
  status: OfferStatus;
  wave: number;
  reasons: OfferReasons;
  askedAt: Instant | null;
  answeredAt: Instant | null;
}

/** An opening as it now stands, with who was asked, in the order of the asking. */
export type ListedOpening = OpeningColumns & {
  winner: { patientId: PatientId; appointmentId: AppointmentId } | null;
  offers: ListedOffer[];
};

type OpeningColumns = Omit<typeof openings.$inferSelect, 'clinicId' | 'during' | 'seenRevision' | 'winnerOfferId'>;

export async function findOpening(tx: ClinicTransaction, id: OpeningId): Promise<ListedOpening | undefined> {
  const [found] = await withOffers(tx, await tx.select(columns).from(openings).where(eq(openings.id, id)));
  return found;
}

export interface OpeningFilter {
  status?: OpeningStatus | undefined;
  /** The last one of the page before. */
  after?: { createdAt: Instant; id: OpeningId } | undefined;
  limit: number;
}

/** The clinic's openings, the latest first. */
export async function listOpenings(tx: ClinicTransaction, filter: OpeningFilter): Promise<ListedOpening[]> {
  const { status, after, limit } = filter;
  const { createdAt, id } = openings;
  const rows = await tx
    .select(columns)
    .from(openings)
    .where(
      and(
        status && eq(openings.status, status),
        after && sql`(${createdAt}, ${id}) < (${sql.param(after.createdAt, createdAt)}, ${after.id}::uuid)`,
      ),
    )
    .orderBy(desc(createdAt), desc(id))
    .limit(limit);
  return withOffers(tx, rows);
}

async function withOffers(tx: ClinicTransaction, rows: readonly OpeningColumns[]): Promise<ListedOpening[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const all = await tx.select().from(offers).where(inArray(offers.openingId, ids)).orderBy(asc(offers.position));
  return rows.map((row) => {
    const asked = all.filter((offer) => offer.openingId === row.id);
    const won = asked.find((offer) => offer.status === 'won');
    const winner = won?.wonAppointmentId ? { patientId: won.patientId, appointmentId: won.wonAppointmentId } : null;
    const shown = asked.map(({ patientId, status, wave, reasons, askedAt, answeredAt }) => {
      return { patientId, status, wave, reasons, askedAt, answeredAt };
    });
    return { ...row, winner, offers: shown };
  });
}
