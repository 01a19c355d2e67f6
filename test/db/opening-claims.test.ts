import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { recordAnswer } from '../../db/commands/openings/answer.ts';
import { withdrawOpening } from '../../db/commands/openings/end.ts';
import {
  type AppointmentId,
  type OfferId,
  type OpeningId,
  type PatientId,
  type RequestId,
  asId,
} from '../../domain/ids.ts';
import { HOUR, MINUTE } from '../../domain/interval.ts';
import { addClinic } from '../support/clinic.ts';
import { NOW, type OfferRow, THURSDAY, iso, openingDesk } from './opening-desk.ts';

const DAY = 24 * HOUR;
const desk = await openingDesk({ openings: { waveSize: 200, offersPerWeek: 50 } });
const { clinic, sql, db } = desk;
const { clinicId, otherPatientId } = clinic;

interface Fresh {
  openingId: OpeningId;
  startsAt: number;
  offers: OfferRow[];
}

let used = 0;
/** A time of its own within the next two weeks. */
function freshTime(): number {
  const time = THURSDAY + (used % 9) * HOUR + Math.floor(used / 9) * DAY;
  used += 1;
  return time;
}

/** An opening of which so many have been told; each has a later visit where `later` says when. */
async function offered(
  size: number,
  { later, mode = 'book' }: { later?: () => number; mode?: 'book' | 'preReserve' } = {},
): Promise<Fresh> {
  await sql`update waiting_list set ended_at = now(), ended_as = 'removed' where ended_at is null`;
  const startsAt = freshTime();
  const openingId = await desk.freed(startsAt);
  if (!later) await desk.crowdWaiting(size);
  for (let index = 0; later && index < size; index++) {
    const patientId = await desk.waiting({ since: NOW - DAY + index * MINUTE });
    await sql`update waiting_list set instead_of = ${await desk.booked(later(), { patientId, mode })} where patient_id = ${patientId}`;
  }
  await desk.wave(openingId);
  await desk.markAsked(openingId);
  return { openingId, startsAt, offers: await desk.offersOf(openingId) };
}

async function visitsOf(patientId: string) {
  const rows = await sql<{ id: AppointmentId; at: Date; status: string; version: number }[]>`
    select id, starts_at as at, status, version from appointments where patient_id = ${patientId} order by starts_at`;
  return rows.map(({ at, ...row }) => ({ ...row, startsAt: at.getTime() }));
}

async function untilSomebodyWaits(): Promise<void> {
  const waiting = () =>
    sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(async () => (await waiting()).length).toBe(1);
}

const codeOf = (result: PromiseSettledResult<unknown>) =>
  result.status === 'fulfilled' ? 'done' : String((result.reason as { code?: string }).code ?? result.reason);

