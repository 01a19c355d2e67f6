import { and, eq, inArray, lt, or } from 'drizzle-orm';
import type { AppointmentId, OpeningId } from '../../domain/ids.ts';
import type { ClinicTransaction } from '../client.ts';
import { offers, openings } from '../schema/index.ts';

/** The openings that a visit made or filled and of which their workflows have not seen the latest. */
export async function unseenOpeningsOf(tx: ClinicTransaction, id: AppointmentId): Promise<OpeningId[]> {
  const filled = tx.select({ id: offers.openingId }).from(offers).where(eq(offers.wonAppointmentId, id));
  const rows = await tx
    .select({ id: openings.id })
    .from(openings)
    .where(
      and(
        lt(openings.seenRevision, openings.revision),
        or(eq(openings.appointmentId, id), inArray(openings.id, filled)),
      ),
    );
  return rows.map((row) => row.id);
}
