import { eq } from 'drizzle-orm';
import type { Actor, Appointment } from '../../../domain/appointment.ts';
import { occupiedRange } from '../../../domain/availability.ts';
import { type VisitType, keepingLength } from '../../../domain/catalogue.ts';
import { formatForOperators } from '../../../domain/clinic-time.ts';
import { Refusal } from '../../../domain/errors.ts';
import { type AppointmentId, type OpeningId, asId } from '../../../domain/ids.ts';
import { type Instant, MINUTE } from '../../../domain/interval.ts';
import { takesOpenings } from '../../../domain/opening-rules.ts';
import { type KeptProposal, type ProposalMoments, proposalMoments } from '../../../domain/proposal.ts';
import { type ClinicTransaction, type Database, inClinic } from '../../client.ts';
import type { VisitRules } from '../../queries/catalogue.ts';
import { clinics, notifications, proposalTimes, proposals } from '../../schema/index.ts';
import { planDirect } from '../notifications/plan-direct.ts';
import { tryToOccupy } from '../occupancies/occupy.ts';
import { refusePatientOverlap } from '../occupancies/patient-overlap.ts';
import { closeTakenOpenings } from '../openings/taken.ts';
import { type AskedPhone, askQuestion } from '../questions/ask.ts';
import { type Proposable, type WantedProposal, refuseUnfit } from './fit.ts';

export interface MakeProposal extends WantedProposal {
  actor: Actor;
  sendNow: boolean;
}

/**
 * Keeps some times for one patient, gives each a code and plans the text that names them, in one transaction. Refuses with
 * SLOT_TAKEN, PATIENT_OVERLAP, VALIDATION_FAILED, or as a move of the visit would be. A second run finds what the first made.
 */
export async function makeProposal(db: Database, command: MakeProposal): Promise<KeptProposal> {
  return inClinic(db, command.clinicId, async (tx) => (await findMade(tx, command)) ?? make(tx, command));
}

interface Making extends ProposalMoments {
  command: MakeProposal;
  rules: VisitRules;
  visit: Appointment | undefined;
}

async function make(tx: ClinicTransaction, command: MakeProposal): Promise<KeptProposal> {
  const { times, sendNow, now } = command;
  const { rules, visit, phone }: Proposable = await refuseUnfit(tx, command);
  const moments = proposalMoments(
    { ...command, starts: times.map(({ startsAt }) => startsAt) },
    rules.policy,
    rules.timeZone,
  );
  refuseTooEarly(command, moments.sendAt);
  const visitType = visit ? keepingLength(rules.visitType, visit) : rules.visitType;
  const making = { ...moments, command, visit, rules: { ...rules, visitType } };
  if (!(await begin(tx, making))) return (await findMade(tx, command))!;

  // The phone is locked before the patient, and both before openings and occupied times.
  const codes = await giveCodes(tx, making, phone);
  for (const time of inOrder(command)) await refuseOverlap(tx, making, time);
  const openingIds = await keep(tx, making);
  await tx.insert(proposalTimes).values(
    times.map((time, index) => ({
      ...time,
      clinicId: command.clinicId,
      proposalId: command.proposalId,
      position: index + 1,
      code: codes[index] ?? '',
      endsAt: endOf(time.startsAt, visitType),
    })),
  );
  const { clinicId, proposalId, patientId } = command;
  const notificationId = await planDirect(tx, {
    clinicId,
    dedupeKey: dedupeKeyOf(command),
    content: { kind: 'proposal', proposalId, ownStartsAt: visit?.startsAt ?? null, sendNow },
    patientId,
    address: null,
    usefulUntil: moments.expiresAt,
    now,
    ...(visit && { appointmentId: visit.id, version: visit.version }),
  });
  return { ...moments, notificationId, openingIds, local: formatForOperators(moments.expiresAt, rules.timeZone) };
}

function dedupeKeyOf({ proposalId }: MakeProposal): string {
  return `proposal:${proposalId}`;
}

function endOf(startsAt: Instant, { durationMinutes }: VisitType): Instant {
  return startsAt + durationMinutes * MINUTE;
}