describe('a claim', () => {
  it('of who has no visit makes one, as long as the opening, and tells them that they were first', async () => {
    const { openingId, startsAt, offers } = await offered(2);
    const [offer] = offers;
    await sql`update visit_types set duration_minutes = 45 where id = ${clinic.visitTypeId}`;
    const won = await desk.take(openingId, offer!, { startsAt });
    await sql`update visit_types set duration_minutes = 30 where id = ${clinic.visitTypeId}`;
    expect(won.appointment).toMatchObject({
      status: 'booked',
      startsAt,
      endsAt: startsAt + 30 * MINUTE,
      patientId: offer!.patientId,
    });
    expect(won.plan[0]).toMatchObject({ kind: 'offerWon', at: NOW });
    expect(won.openingIds).toEqual([openingId]);
    expect(await desk.owners(startsAt)).toEqual([won.appointment.id]);
    expect(await desk.opening(openingId)).toMatchObject({ status: 'filled', reason: null, revision: 2, seen: 1 });
    const [row] = await sql`
      select f.status, f.won_appointment_id as won, f.answered_at as answered, w.ended_as, o.winner_offer_id as winner
      from offers f join waiting_list w on w.id = f.waiting_list_entry_id join openings o on o.id = f.opening_id where f.id = ${offer!.id}`;
    expect(row).toMatchObject({ status: 'won', won: won.appointment.id, ended_as: 'fulfilled', winner: offer!.id });
    expect(row!['answered'].getTime()).toBe(NOW);
    const turn = await desk.wave(openingId);
    expect(turn).toMatchObject({ status: 'filled', next: null });
    expect(turn.toSend).toHaveLength(1);
    expect((await desk.offersOf(openingId)).map(({ status }) => status)).toEqual(['won', 'gone']);
  });

  it('takes what the opening kept, whatever buffers its type has by now', async () => {
    for (const wish of [{}, { later: () => freshTime() + 7 * DAY }]) {
      const { openingId, startsAt, offers } = await offered(1, wish);
      await desk.booked(startsAt + 30 * MINUTE);
      await sql`update visit_types set buffer_after_minutes = 10 where id = ${clinic.visitTypeId}`;
      const won = await desk.take(openingId, offers[0]!, { startsAt });
      await sql`update visit_types set buffer_after_minutes = 0 where id = ${clinic.visitTypeId}`;
      expect(await desk.owners(startsAt)).toEqual([won.appointment.id]);
    }
  });

  it('of who has a later visit moves it, whatever the cutoff, and its old time becomes an opening one deeper', async () => {
    let later = 0;
    const { openingId, startsAt, offers } = await offered(1, { later: () => (later = freshTime() + HOUR / 2) });
    const [offer] = offers;
    const others = await desk.crowdWaiting(1);
    const won = await desk.take(openingId, offer!, { startsAt });
    expect(won.appointment).toMatchObject({ id: offer!.appointmentId, startsAt, version: 2 });
    expect(won.plan[0]).toMatchObject({ kind: 'offerWon' });
    const [filled, opened, ...more] = won.openingIds!;
    expect([filled, more]).toEqual([openingId, []]);
    expect(await desk.opening(opened!)).toMatchObject({
      status: 'offering',
      cause: 'moved',
      depth: 1,
      startsAt: later,
      patientId: offer!.patientId,
      reopensId: null,
    });
    expect(await desk.owners(later)).toEqual([opened]);
    await desk.wave(opened!);
    expect((await desk.offersOf(opened!)).map(({ patientId }) => patientId)).toEqual(others);
  });

  it('of who has a later visit that is not confirmed yet moves it, and confirms it so', async () => {
    const { openingId, startsAt, offers } = await offered(1, {
      later: () => freshTime() + 7 * DAY,
      mode: 'preReserve',
    });
    expect(offers[0]!.appointmentId).not.toBeNull();
    const { appointment } = await desk.take(openingId, offers[0]!, { startsAt });
    expect(appointment).toMatchObject({ id: offers[0]!.appointmentId, startsAt, status: 'booked', confirmBy: null });
  });

  it('is carried out once, also when it is tried again, one after the other or at once', async () => {
    const { openingId, startsAt, offers } = await offered(2);
    const appointmentId = asId<AppointmentId>(randomUUID());
    const requestId = asId<RequestId>(randomUUID());
    const again = () => desk.take(openingId, offers[0]!, { startsAt, appointmentId, requestId });
    const runs = await Promise.all([again(), again(), again()]);
    runs.push(await again());
    expect(new Set(runs.map(({ appointment }) => JSON.stringify(appointment))).size).toBe(1);
    // Until the opening's workflow has seen it, every run names it.
    expect(runs.map(({ openingIds }) => openingIds)).toEqual(runs.map(() => [openingId]));
    expect(await visitsOf(offers[0]!.patientId)).toHaveLength(1);
    expect(await desk.opening(openingId)).toMatchObject({ revision: 2 });
  });

  it('is won by one of two hundred at once, who has the time', async () => {
    const { openingId, startsAt, offers } = await offered(200);
    expect(offers).toHaveLength(200);
    const results = await Promise.allSettled(offers.map((offer) => desk.take(openingId, offer, { startsAt })));
    const codes = results.map(codeOf);
    expect(codes.filter((code) => code === 'done')).toHaveLength(1);
    expect(codes.filter((code) => code === 'OPENING_CLOSED')).toHaveLength(199);
    const winner = offers[codes.indexOf('done')]!;
    const [visit] = await visitsOf(winner.patientId);
    expect(await desk.owners(startsAt)).toEqual([visit!.id]);
    const turn = await desk.wave(openingId);
    expect([turn.status, turn.toSend.length]).toEqual(['filled', 199]);
    const kept =
      await sql`select count(*)::int as visits from appointments where patient_id in ${sql(offers.map((o) => o.patientId))}`;
    expect(kept).toEqual([{ visits: 1 }]);
  });

  it('and a booking by staff at once leave the time to one of them', async () => {
    for (let round = 0; round < 10; round++) {
      const { openingId, startsAt, offers } = await offered(
        1,
        round % 2 ? { later: () => THURSDAY + 100 * DAY + round * HOUR } : {},
      );
      const patientId = round % 3 ? otherPatientId : offers[0]!.patientId;
      const [claimed, booked] = await Promise.allSettled([
        desk.take(openingId, offers[0]!, { startsAt }),
        desk.book(startsAt, { patientId }),
      ]);
      const status = booked.status === 'fulfilled' ? booked.value.status : 0;
      expect(['done 409', 'OPENING_CLOSED 201', 'SLOT_TAKEN 201', 'PATIENT_OVERLAP 201']).toContain(
        `${codeOf(claimed)} ${status}`,
      );
      expect(await desk.owners(startsAt)).toHaveLength(1);
      const expected = codeOf(claimed) === 'done' ? 'filled' : 'withdrawn';
      expect(await desk.opening(openingId)).toMatchObject({ status: expected });
    }
  });

  it('waits for its patient before it keeps others from the opening: so a booking for that patient never waits in turn', async () => {
    const { openingId, startsAt, offers } = await offered(1);
    let taken!: ReturnType<typeof desk.take>;
    await sql.begin(async (tx) => {
      await tx`select from patients where id = ${offers[0]!.patientId} for no key update`;
      taken = desk.take(openingId, offers[0]!, { startsAt });
      await untilSomebodyWaits();
      expect(await tx`select id from openings where id = ${openingId} for no key update nowait`).toHaveLength(1);
    });
    expect((await taken).appointment).toMatchObject({ status: 'booked', startsAt });
  });

  it('and a move by staff onto the time at once leave it to one of them', async () => {
    const { openingId, startsAt, offers } = await offered(1, { later: () => freshTime() + HOUR / 2 });
    const visit = offers[0]!.appointmentId!;
    const staffs = await desk.booked(THURSDAY + 120 * DAY, { patientId: otherPatientId });
    const [claimed, moved] = await Promise.allSettled([
      desk.take(openingId, offers[0]!, { startsAt }),
      desk.act(staffs, 'move', { startsAt: iso(startsAt) }),
    ]);
    const status = moved.status === 'fulfilled' ? moved.value.status : 0;
    expect(['done 409', 'OPENING_CLOSED 200']).toContain(`${codeOf(claimed)} ${status}`);
    expect(await desk.owners(startsAt)).toEqual([codeOf(claimed) === 'done' ? visit : staffs]);
  });
});

