import { and, asc, eq, gt, inArray, lte } from 'drizzle-orm';
import type { PatientId } from '../../../domain/ids.ts';
import { ELAPSED_DAY, type Instant } from '../../../domain/interval.ts';
import type { ClinicTransaction } from '../../client.ts';
import { appointments, patients } from '../../schema/index.ts';
import { addTask } from '../tasks/add.ts';
import type { InboundText } from './text.ts';

const VISIT_WITHIN = 14 * ELAPSED_DAY;

/** Asks staff to read a text. */
export async function taskForStaff(tx: ClinicTransaction, text: InboundText, now: Instant): Promise<void> {
  const senders = await patientsOf(tx, text.sender);
  const patientId = senders.length === 1 ? (senders[0] ?? null) : null;
  const task = { kind: 'inboundText', dedupeKey: `inbound:${text.id}`, appointmentId: null, patientId } as const;
  await addTask(tx, text.clinicId, { ...task, detail: { inboundMessageId: text.id } }, now);
}

/** The carriers' words are also what somebody writes who cannot come: with a visit soon, staff are to ask. */
export async function taskOfOptOut(tx: ClinicTransaction, text: InboundText, now: Instant): Promise<void> {
  const visit = await nextVisit(tx, await patientsOf(tx, text.sender), now);
  if (!visit) return;
  const task = { kind: 'optOutWithVisit', dedupeKey: `inbound:${text.id}`, ...visit } as const;
  await addTask(tx, text.clinicId, { ...task, detail: { inboundMessageId: text.id } }, now);
}

/** A phone is not an identity: a family shares one. */
async function patientsOf(tx: ClinicTransaction, phone: string): Promise<PatientId[]> {
  const rows = await tx
    .select({ id: patients.id })
    .from(patients)
    .where(eq(patients.mobile, phone))
    .orderBy(asc(patients.id));
  return rows.map((row) => row.id);
}

async function nextVisit(tx: ClinicTransaction, senders: readonly PatientId[], now: Instant) {
  const { id, patientId, startsAt, status } = appointments;
  const isSoon = and(gt(startsAt, now), lte(startsAt, now + VISIT_WITHIN));
  const [visit] = await tx
    .select({ appointmentId: id, patientId })
    .from(appointments)
    .where(and(inArray(patientId, [...senders]), inArray(status, ['pending', 'booked']), isSoon))
    .orderBy(asc(startsAt))
    .limit(1);
  return visit ?? null;
}