/** What an earlier run has made; the openings that it closed are found by the sweep. */
async function findMade(tx: ClinicTransaction, command: MakeProposal): Promise<KeptProposal | undefined> {
  const [made] = await tx
    .select({
      sendAt: proposals.sendAt,
      expiresAt: proposals.expiresAt,
      notificationId: notifications.id,
      timeZone: clinics.timeZone,
    })
    .from(proposals)
    .innerJoin(notifications, eq(notifications.dedupeKey, dedupeKeyOf(command)))
    .innerJoin(clinics, eq(clinics.clinicId, proposals.clinicId))
    .where(eq(proposals.id, command.proposalId));
  if (!made) return undefined;
  const { timeZone, ...rest } = made;
  return { ...rest, openingIds: [], local: formatForOperators(made.expiresAt, timeZone) };
}

/** Who reads the text must still be able to come. */
function refuseTooEarly({ times }: MakeProposal, sendAt: Instant): void {
  const errors = times.flatMap(({ startsAt }, index) =>
    startsAt > sendAt ? [] : [{ pointer: `/times/${index}/startsAt`, detail: 'must lie after the text is sent' }],
  );
  if (errors.length > 0) throw new Refusal('VALIDATION_FAILED', 'A time can only be proposed ahead of it.', errors);
}

/** False: a run that committed while this one waited has made it. */
async function begin(tx: ClinicTransaction, { command, sendAt, expiresAt }: Making): Promise<boolean> {
  const { clinicId, proposalId: id, requestId, patientId, visitTypeId, appointmentId, now } = command;
  const about = { clinicId, id, requestId, patientId, visitTypeId, appointmentId };
  const begun = await tx
    .insert(proposals)
    .values({ ...about, status: 'waiting', createdAt: now, sendAt, expiresAt })
    .onConflictDoNothing()
    .returning({ id: proposals.id });
  return begun.length > 0;
}

async function giveCodes(tx: ClinicTransaction, { command }: Making, phone: AskedPhone): Promise<string[]> {
  const { clinicId, proposalId, patientId, times, now } = command;
  const subject = { kind: 'proposal', patientId, proposalId, count: times.length } as const;
  const { codes } = await askQuestion(tx, { clinicId, ...phone, ...subject, now });
  return codes.map(({ code }) => code);
}

type Time = WantedProposal['times'][number] & { index: number };

/** The same for everyone, so that two who want the same times never wait for each other. */
function inOrder({ times }: MakeProposal): Time[] {
  return times
    .map((time, index) => ({ ...time, index }))
    .toSorted((a, b) => a.startsAt - b.startsAt || (a.providerId < b.providerId ? -1 : 1));
}

async function refuseOverlap(tx: ClinicTransaction, { command, rules, visit }: Making, time: Time): Promise<void> {
  const { startsAt, index } = time;
  // Of a new visit there is no other that could be meant.
  const id = visit?.id ?? asId<AppointmentId>(command.proposalId);
  const wanted = {
    id,
    patientId: command.patientId,
    startsAt,
    endsAt: endOf(startsAt, rules.visitType),
    allowed: false,
  };
  await refusePatientOverlap(tx, wanted).catch((error: unknown) => {
    throw error instanceof Refusal
      ? new Refusal(error.code, error.message, [pointerTo(index, 'is one of them')])
      : error;
  });
}

/** Takes all the times, over openings as every booking by staff does, or names those that are taken. */
async function keep(tx: ClinicTransaction, { command, rules }: Making): Promise<OpeningId[]> {
  const { clinicId, proposalId: ownerId, actor, now } = command;
  const { policy, visitType } = rules;
  const wanted = inOrder(command).map((time) => ({ ...time, during: occupiedRange(time.startsAt, visitType) }));
  const closed: OpeningId[] = [];
  for (const { providerId, during } of wanted) {
    closed.push(...(await closeTakenOpenings(tx, { providerId, during, actor, now, policy })));
  }
  const taken = [];
  for (const { providerId, during, index } of wanted) {
    const occupation = { clinicId, providerId, ownerId, during, now, leasedUntil: null };
    if (!(await tryToOccupy(tx, { ...occupation, over: takesOpenings(actor, policy) }))) taken.push(index);
  }
  if (taken.length === 0) return closed;
  const pointers = taken.toSorted((a, b) => a - b).map((index) => pointerTo(index, 'is taken'));
  throw new Refusal('SLOT_TAKEN', 'Not all of these times are free; propose others.', pointers);
}

function pointerTo(index: number, detail: string) {
  return { pointer: `/times/${index}`, detail };
}