describe('a claim is refused, and changes nothing,', () => {
  const nothing = async () => {};
  it.each<[string, string, (fresh: Fresh) => Promise<unknown>, Record<string, unknown>?]>([
    [
      'where the opening has been withdrawn',
      'OPENING_CLOSED',
      ({ openingId }) =>
        withdrawOpening(db, { clinicId, openingId, requestId: asId<RequestId>(randomUUID()), now: NOW }),
    ],
    [
      'after the notice limit',
      'OPENING_CLOSED',
      ({ openingId }) => sql`update openings set offer_until = ${iso(NOW - 1)} where id = ${openingId}`,
    ],
    [
      'by who has declined',
      'OPENING_CLOSED',
      ({ openingId, offers }) =>
        recordAnswer(db, { clinicId, openingId, offerId: offers[0]!.id, answer: 'decline', now: NOW }),
    ],
    [
      'by who wants no more texts',
      'OPENING_CLOSED',
      ({ offers }) => sql`update offers set status = 'void' where id = ${offers[0]!.id}`,
    ],
    ['by another patient', 'OPENING_CLOSED', nothing, { patientId: otherPatientId }],
    ['for another time', 'OPENING_CLOSED', nothing, { startsAt: THURSDAY + 150 * DAY }],
    ['at another provider', 'OPENING_CLOSED', nothing, { providerId: clinic.otherProviderId }],
    [
      'with an offer that does not exist',
      'OPENING_CLOSED',
      nothing,
      {
        claim: { kind: 'offer', openingId: randomUUID(), offerId: randomUUID() },
      },
    ],
    [
      'by who is somewhere else then',
      'PATIENT_OVERLAP',
      ({ startsAt, offers }) =>
        desk.booked(startsAt, { patientId: offers[0]!.patientId, providerId: clinic.otherProviderId }),
    ],
    [
      'while staff have leased the time',
      'SLOT_TAKEN',
      async ({ startsAt }) => {
        desk.api.temporal.whenReserving = () => Promise.reject(new Error('the workflow is away'));
        await desk.book(startsAt, { patientId: otherPatientId });
        desk.api.temporal.whenReserving = undefined;
      },
    ],
  ])('%s: %s', async (_when, code, breakIt, changes = {}) => {
    const fresh = await offered(1);
    await breakIt(fresh);
    const { openingId, startsAt, offers } = fresh;
    const before = [await desk.opening(openingId), await desk.offersOf(openingId), await desk.owners(startsAt)];
    await expect(desk.take(openingId, offers[0]!, { startsAt, ...changes })).rejects.toMatchObject({ code });
    expect([await desk.opening(openingId), await desk.offersOf(openingId), await desk.owners(startsAt)]).toEqual(
      before,
    );
  });

  it('at the limit to the millisecond it is not', async () => {
    const { openingId, startsAt, offers } = await offered(1);
    const won = await desk.take(openingId, offers[0]!, { startsAt, now: startsAt - 2 * HOUR });
    expect(won.appointment.status).toBe('booked');
  });

  it('where the visit that would move is not the later one any more', async () => {
    const { openingId, startsAt, offers } = await offered(1, { later: () => THURSDAY + 160 * DAY + used * HOUR });
    const [offer] = offers;
    const moved = await desk.act(offer!.appointmentId!, 'move', {
      startsAt: iso(startsAt - DAY - HOUR / 2),
      offer: false,
    });
    expect(moved.status).toBe(200);
    const late = desk.take(openingId, offer!, { startsAt, revision: 2 });
    await expect(late).rejects.toMatchObject({ code: 'ACTION_NOT_ALLOWED' });
    expect(await desk.opening(openingId)).toMatchObject({ status: 'offering' });
  });

  it('where that visit has another time by now than the one that was to be given up', async () => {
    const later = THURSDAY + 170 * DAY + used * HOUR;
    const { openingId, startsAt, offers } = await offered(1, { later: () => later });
    const [offer] = offers;
    const move = { startsAt: iso(later + 2 * HOUR), offer: false };
    expect((await desk.act(offer!.appointmentId!, 'move', move)).status).toBe(200);
    const taken = desk.take(openingId, offer!, { startsAt, revision: 2 });
    await expect(taken).rejects.toMatchObject({ code: 'ACTION_NOT_ALLOWED' });
    expect(await desk.opening(openingId)).toMatchObject({ status: 'offering' });
    expect(await visitsOf(offer!.patientId)).toMatchObject([{ startsAt: later + 2 * HOUR, version: 2 }]);
  });

  it('with another clinic’s offer', async () => {
    const { openingId, startsAt, offers } = await offered(1);
    const stranger = await addClinic(desk.adminUrl);
    const { clinicId: theirs, visitTypeId, providerId, patientId } = stranger;
    const foreign = desk.take(openingId, offers[0]!, {
      clinicId: theirs,
      startsAt,
      visitTypeId,
      providerId,
      patientId,
    });
    await expect(foreign).rejects.toMatchObject({ code: 'OPENING_CLOSED' });
    expect(await desk.opening(openingId)).toMatchObject({ status: 'offering' });
  });
});

