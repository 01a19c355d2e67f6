import { and, asc, eq, sql } from 'drizzle-orm';
import { formatInstant } from '../../../domain/clinic-time.ts';
import type { ClinicId, NotificationId, OpeningId } from '../../../domain/ids.ts';
import { type Instant, MINUTE } from '../../../domain/interval.ts';
import type { NextTurn, OpeningTurn } from '../../../domain/opening.ts';
import { isWaveOver, nextTurn, stillToAsk } from '../../../domain/opening-rules.ts';
import { isQuiet } from '../../../domain/quiet-hours.ts';
import { type ClinicTransaction, type Database, inClinic } from '../../client.ts';
import type { VisitRules } from '../../queries/catalogue.ts';
import { notifications, occupancies, offers, openings } from '../../schema/index.ts';
import { rulesOf } from '../appointments/rules.ts';
import { tryToOccupy } from '../occupancies/occupy.ts';
import { addTask } from '../tasks/add.ts';
import { askNext } from './ask.ts';
import { closeOpening } from './close.ts';
import { details } from './details.ts';
import { endOffers } from './end-offers.ts';
import { type OpeningRow, lockOpening } from './lock.ts';
import { beginningOf, wavesOf } from './waves.ts';

export interface OpeningCommand {
  clinicId: ClinicId;
  openingId: OpeningId;
  now: Instant;
}

type Mutation = (tx: ClinicTransaction, opening: OpeningRow) => Promise<OpeningRow>;

/**
 * One step of an opening's life under its lock: what is wanted of it, then who is to be asked or told now, and what comes
 * next. A second run at the same time asks and tells nobody else.
 */
export async function takeTurn(db: Database, command: OpeningCommand, mutate?: Mutation): Promise<OpeningTurn> {
  const { clinicId, openingId, now } = command;
  return inClinic(db, clinicId, async (tx) => {
    const locked = await lockOpening(tx, openingId);
    if (!locked) throw new Error(`there is no opening ${openingId}`);
    const wanted = mutate ? await mutate(tx, locked) : locked;
    const rules = await rulesOf(tx, wanted);
    const { opening, next } =
      wanted.status === 'offering' ? await goOn(tx, wanted, rules, now) : { opening: wanted, next: null };
    if (opening.status !== 'offering') await endOffers(tx, opening, now);
    await tx.update(openings).set({ seenRevision: opening.revision }).where(eq(openings.id, openingId));
    return showTurn(tx, opening, next, rules.timeZone);
  });
}

interface Step {
  opening: OpeningRow;
  next: NextTurn | null;
}

/** Asks the next patients if it is time to, or ends what nobody will take. */
async function goOn(tx: ClinicTransaction, opening: OpeningRow, rules: VisitRules, now: Instant): Promise<Step> {
  const { policy, timeZone: zone } = rules;
  if (now > opening.offerUntil) return endUnfilled(tx, opening, 'noticeLimit', now);
  const waves = await wavesOf(tx, opening);
  const waveBeganAt = beginningOf(waves.at(-1), policy, now);
  const state = { now, zone, policy, offerUntil: opening.offerUntil, waveBeganAt };
  if (!(await reoccupy(tx, opening, now))) return { opening, next: nextTurn({ ...state, notBefore: now + MINUTE }) };
  if (isQuiet(now, policy.quietHours, zone)) return { opening, next: nextTurn(state) };

  const isNew = isWaveOver(state);
  const wave = isNew ? opening.wave + 1 : opening.wave;
  const atMost = stillToAsk(waves, wave, policy.openings.waveSize);
  const asked = await askNext(tx, opening, { wave, atMost, zone, now, policy: policy.openings });
  if (!isNew) return { opening, next: nextTurn(state) };
  if (asked === 0) return endUnfilled(tx, opening, 'nobodyLeft', now);
  await tx.update(openings).set({ wave }).where(eq(openings.id, opening.id));
  return { opening: { ...opening, wave }, next: nextTurn({ ...state, waveBeganAt: now }) };
}

async function endUnfilled(
  tx: ClinicTransaction,
  opening: OpeningRow,
  reason: 'nobodyLeft' | 'noticeLimit',
  now: Instant,
): Promise<Step> {
  const { id: openingId, providerId, visitTypeId, startsAt } = opening;
  const about = { openingId, providerId, visitTypeId, startsAt: formatInstant(startsAt), reason };
  const nobody = { appointmentId: null, patientId: null };
  const task = {
    kind: 'openingUnfilled',
    dedupeKey: `openingUnfilled:${openingId}`,
    ...nobody,
    detail: about,
  } as const;
  await addTask(tx, opening.clinicId, task, now);
  return { opening: await closeOpening(tx, opening, { status: 'unfilled', reason, now }), next: null };
}

/** A lease that came to nothing may have its place; false while the time is being booked. */
async function reoccupy(tx: ClinicTransaction, opening: OpeningRow, now: Instant): Promise<boolean> {
  const { clinicId, providerId, id: ownerId, during } = opening;
  const own = await tx
    .select({ ownerId: occupancies.ownerId })
    .from(occupancies)
    .where(eq(occupancies.ownerId, ownerId));
  return own.length > 0 || tryToOccupy(tx, { clinicId, providerId, ownerId, during, now, leasedUntil: null });
}

async function showTurn(
  tx: ClinicTransaction,
  opening: OpeningRow,
  next: NextTurn | null,
  zone: string,
): Promise<OpeningTurn> {
  const { status, statusReason, revision, wave } = opening;
  const toSend = await unsent(tx, opening);
  return { status, statusReason, revision, wave, toSend, next, details: await details(tx, opening, next, zone) };
}

/** What is planned and has not left: of those who are asked, or of those who are to hear that the time is gone. */
async function unsent(tx: ClinicTransaction, { id, status }: OpeningRow): Promise<NotificationId[]> {
  const isOffering = status === 'offering';
  const key = sql`${isOffering ? 'offer:' : 'offerGone:'} || ${offers.id}`;
  const rows = await tx
    .select({ id: notifications.id })
    .from(offers)
    .innerJoin(notifications, eq(notifications.dedupeKey, key))
    .where(
      and(
        eq(offers.openingId, id),
        eq(offers.status, isOffering ? 'planned' : 'gone'),
        eq(notifications.status, 'planned'),
      ),
    )
    .orderBy(asc(offers.position));
  return rows.map((row) => row.id);
}
