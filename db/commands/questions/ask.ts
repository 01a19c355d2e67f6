import { type SQL, and, desc, eq, gt, inArray, or, sql } from 'drizzle-orm';
import { randomInt, randomUUID } from 'node:crypto';
import { codesFor } from '../../../domain/answer-codes.ts';
import {
  type AppointmentId,
  type ClinicId,
  type OfferId,
  type PatientId,
  type ProposalId,
  type QuestionId,
  asId,
} from '../../../domain/ids.ts';
import { ELAPSED_DAY, type Instant } from '../../../domain/interval.ts';
import { type Question, type QuestionKind, answersOf } from '../../../domain/question.ts';
import type { ClinicTransaction } from '../../client.ts';
import { questions } from '../../schema/index.ts';
import { lockRecipient } from '../notifications/recipient.ts';

/** From one of our numbers to a phone. */
export interface AskedPhone {
  sender: string;
  phone: string;
}

/** What is asked: a visit at the version of its time, an offer or a proposal. */
export interface QuestionSubject {
  kind: QuestionKind;
  patientId: PatientId;
  appointmentId?: AppointmentId | null;
  version?: number | null;
  offerId?: OfferId | null;
  proposalId?: ProposalId | null;
}

/** A question about to be asked, with the codes that the message prints. */
export interface PrintedQuestion extends QuestionSubject, AskedPhone {
  id: QuestionId;
  codes: Question['codes'];
}

/** What the phone was asked before; true as long as its lock is held. */
export interface AskedBefore extends AskedPhone {
  asked: readonly Pick<typeof questions.$inferSelect, 'id' | 'codes' | keyof QuestionSubject>[];
}

/** So long no other question has the code. */
const CODES_LAST = 30 * ELAPSED_DAY;
/** People look up the latest texts from us and answer one of them, however old it is. */
const LATEST = 20;

/** Reads what decides about codes, under the phone's lock. A standing question is found by its subject, whatever its age. */
export async function loadAsked(
  tx: ClinicTransaction,
  { sender, phone }: AskedPhone,
  subjects: readonly QuestionSubject[],
  now: Instant,
): Promise<AskedBefore> {
  const { id, kind, patientId, appointmentId, version, offerId, proposalId, codes, askedAt } = questions;
  const isPhones = and(eq(questions.sender, sender), eq(questions.phone, phone));
  const latest = tx.select({ id }).from(questions).where(isPhones).orderBy(desc(askedAt)).limit(LATEST);
  const idsOf = <K extends 'appointmentId' | 'offerId' | 'proposalId'>(key: K) => subjects.flatMap((s) => s[key] ?? []);
  const isAbout = or(
    inArray(appointmentId, idsOf('appointmentId')),
    inArray(offerId, idsOf('offerId')),
    inArray(proposalId, idsOf('proposalId')),
  );
  const asked = await tx
    .select({ id, kind, patientId, appointmentId, version, offerId, proposalId, codes })
    .from(questions)
    .where(and(isPhones, or(gt(askedAt, now - CODES_LAST), inArray(id, latest), isAbout)));
  return { sender, phone, asked };
}

/** Gives each subject its codes: those that it was asked with before, else fresh ones that no other question has. */
export function printQuestions(
  before: AskedBefore,
  subjects: readonly QuestionSubject[],
  count?: number,
): PrintedQuestion[] {
  const { sender, phone, asked } = before;
  const printed: PrintedQuestion[] = [];
  for (const subject of subjects) {
    const standing = asked.find((one) => isSame(one, subject));
    const others = [...asked.filter((one) => one !== standing), ...printed];
    const taken = new Set(others.flatMap((one) => one.codes.map(({ code }) => code)));
    const codes = standing && !standing.codes.some(({ code }) => taken.has(code)) ? standing.codes : undefined;
    const id = standing?.id ?? asId<QuestionId>(randomUUID());
    printed.push({ ...subject, id, sender, phone, codes: codes ?? freshCodes(subject.kind, taken, count) });
  }
  return printed;
}

function freshCodes(kind: QuestionKind, taken: ReadonlySet<string>, count?: number): Question['codes'] {
  const answers = answersOf[kind].slice(0, count);
  const codes = codesFor(answers.length, taken, randomInt);
  return answers.map((answer, index) => ({ code: codes[index] ?? '', answer }));
}

function isSame(one: QuestionSubject, other: QuestionSubject): boolean {
  return (
    one.kind === other.kind &&
    (one.appointmentId ?? null) === (other.appointmentId ?? null) &&
    (one.version ?? null) === (other.version ?? null) &&
    (one.offerId ?? null) === (other.offerId ?? null) &&
    (one.proposalId ?? null) === (other.proposalId ?? null)
  );
}

/** Records that they are asked now, in the transaction of the message that asks. What is asked again is open again. */
export function writeQuestions(
  tx: ClinicTransaction,
  clinicId: ClinicId,
  printed: readonly PrintedQuestion[],
  now: Instant,
): Promise<void> {
  const knownSince = sql`coalesce(${questions.knownSince}, excluded.known_since)`;
  return write(tx, { clinicId, printed, askedAt: now, knownSince: now }, knownSince);
}

/** Those of a text that has still to leave. Whether to cancel is another question each time. */
function planQuestions(
  tx: ClinicTransaction,
  clinicId: ClinicId,
  printed: readonly PrintedQuestion[],
  now: Instant,
): Promise<void> {
  const knownSince = sql`case when ${questions.kind} <> 'cancel' then ${questions.knownSince} end`;
  return write(tx, { clinicId, printed, askedAt: now, knownSince: null }, knownSince);
}

interface Written {
  clinicId: ClinicId;
  printed: readonly PrintedQuestion[];
  askedAt: Instant;
  knownSince: Instant | null;
}

async function write(tx: ClinicTransaction, { printed, ...asked }: Written, knownSince: SQL): Promise<void> {
  if (printed.length === 0) return;
  await tx
    .insert(questions)
    .values(printed.map((question) => ({ ...question, ...asked })))
    .onConflictDoUpdate({
      target: [questions.clinicId, questions.id],
      set: {
        codes: sql`excluded.codes`,
        askedAt: sql`excluded.asked_at`,
        knownSince,
        answeredAt: null,
        answeredAs: null,
        clarifiedAt: null,
      },
    });
}

export interface Ask extends QuestionSubject, AskedPhone {
  clinicId: ClinicId;
  /** How many answers it has, where its kind does not say: the times of a proposal. */
  count?: number;
  now: Instant;
}

/**
 * Asks where the codes must be known before the message is sent: finds the standing question of that subject and phone, or
 * adds one with fresh codes. Locks the phone until the transaction ends, so call it before any visit or opening is locked.
 */
export async function askQuestion(
  tx: ClinicTransaction,
  ask: Ask,
): Promise<{ id: QuestionId; codes: Question['codes'] }> {
  const { clinicId, sender, phone, count, now, ...subject } = ask;
  await lockRecipient(tx, phone);
  const before = await loadAsked(tx, { sender, phone }, [subject], now);
  const printed = printQuestions(before, [subject], count);
  await planQuestions(tx, clinicId, printed, now);
  const [{ id, codes }] = printed as [PrintedQuestion];
  return { id, codes };
}