describe('a time that its winner gives back', () => {
  it('by a cancel is offered to those who were not asked and those who came too late, at the same depth', async () => {
    const { openingId, startsAt, offers } = await offered(4);
    const [winner, declining, tooLate, opting] = offers;
    await recordAnswer(db, { clinicId, openingId, offerId: declining!.id, answer: 'decline', now: NOW });
    await sql`update offers set status = 'void' where id = ${opting!.id}`;
    await sql`update openings set depth = 2 where id = ${openingId}`;
    const visit = await desk.winByApi(openingId, winner!, startsAt);
    await desk.wave(openingId);
    const [notAsked] = await desk.crowdWaiting(1);
    await sql`update waiting_list set ended_at = null, ended_as = null where patient_id = ${winner!.patientId}`;
    expect((await desk.act(visit, 'cancel')).status).toBe(200);
    const again = (await desk.openings()).find((row) => row.reopensId === openingId)!;
    expect(again).toMatchObject({ status: 'offering', cause: 'cancelled', depth: 2, startsAt });
    await desk.wave(again.id);
    const asked = (await desk.offersOf(again.id)).map(({ patientId }) => patientId);
    expect(asked.toSorted()).toEqual([tooLate!.patientId, notAsked!].toSorted());
  });

  it('is offered as another one, once the winner has been moved elsewhere', async () => {
    const { openingId, startsAt, offers } = await offered(1);
    const visit = await desk.winByApi(openingId, offers[0]!, startsAt);
    const to = freshTime();
    await desk.act(visit, 'move', { startsAt: iso(to + HOUR / 2), offer: false });
    await desk.act(visit, 'cancel');
    const [made] = (await desk.openings()).filter((row) => row.startsAt === to + HOUR / 2);
    expect(made).toMatchObject({ reopensId: null, depth: 0 });
  });
});

