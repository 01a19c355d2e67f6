import { eq } from 'drizzle-orm';
import { localDate } from '../../../domain/clinic-time.ts';
import { Refusal } from '../../../domain/errors.ts';
import type { ClinicId, FreeTextId, PatientId, RequestId } from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import { readPatient } from '../../../domain/patient.ts';
import type { Channel } from '../../../domain/plan.ts';
import type { ClinicTransaction } from '../../client.ts';
import { clinics, freeTexts, patients } from '../../schema/index.ts';
import { type Recipient, lastWrittenTo, loadRecipient } from '../notifications/recipient.ts';

export interface NewFreeText {
  clinicId: ClinicId;
  id: FreeTextId;
  requestId: RequestId;
  /** Either a patient, or a number or address as somebody typed it. */
  patientId: PatientId | null;
  to: string | null;
  channel: Channel;
  body: string;
  now: Instant;
}

/** Stores what staff wrote. Refuses with VALIDATION_FAILED what could not be sent as things are. */
export async function writeFreeText(tx: ClinicTransaction, text: NewFreeText): Promise<void> {
  const { clinicId, id, requestId, patientId, channel, body, now } = text;
  const address = text.to === null ? null : await readAddress(tx, text, text.to);
  if (patientId !== null) await refuseUnknown(tx, patientId);
  const addressee = { patientId, given: address === null ? null : { channel, address } };
  const recipient = await loadRecipient(tx, { ...addressee, from: lastWrittenTo(addressee) }, now);
  const obstacle = obstacleTo(channel, recipient);
  if (obstacle !== null) throw unsendable(patientId === null ? '/to' : '/patientId', obstacle);
  await tx.insert(freeTexts).values({ clinicId, id, requestId, patientId, channel, address, body, createdAt: now });
}

/** The address as it is kept for patients: a number in full, by the clinic's country. */
async function readAddress(tx: ClinicTransaction, { channel, now }: NewFreeText, to: string): Promise<string> {
  const [clinic] = await tx.select({ country: clinics.country, timeZone: clinics.timeZone }).from(clinics);
  if (!clinic) throw new Error('The transaction has no clinic.');
  const field = channel === 'sms' ? 'mobile' : 'email';
  const rules = { country: clinic.country, today: localDate(now, clinic.timeZone) };
  const { details, errors } = readPatient({ [field]: to }, rules);
  const address = details[field];
  if (!address) throw unsendable('/to', errors[0]?.detail ?? 'is required');
  return address;
}

async function refuseUnknown(tx: ClinicTransaction, id: PatientId): Promise<void> {
  const known = await tx.select({ id: patients.id }).from(patients).where(eq(patients.id, id));
  if (known.length === 0) throw unsendable('/patientId', 'is no patient of this clinic');
}

function obstacleTo(channel: Channel, { addresses, senders, hasOptedOut }: Recipient): string | null {
  const isText = channel === 'sms';
  if (addresses[channel] === null) return isText ? 'has no mobile number' : 'has no e-mail address';
  if (senders[channel] === null) return `cannot be reached: the clinic sends no ${isText ? 'texts' : 'e-mail'}`;
  return isText && hasOptedOut ? 'wants no texts from this clinic' : null;
}

function unsendable(pointer: string, detail: string): Refusal {
  return new Refusal('VALIDATION_FAILED', 'This cannot be sent.', [{ pointer, detail }]);
}
