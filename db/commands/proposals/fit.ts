import { eq } from 'drizzle-orm';
import { type Actor, type Appointment, checkAction } from '../../../domain/appointment.ts';
import { type FieldError, Refusal } from '../../../domain/errors.ts';
import type {
  AppointmentId,
  ClinicId,
  PatientId,
  ProposalId,
  ProviderId,
  RequestId,
  VisitTypeId,
} from '../../../domain/ids.ts';
import type { Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { findAppointment } from '../../queries/appointments.ts';
import { type VisitRules, loadVisitRules, offersVisitType } from '../../queries/catalogue.ts';
import { patients } from '../../schema/index.ts';
import { answerable, loadRecipient } from '../notifications/recipient.ts';
import type { AskedPhone } from '../questions/ask.ts';

export interface WantedProposal {
  clinicId: ClinicId;
  proposalId: ProposalId;
  requestId: RequestId;
  actor: Actor;
  patientId: PatientId;
  visitTypeId: VisitTypeId;
  /** The visit that is to move; null: a new one. */
  appointmentId: AppointmentId | null;
  times: readonly { providerId: ProviderId; startsAt: Instant }[];
  now: Instant;
}

/** What can be proposed, and to which phone. */
export interface Proposable {
  rules: VisitRules;
  visit: Appointment | undefined;
  phone: AskedPhone;
}

/** Refuses what does not fit together, and a patient who cannot be asked; whether the times are free is found by taking them. */
export async function refuseUnfit(tx: ClinicTransaction, wanted: WantedProposal): Promise<Proposable> {
  const rules = await loadVisitRules(tx, wanted.visitTypeId);
  const reached = await reach(tx, wanted);
  const visit = wanted.appointmentId === null ? undefined : await findAppointment(tx, wanted.appointmentId);
  const errors: FieldError[] = [];
  if (!rules) errors.push({ pointer: '/visitTypeId', detail: 'is no visit type of this clinic' });
  if ('problem' in reached) errors.push({ pointer: '/patientId', detail: reached.problem });
  if (wanted.appointmentId !== null && !isOf(visit, wanted)) {
    errors.push({ pointer: '/appointmentId', detail: 'is no visit of this patient and visit type' });
  }
  errors.push(...(await unfitTimes(tx, wanted)));
  if (!rules || 'problem' in reached || errors.length > 0) {
    throw new Refusal('VALIDATION_FAILED', 'The times cannot be proposed as it is asked for.', errors);
  }
  if (visit) checkAction(visit.status, 'move', wanted.actor);
  return { rules, visit, phone: reached };
}

async function reach(
  tx: ClinicTransaction,
  { patientId, now }: WantedProposal,
): Promise<AskedPhone | { problem: string }> {
  const known = await tx.select({ id: patients.id }).from(patients).where(eq(patients.id, patientId));
  if (known.length === 0) return { problem: 'is no patient of this clinic' };
  const recipient = await loadRecipient(tx, { patientId }, now);
  if (recipient.addresses.sms === null) return { problem: 'has no mobile number' };
  if (recipient.hasOptedOut) return { problem: 'wants no texts from this clinic' };
  return answerable(recipient) ?? { problem: 'cannot answer: the clinic has no number of its own for texts' };
}

function isOf(visit: Appointment | undefined, { patientId, visitTypeId }: WantedProposal): boolean {
  return visit?.patientId === patientId && visit.visitTypeId === visitTypeId;
}

async function unfitTimes(tx: ClinicTransaction, { times, visitTypeId, now }: WantedProposal): Promise<FieldError[]> {
  const errors: FieldError[] = [];
  for (const [index, { providerId, startsAt }] of times.entries()) {
    const isSame = (other: { providerId: ProviderId; startsAt: Instant }) =>
      other.providerId === providerId && other.startsAt === startsAt;
    const refuse = (field: string, detail: string) => errors.push({ pointer: `/times/${index}${field}`, detail });
    if (!(await offersVisitType(tx, providerId, visitTypeId))) {
      refuse('/providerId', 'is no provider of this clinic who offers that visit type');
    }
    if (startsAt <= now) refuse('/startsAt', 'must lie in the future');
    if (times.findIndex(isSame) < index) refuse('', 'is there already');
  }
  return errors;
}
