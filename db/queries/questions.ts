import { and, desc, eq, gt, inArray, lte, sql } from 'drizzle-orm';
import type { NotificationKind } from '../../domain/message.ts';
import type { QuestionId } from '../../domain/ids.ts';
import { ELAPSED_DAY, type Instant } from '../../domain/interval.ts';
import type { ListedQuestion } from '../../domain/direct-message.ts';
import { type QuestionAnswer, answersOf } from '../../domain/question.ts';
import { standingOf } from '../../domain/question-state.ts';
import type { ClinicTransaction } from '../client.ts';
import {
  appointments,
  messages,
  notifications,
  offers,
  openings,
  patients,
  proposals,
  proposalTimes,
  questions,
} from '../schema/index.ts';

const ANSWERED_FOR = 30 * ELAPSED_DAY;

/** What this phone was asked from that number of ours in the last 30 days, latest first; not what waits for the morning. */
export async function questionsOfPhone(
  tx: ClinicTransaction,
  { sender, phone, now }: { sender: string; phone: string; now: Instant },
): Promise<AskedQuestion[]> {
  const { sender: from, phone: to, askedAt } = questions;
  const isTheirs = and(eq(from, sender), eq(to, phone), gt(askedAt, now - ANSWERED_FOR), isSent);
  const rows = await select(tx).where(isTheirs).orderBy(desc(askedAt));
  return rows.map((row) => asked(row, now));
}

/** The kinds of the texts that were handed over to that phone in that time: after the one instant, up to the other. */
export async function kindsWritten(
  tx: ClinicTransaction,
  { phone, after, until }: { phone: string; after: Instant; until: Instant },
): Promise<NotificationKind[]> {
  const { recipient, createdAt, notificationId } = messages;
  const isLater = and(eq(recipient, phone), gt(createdAt, after), lte(createdAt, until));
  const { id, kind } = notifications;
  const rows = await tx
    .selectDistinct({ kind })
    .from(messages)
    .innerJoin(notifications, eq(id, notificationId))
    .where(isLater);
  return rows.map((row) => row.kind);
}

/** A proposal has its codes before its text leaves. */
const isSent = sql`not exists (
  select from ${notifications}
  where ${notifications.dedupeKey} = 'proposal:' || ${questions.proposalId} and ${notifications.status} = 'planned')`;

/** The starts of what is proposed, in the order of the text. */
const proposedStarts = sql<Instant[] | null>`(
  select json_agg((extract(epoch from ${proposalTimes.startsAt}) * 1000)::bigint order by ${proposalTimes.position})
  from ${proposalTimes} where ${proposalTimes.proposalId} = ${questions.proposalId})`;

/** Of a proposal: the start of the visit that would move, where it is still to take place. */
const ownStartsAt = sql<Instant | null>`(
  select (extract(epoch from own.starts_at) * 1000)::float8
  from ${appointments} own where own.id = ${proposals.appointmentId} and own.status in ('pending', 'booked'))`;

/** These questions as they stand now. */
export async function questionsById(
  tx: ClinicTransaction,
  ids: readonly QuestionId[],
  now: Instant,
): Promise<AskedQuestion[]> {
  const rows = await select(tx).where(inArray(questions.id, [...ids]));
  return rows.map((row) => asked(row, now));
}

function select(tx: ClinicTransaction) {
  const { status, version, startsAt, moveUntil } = appointments;
  return tx
    .select({
      question: questions,
      language: patients.language,
      mobile: patients.mobile,
      visit: { status, version, startsAt, moveUntil },
      offer: { status: offers.status, openingId: offers.openingId },
      opening: { status: openings.status, startsAt: openings.startsAt },
      proposal: { status: proposals.status, expiresAt: proposals.expiresAt },
      proposedStarts,
      ownStartsAt,
    })
    .from(questions)
    .innerJoin(patients, eq(patients.id, questions.patientId))
    .leftJoin(appointments, eq(appointments.id, questions.appointmentId))
    .leftJoin(offers, eq(offers.id, questions.offerId))
    .leftJoin(openings, eq(openings.id, offers.openingId))
    .leftJoin(proposals, eq(proposals.id, questions.proposalId));
}

/** A question with what it is about; `domain/understand.ts` sees only the question. */
export type AskedQuestion = ReturnType<typeof asked>;

function asked(row: Awaited<ReturnType<typeof select>>[number], now: Instant) {
  const { question, visit, offer, opening, proposal, proposedStarts: starts, ownStartsAt: own, language, mobile } = row;
  const { id, kind, askedAt, codes, clarifiedAt, version, answeredAs } = question;
  const knownSince = offer?.status === 'undeliverable' ? null : question.knownSince;
  const statuses = { offerStatus: offer?.status ?? null, openingStatus: opening?.status ?? null };
  const facts = { kind, answeredAs, isKnown: knownSince !== null, version, visit, ...statuses, proposal };
  const standing = standingOf(facts, now);
  const isClarified = clarifiedAt !== null;
  const about = { subject: question, visit, offer, opening, proposedStarts: starts ?? [], ownStartsAt: own };
  return { id, kind, askedAt, knownSince, codes, isClarified, ...standing, ...about, language, mobile };
}

/** As a reply lists it. A proposal is about the time that was chosen, else about its first. */
export function listed({
  id,
  kind,
  codes,
  visit,
  opening,
  answeredAs,
  proposedStarts: starts,
}: Pick<
  AskedQuestion,
  'id' | 'kind' | 'codes' | 'visit' | 'opening' | 'answeredAs' | 'proposedStarts'
>): ListedQuestion {
  if (kind !== 'proposal') return { questionId: id, kind, codes, startsAt: (visit ?? opening)?.startsAt ?? 0 };
  const startOf = (answer: QuestionAnswer) => starts[answersOf.proposal.indexOf(answer)] ?? 0;
  const timed = codes.map((one) => ({ ...one, startsAt: startOf(one.answer) }));
  return { questionId: id, kind, codes: timed, startsAt: startOf(answeredAs ?? 'time1') };
}
