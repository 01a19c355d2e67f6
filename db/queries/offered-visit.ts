import { eq } from 'drizzle-orm';
import type { OfferId } from '../../domain/ids.ts';
import type { ClinicTransaction } from '../client.ts';
import { appointments, clinics, offers, openings } from '../schema/index.ts';

export type OfferedVisit = NonNullable<Awaited<ReturnType<typeof findOfferedVisit>>>;

/** What was offered to whom, how that stands, and what has become of the later visit that would move. */
export async function findOfferedVisit(tx: ClinicTransaction, offerId: OfferId) {
  const { clinicId, providerId, visitTypeId, startsAt, status: openingStatus } = openings;
  const { patientId, appointmentId, wonAppointmentId } = offers;
  const [found] = await tx
    .select({
      openingStatus,
      providerId,
      visitTypeId,
      startsAt,
      patientId,
      wonAppointmentId,
      appointmentId,
      appointmentStatus: appointments.status,
      timeZone: clinics.timeZone,
    })
    .from(offers)
    .innerJoin(openings, eq(openings.id, offers.openingId))
    .innerJoin(clinics, eq(clinics.clinicId, clinicId))
    .leftJoin(appointments, eq(appointments.id, appointmentId))
    .where(eq(offers.id, offerId));
  return found;
}
