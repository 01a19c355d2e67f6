import { and, eq, sql } from 'drizzle-orm';
import type { ClinicId } from '../../domain/ids.ts';
import { type Database, inClinic } from '../client.ts';
import { appointments, clinics, pageTokens, visitTypes } from '../schema/index.ts';

/** What a patient's link opens; undefined where no such token was ever given out. */
export async function findVisitPage(db: Database, digest: Buffer) {
  const {
    rows: [token],
  } = await db.drizzle.execute<{ clinic_id: ClinicId }>(sql`select clinic_id from find_page_token(${digest})`);
  if (!token) return undefined;
  return inClinic(db, token.clinic_id, async (tx) => {
    const { clinicId, id, status, startsAt, endsAt, confirmBy, cancelUntil, moveUntil, version } = appointments;
    const [visit] = await tx
      .select({
        clinicId,
        id,
        status,
        startsAt,
        endsAt,
        confirmBy,
        cancelUntil,
        moveUntil,
        version,
        // For finding another time; the page shows none of these.
        patientId: appointments.patientId,
        providerId: appointments.providerId,
        visitTypeId: appointments.visitTypeId,
        minimumNoticeMinutes: visitTypes.minimumNoticeMinutes,
        horizonDays: visitTypes.horizonDays,
        language: pageTokens.language,
        clinic: clinics.name,
        address: clinics.address,
        phone: clinics.phone,
        timeZone: clinics.timeZone,
      })
      .from(pageTokens)
      // A token is one patient's: it dies with a change of patient.
      .innerJoin(
        appointments,
        and(eq(appointments.id, pageTokens.appointmentId), eq(appointments.patientId, pageTokens.patientId)),
      )
      .innerJoin(visitTypes, eq(visitTypes.id, appointments.visitTypeId))
      .innerJoin(clinics, eq(clinics.clinicId, pageTokens.clinicId))
      .where(eq(pageTokens.digest, digest));
    return visit;
  });
}

export type VisitPage = NonNullable<Awaited<ReturnType<typeof findVisitPage>>>;
