import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { inClinic } from '../../db/client.ts';
import { endAppointment } from '../../db/commands/appointments/end.ts';
import { recordAnswer } from '../../db/commands/openings/answer.ts';
import { releaseOpening } from '../../db/commands/openings/end.ts';
import { declineProposal } from '../../db/commands/proposals/decline.ts';
import { expireProposal, giveBack } from '../../db/commands/proposals/expire.ts';
import { makeProposal } from '../../db/commands/proposals/make.ts';
import { type AppointmentId, type OpeningId, type ProposalId, type RequestId, asId } from '../../domain/ids.ts';
import { HOUR, MINUTE } from '../../domain/interval.ts';
import { NOW, type OfferRow, type OpeningState, THURSDAY, iso, openingDesk } from './opening-desk.ts';

const DAY = 24 * HOUR;
const desk = await openingDesk({ openings: { waveSize: 2, offersPerWeek: 50 } });
const { api, clinic, sql, db } = desk;
const { clinicId, otherPatientId: patientId, visitTypeId, providerId } = clinic;

beforeEach(async () => {
  api.clock.at = NOW;
  // Nobody waits whom a test has not added.
  await sql`update waiting_list set ended_at = now(), ended_as = 'removed' where ended_at is null`;
});

interface Offered {
  openingId: OpeningId;
  startsAt: number;
  offers: OfferRow[];
}

let used = 0;
const freshTime = () => THURSDAY + (used % 8) * HOUR + Math.floor(used++ / 8) * DAY;

/** An opening that has asked two, of whom one has declined. */
async function offered({ isReleased = false } = {}): Promise<Offered> {
  const startsAt = freshTime();
  const openingId = await desk.freed(startsAt);
  await desk.crowdWaiting(2);
  await desk.wave(openingId);
  await desk.markAsked(openingId);
  const offers = await desk.offersOf(openingId);
  await recordAnswer(db, { clinicId, openingId, offerId: offers[1]!.id, answer: 'decline', now: NOW });
  if (isReleased) await releaseOpening(db, { clinicId, openingId, requestId: requestId(), now: NOW });
  return { openingId, startsAt, offers };
}

const requestId = () => asId<RequestId>(randomUUID());

function hold(startsAt: number, changes: Record<string, unknown> = {}): Promise<AppointmentId> {
  return desk.booked(startsAt, { mode: 'hold', holder: randomUUID(), patientId: null, ...changes });
}

function expire(appointmentId: AppointmentId, now = NOW + 11 * MINUTE) {
  const command = { clinicId, appointmentId, requestId: requestId(), actor: 'time', revision: 1, now } as const;
  return endAppointment(db, { ...command, status: 'expired', notify: true, overrode: null });
}

/** Keeps these times for a patient, by staff. */
async function propose(times: readonly number[], whom = patientId): Promise<ProposalId> {
  const proposalId = asId<ProposalId>(randomUUID());
  const ids = { clinicId, proposalId, requestId: requestId(), patientId: whom, visitTypeId, appointmentId: null };
  const wanted = times.map((startsAt) => ({ providerId, startsAt }));
  await makeProposal(db, { ...ids, times: wanted, actor: 'staff', sendNow: false, now: NOW });
  return proposalId;
}

async function reopeningsOf({ openingId }: Offered): Promise<OpeningState[]> {
  return (await desk.openings()).filter(({ reopensId }) => reopensId === openingId);
}

async function expectReopened(first: Offered, reason = 'takenByStaff'): Promise<OpeningState> {
  expect(await desk.opening(first.openingId)).toMatchObject({ status: 'withdrawn', reason });
  const [again, ...others] = await reopeningsOf(first);
  expect(others).toEqual([]);
  expect(again).toMatchObject({ status: 'offering', cause: 'cancelled', depth: 0, startsAt: first.startsAt, seen: 0 });
  expect(await desk.owners(first.startsAt)).toEqual([again!.id]);
  return again!;
}

const toldGone = ({ offers }: Offered) =>
  sql`select from notifications where patient_id = ${offers[0]!.patientId} and kind = 'offerGone'`;