describe('a cascade', () => {
  it('ends where the clinic says', async () => {
    const { openingId, startsAt, offers } = await offered(1, { later: () => freshTime() + HOUR / 2 });
    await sql`update openings set depth = 3 where id = ${openingId}`;
    const won = await desk.take(openingId, offers[0]!, { startsAt });
    expect(won.openingIds).toEqual([openingId]);
  });
});

describe('a claim of a proposal', () => {
  interface Proposed {
    id: string;
    times: number[];
    patientId: PatientId;
  }

  async function proposed(appointmentId: string | null = null, patientId = otherPatientId): Promise<Proposed> {
    const id = randomUUID();
    const times = [freshTime() + 180 * DAY, freshTime() + 180 * DAY];
    await sql`insert into proposals (clinic_id, id, request_id, patient_id, visit_type_id, appointment_id, status, created_at, send_at, expires_at)
      values (${clinicId}, ${id}, ${randomUUID()}, ${patientId}, ${clinic.visitTypeId}, ${appointmentId}, 'waiting', ${iso(NOW)}, ${iso(NOW)}, ${iso(NOW + 4 * HOUR)})`;
    for (const [index, at] of times.entries()) {
      const [start, end] = [iso(at), iso(at + 30 * MINUTE)];
      await sql`insert into proposal_times (clinic_id, proposal_id, position, code, provider_id, starts_at, ends_at)
        values (${clinicId}, ${id}, ${index + 1}, ${`K${index}`}, ${clinic.providerId}, ${start}, ${end})`;
      await sql`insert into occupancies (clinic_id, provider_id, owner_id, during)
        values (${clinicId}, ${clinic.providerId}, ${id}, ${`[${start},${end})`})`;
    }
    return { id, times, patientId };
  }

  const claimOf = ({ id }: Proposed) => ({ claim: { kind: 'proposal' as const, proposalId: asId<never>(id) } });
  const offerOf = (patientId: PatientId, appointmentId: AppointmentId | null = null) =>
    ({ id: asId<OfferId>(randomUUID()), patientId, appointmentId }) as OfferRow;
  const nowhere = asId<OpeningId>(randomUUID());

  it('books one of its times and gives the others free', async () => {
    const proposal = await proposed();
    const [first, second] = proposal.times as [number, number];
    const taken = await desk.take(nowhere, offerOf(otherPatientId), { startsAt: second, ...claimOf(proposal) });
    expect(taken.appointment).toMatchObject({ status: 'booked', startsAt: second });
    expect(taken.plan[0]).toMatchObject({ kind: 'booked' });
    expect([await desk.owners(first), await desk.owners(second)]).toEqual([[], [taken.appointment.id]]);
    const [row] = await sql`select status, taken_appointment_id as taken from proposals where id = ${proposal.id}`;
    expect(row).toEqual({ status: 'answered', taken: taken.appointment.id });
    const { appointment } = taken;
    const again = { startsAt: second, appointmentId: appointment.id, ...claimOf(proposal) };
    expect((await desk.take(nowhere, offerOf(otherPatientId), again)).appointment).toEqual(appointment);
  });

  it('moves the visit that it is about', async () => {
    const visit = await desk.booked(THURSDAY + 170 * DAY, { patientId: otherPatientId });
    const proposal = await proposed(visit);
    const startsAt = proposal.times[0]!;
    const moved = await desk.take(nowhere, offerOf(otherPatientId, visit), { startsAt, ...claimOf(proposal) });
    expect(moved.appointment).toMatchObject({ id: visit, startsAt, version: 2 });
    expect(moved.plan[0]).toMatchObject({ kind: 'moved' });
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['after its end', {}, { now: NOW + 4 * HOUR + 1 }],
    ['once it has been answered', { status: 'answered' }, {}],
    ['once it has expired', { status: 'expired' }, {}],
    ['for a time that is none of it', {}, { startsAt: THURSDAY + 171 * DAY }],
    ['by another patient', {}, { patientId: clinic.patientId }],
  ])('is refused %s', async (_when, row, changes) => {
    const proposal = await proposed();
    if (Object.keys(row).length > 0) await sql`update proposals set ${sql(row)} where id = ${proposal.id}`;
    const wanted = { startsAt: proposal.times[0]!, ...claimOf(proposal), ...changes };
    const refused = desk.take(nowhere, offerOf(otherPatientId), wanted);
    await expect(refused).rejects.toMatchObject({ code: 'APPOINTMENT_EXPIRED' });
    expect(await desk.owners(proposal.times[0]!)).toEqual([proposal.id]);
  });
});
