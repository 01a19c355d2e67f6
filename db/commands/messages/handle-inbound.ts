import { and, asc, eq, gt, inArray, lte } from 'drizzle-orm';
import type { ClinicId, InboundMessageId, PatientId } from '../../../domain/ids.ts';
import type { understandings } from '../../../domain/inbound-outcome.ts';
import { ELAPSED_DAY, type Instant } from '../../../domain/interval.ts';
import { type ClinicTransaction, type Database, inClinic } from '../../client.ts';
import { appointments, inboundMessages, patients } from '../../schema/index.ts';
import { type NewTask, addTask } from '../tasks/add.ts';

export interface InboundOutcome {
  understoodAs: (typeof understandings)[number];
  /** Whether staff were asked to look. */
  hasTask: boolean;
}

interface HandleInbound {
  clinicId: ClinicId;
  inboundMessageId: InboundMessageId;
  now: Instant;
}

const VISIT_WITHIN = 14 * ELAPSED_DAY;

/** Gives an inbound text to staff where a person must see it, and marks it as handled, once and in one transaction. */
export async function handleInbound(
  db: Database,
  { clinicId, inboundMessageId, now }: HandleInbound,
): Promise<InboundOutcome> {
  return inClinic(db, clinicId, async (tx) => {
    const [text] = await tx
      .select()
      .from(inboundMessages)
      .where(eq(inboundMessages.id, inboundMessageId))
      .for('no key update');
    const understoodAs = text?.understoodAs ?? 'staff';
    if (!text || text.handledAt !== null) return { understoodAs, hasTask: false };
    const senders = await patientsOf(tx, text.sender);
    const task = await taskFor(tx, { understoodAs, senders, inboundMessageId, now });
    if (task) await addTask(tx, clinicId, task, now);
    await tx.update(inboundMessages).set({ understoodAs, handledAt: now }).where(eq(inboundMessages.id, text.id));
    return { understoodAs, hasTask: task !== null };
  });
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

interface Understood {
  understoodAs: InboundOutcome['understoodAs'];
  senders: readonly PatientId[];
  inboundMessageId: InboundMessageId;
  now: Instant;
}

async function taskFor(
  tx: ClinicTransaction,
  { understoodAs, senders, inboundMessageId, now }: Understood,
): Promise<NewTask | null> {
  const dedupeKey = `inbound:${inboundMessageId}`;
  const detail = { inboundMessageId };
  if (understoodAs === 'staff') {
    const patientId = senders.length === 1 ? (senders[0] ?? null) : null;
    return { kind: 'inboundText', dedupeKey, appointmentId: null, patientId, detail };
  }
  if (understoodAs !== 'optOut') return null;
  // The carriers' words are also what somebody writes who cannot come.
  const visit = await nextVisit(tx, senders, now);
  return visit && { kind: 'optOutWithVisit', dedupeKey, ...visit, detail };
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
