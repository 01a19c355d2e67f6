import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { endAppointment } from '../../db/commands/appointments/end.ts';
import { openByHand } from '../../db/commands/openings/by-hand.ts';
import { type AppointmentId, type OpeningId, type RequestId, asId } from '../../domain/ids.ts';
import { HOUR } from '../../domain/interval.ts';
import { NOW, type OpeningState, THURSDAY, openingDesk } from './opening-desk.ts';

const DAY = 24 * HOUR;
const desk = await openingDesk();
const { api, clinic, sql, db } = desk;
const { clinicId, visitTypeId, providerId } = clinic;

beforeEach(async () => {
  api.clock.at = NOW;
  await sql`update visit_types set may_backfill = true where id = ${visitTypeId}`;
  // Nobody waits whom a test has not added.
  await sql`update waiting_list set ended_at = now(), ended_as = 'removed' where ended_at is null`;
});

let used = 0;
/** A time of its own, in the hours, so many days ahead. */
const timeIn = (days: number) => THURSDAY + days * DAY + (used++ % 8) * HOUR;

const requestId = () => asId<RequestId>(randomUUID());

async function byHand(startsAt: number): Promise<OpeningId> {
  const openingId = asId<OpeningId>(randomUUID());
  await openByHand(db, { clinicId, openingId, requestId: requestId(), visitTypeId, providerId, startsAt, now: NOW });
  return openingId;
}

/** Of a reservation that nobody has confirmed. */
async function byExpiry(startsAt: number): Promise<OpeningId> {
  const appointmentId = await desk.booked(startsAt, { mode: 'preReserve' });
  await sql`update appointments set confirm_by = ${new Date(NOW - 1)} where id = ${appointmentId}`;
  const command = { clinicId, appointmentId, requestId: requestId(), actor: 'time', revision: 1, now: NOW } as const;
  const { openingIds } = await endAppointment(db, { ...command, status: 'expired', notify: true, overrode: null });
  return openingIds![0]!;
}

/** The visit that the first who waits has won. */
async function won(startsAt: number, open: (startsAt: number) => Promise<OpeningId>) {
  await desk.crowdWaiting(1);
  const openingId = await open(startsAt);
  await desk.wave(openingId);
  await desk.markAsked(openingId);
  const [offer] = await desk.offersOf(openingId);
  return { openingId, visit: await desk.winByApi(openingId, offer!, startsAt) };
}

async function reopenedBy({ openingId, visit }: { openingId: OpeningId; visit: AppointmentId }) {
  expect((await desk.act(visit, 'cancel')).status).toBe(200);
  return (await desk.openings()).filter(({ reopensId }: OpeningState) => reopensId === openingId);
}

describe('a time that its winner gives back is offered again, as it was the first time,', () => {
  it.each<[string, number, (startsAt: number) => Promise<OpeningId>]>([
    ['far ahead, where staff had opened it', timeIn(60), byHand],
    ['far ahead, where a reservation had expired', timeIn(61), byExpiry],
    ['outside the hours, where staff had opened it', THURSDAY + 12 * HOUR, byHand],
  ])('%s', async (_what, startsAt, open) => {
    const [again] = await reopenedBy(await won(startsAt, open));
    expect(again).toMatchObject({ status: 'offering', cause: 'cancelled', startsAt });
  });

  it('where times of its type are not, but staff had opened it', async () => {
    await sql`update visit_types set may_backfill = false where id = ${visitTypeId}`;
    expect(await reopenedBy(await won(timeIn(1), byHand))).toHaveLength(1);
  });
});

describe('a time that its winner gives back is offered to nobody', () => {
  it('when it is too near', async () => {
    const startsAt = timeIn(0);
    const first = await won(startsAt, byHand);
    api.clock.at = startsAt - HOUR;
    expect(await reopenedBy(first)).toEqual([]);
  });

  it('where its provider is away then by now', async () => {
    const startsAt = timeIn(4);
    const first = await won(startsAt, (start) => desk.freed(start));
    await sql`insert into provider_exceptions (clinic_id, id, provider_id, held_on, kind)
      select ${clinicId}, gen_random_uuid(), ${providerId}, (${new Date(startsAt)}::timestamptz at time zone ${clinic.timeZone})::date, 'closed'`;
    expect(await reopenedBy(first)).toEqual([]);
  });

  it('where staff do not want it', async () => {
    const { openingId, visit } = await won(timeIn(5), byHand);
    expect((await desk.act(visit, 'cancel', { offer: false })).status).toBe(200);
    expect((await desk.openings()).filter(({ reopensId }) => reopensId === openingId)).toEqual([]);
  });
});