describe('an offered time that somebody only held', () => {
  it('is offered again once the hold expires, to those who were not asked or came too late', async () => {
    const first = await offered();
    const expired = await expire(await hold(first.startsAt));
    const again = await expectReopened(first);
    expect(expired.openingIds).toEqual([again.id]);
    await desk.wave(first.openingId);
    expect(await toldGone(first)).toHaveLength(1);
    const [fresh] = await desk.crowdWaiting(1);
    await desk.wave(again.id, NOW + 11 * MINUTE);
    const asked = (await desk.offersOf(again.id)).map((offer) => offer.patientId);
    expect(new Set(asked)).toEqual(new Set([first.offers[0]!.patientId, fresh]));
  });

  it('is offered again once the hold is released', async () => {
    const first = await offered();
    const visit = await hold(first.startsAt, { holder: 'desk' });
    const released = await api.call(clinic.staffKey, 'POST', `/v1/appointments/${visit}/release`, { holder: 'desk' });
    expect(released.status).toBe(200);
    await expectReopened(first);
  });

  it('by an abandoned form is offered again, and can be booked online as before', async () => {
    const first = await offered({ isReleased: true });
    await expire(await hold(first.startsAt, { actor: 'patient' }));
    const again = await expectReopened(first, 'takenOnline');
    const [row] = await sql`select is_released as "isReleased" from openings where id = ${again.id}`;
    expect(row).toEqual({ isReleased: true });
  });

  it('is for staff where it is too late by then to ask anybody', async () => {
    const first = await offered();
    await sql`update openings set offer_until = ${iso(NOW + 5 * MINUTE)} where id = ${first.openingId}`;
    const [again] = (await expire(await hold(first.startsAt))).openingIds!;
    expect(await desk.wave(again!, NOW + 11 * MINUTE)).toMatchObject({ status: 'unfilled', toSend: [] });
    const tasks = await sql`select from tasks where kind = 'openingUnfilled' and detail ->> 'openingId' = ${again!}`;
    expect(tasks).toHaveLength(1);
    expect(await desk.owners(first.startsAt)).toEqual([]);
  });

  it('is not offered again where the hold becomes a visit, or the time has begun', async () => {
    const [kept, begun] = [await offered(), await offered()];
    const visit = await hold(kept.startsAt, { patientId });
    expect((await desk.act(visit, 'confirm')).status).toBe(200);
    await expire(await hold(begun.startsAt), begun.startsAt);
    expect([await reopeningsOf(kept), await reopeningsOf(begun)]).toEqual([[], []]);
  });

  it('is not told to be gone to the one who holds it', async () => {
    const first = await offered();
    await hold(first.startsAt, { patientId: first.offers[0]!.patientId });
    await desk.wave(first.openingId);
    expect(await toldGone(first)).toHaveLength(0);
  });
});

describe('an offered time that staff only proposed', () => {
  it.each<[string, (proposalId: ProposalId) => Promise<unknown>]>([
    ['is declined', (proposalId) => declineProposal(db, { clinicId, proposalId, now: NOW + HOUR })],
    ['expires', (proposalId) => expireProposal(db, { clinicId, proposalId, now: NOW + 5 * HOUR })],
    ['comes to nothing', (proposalId) => inClinic(db, clinicId, (tx) => giveBack(tx, proposalId, NOW + HOUR))],
  ])('is offered again once the proposal %s', async (_how, end) => {
    const [first, second] = [await offered(), await offered()];
    await end(await propose([first.startsAt, second.startsAt, freshTime()]));
    await expectReopened(first);
    await expectReopened(second);
  });

  it('is offered again where another of the times is taken, and the one that is taken is not', async () => {
    const [first, second] = [await offered(), await offered()];
    const proposalId = await propose([first.startsAt, second.startsAt]);
    const nobodys = { id: asId<never>(randomUUID()), patientId, appointmentId: null } as unknown as OfferRow;
    const claim = { kind: 'proposal', proposalId } as const;
    const taken = await desk.take(first.openingId, nobodys, { startsAt: second.startsAt, claim });
    const again = await expectReopened(first);
    expect(taken.openingIds).toEqual([again.id]);
    expect(await reopeningsOf(second)).toEqual([]);
    expect(await desk.owners(second.startsAt)).toEqual([taken.appointment.id]);
  });

  it('is not told to be gone to the one to whom it is proposed', async () => {
    const first = await offered();
    await propose([first.startsAt], first.offers[0]!.patientId);
    await desk.wave(first.openingId);
    expect(await toldGone(first)).toHaveLength(0);
  });
});
