import { createHash, randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { type ClinicId, type PatientId, type ProviderId, type VisitTypeId, asId } from '../../domain/ids.ts';

/** A clinic of a test's own: open every day from 8 to 20, one kind of visit of half an hour. */
export interface TestClinic {
  clinicId: ClinicId;
  slug: string;
  sender: string;
  emailSender: string;
  timeZone: string;
  providerId: ProviderId;
  otherProviderId: ProviderId;
  visitTypeId: VisitTypeId;
  /** Only staff may cancel or move visits of this type. */
  lockedVisitTypeId: VisitTypeId;
  patientId: PatientId;
  otherPatientId: PatientId;
  /** An API key for every actor, and one for patients and guardians alone. */
  staffKey: string;
  webKey: string;
  mobile: string;
  otherMobile: string;
}

interface ClinicOptions {
  timeZone?: string;
  country?: string;
  languages?: string[];
  policy?: Record<string, unknown>;
}

let clinicsMade = 0;

/** Adds a fresh clinic with its catalogue and two patients; `adminUrl` is the database owner's. */
export async function addClinic(adminUrl: string, options: ClinicOptions = {}): Promise<TestClinic> {
  const { timeZone = 'Europe/Helsinki', country = 'FI', languages = ['en'] } = options;
  // One patient lives the lives of hundreds here.
  const policy = { caps: { messagesPerRecipientAndHour: 10_000, messagesPerMinute: 60_000 }, ...options.policy };
  const number = ++clinicsMade;
  const clinic: TestClinic = {
    clinicId: asId<ClinicId>(randomUUID()),
    slug: `test-${number}-${randomUUID().slice(0, 8)}`,
    // Beside the numbers of the seeded clinics.
    sender: `+35840110${String(number).padStart(4, '0')}`,
    emailSender: `vuoro-${number}@clinic.example`,
    timeZone,
    providerId: asId<ProviderId>(randomUUID()),
    otherProviderId: asId<ProviderId>(randomUUID()),
    visitTypeId: asId<VisitTypeId>(randomUUID()),
    lockedVisitTypeId: asId<VisitTypeId>(randomUUID()),
    patientId: asId<PatientId>(randomUUID()),
    otherPatientId: asId<PatientId>(randomUUID()),
    staffKey: `vk_test_${randomUUID()}`,
    webKey: `vk_test_${randomUUID()}`,
    mobile: `+35840200${String(number).padStart(4, '0')}`,
    otherMobile: `+35840300${String(number).padStart(4, '0')}`,
  };
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.begin(async (tx) => {
      await tx`insert into clinics (clinic_id, slug, name, country, time_zone, languages, phone, address, policy)
        values (${clinic.clinicId}, ${clinic.slug}, 'Test Clinic', ${country}, ${timeZone}, ${languages}, '+358401999000', 'Test Street 1', ${tx.json(policy)})`;
      await tx`insert into senders (clinic_id, id, channel, address) values
        (${clinic.clinicId}, ${randomUUID()}, 'sms', ${clinic.sender}),
        (${clinic.clinicId}, ${randomUUID()}, 'email', ${clinic.emailSender})`;
      await addKey(tx, clinic, clinic.staffKey, ['patient', 'guardian', 'staff', 'office']);
      await addKey(tx, clinic, clinic.webKey, ['patient', 'guardian']);
      await addCatalogue(tx, clinic);
      await tx`insert into patients (clinic_id, id, first_name, last_name, mobile, created_at, updated_at) values
        (${clinic.clinicId}, ${clinic.patientId}, 'Test', 'Patient', ${clinic.mobile}, now(), now()),
        (${clinic.clinicId}, ${clinic.otherPatientId}, 'Other', 'Patient', ${clinic.otherMobile}, now(), now())`;
    });
  } finally {
    await sql.end();
  }
  return clinic;
}

async function addKey(
  tx: postgres.TransactionSql,
  { clinicId }: TestClinic,
  key: string,
  scopes: string[],
): Promise<void> {
  const digest = createHash('sha256').update(key).digest();
  await tx`insert into api_keys (clinic_id, id, name, digest, scopes, created_at)
    values (${clinicId}, ${randomUUID()}, 'test', ${digest}, ${scopes}, now())`;
}

async function addCatalogue(tx: postgres.TransactionSql, clinic: TestClinic): Promise<void> {
  const { clinicId, visitTypeId, lockedVisitTypeId } = clinic;
  await tx`insert into visit_types (clinic_id, id, names, duration_minutes) values (${clinicId}, ${visitTypeId}, '{"en": "Visit"}', 30)`;
  await tx`insert into visit_types (clinic_id, id, names, duration_minutes, self_service_cancel, self_service_move)
    values (${clinicId}, ${lockedVisitTypeId}, '{"en": "Locked visit"}', 45, 'staffOnly', 'staffOnly')`;
  for (const providerId of [clinic.providerId, clinic.otherProviderId]) {
    await tx`insert into providers (clinic_id, id, name) values (${clinicId}, ${providerId}, 'Room')`;
    await tx`insert into provider_hours (clinic_id, provider_id, weekday, opens_at, closes_at)
      select ${clinicId}::uuid, ${providerId}::uuid, day, '08:00', '20:00' from generate_series(1, 7) as day`;
    await tx`insert into provider_visit_types (clinic_id, provider_id, visit_type_id)
      values (${clinicId}, ${providerId}, ${visitTypeId}), (${clinicId}, ${providerId}, ${lockedVisitTypeId})`;
  }
}
