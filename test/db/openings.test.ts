import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { reserveAppointment } from '../../db/commands/appointments/reserve.ts';
import { openByHand } from '../../db/commands/openings/by-hand.ts';
import { releaseOpening, withdrawOpening } from '../../db/commands/openings/end.ts';
import { endAppointment } from '../../db/commands/appointments/end.ts';
import { type AppointmentId, type OpeningId, type RequestId, asId } from '../../domain/ids.ts';
import { HOUR, MINUTE } from '../../domain/interval.ts';
import { addClinic } from '../support/clinic.ts';
import { addCrowd } from '../support/crowd.ts';
import { NOW, THURSDAY, iso, openingDesk } from './opening-desk.ts';

const DAY = 24 * HOUR;
const desk = await openingDesk();
const { clinic, sql, db } = desk;
const { clinicId, providerId, otherProviderId, visitTypeId, lockedVisitTypeId, otherPatientId } = clinic;

let hours = 0;
/** A time of its own near THURSDAY, in the hours. */
function freshTime(): number {
  hours += 1;
  return THURSDAY + Math.floor(hours / 9) * DAY + (hours % 9) * HOUR;
}

async function openingsOf(visitId: string) {
  const rows = await sql<{ id: OpeningId }[]>`select id from openings where appointment_id = ${visitId}`;
  return Promise.all(rows.map(({ id }) => desk.opening(id)));
}

const requestId = () => asId<RequestId>(randomUUID());

describe('a time that is given up', () => {
  it('passes to its opening in the transaction that frees it', async () => {
    const start = freshTime();
    const visit = await desk.booked(start);
    expect((await desk.act(visit, 'cancel')).status).toBe(200);
    const [made, ...others] = await openingsOf(visit);
    expect(others).toEqual([]);
    expect(made).toMatchObject({
      status: 'offering',
      cause: 'cancelled',
      depth: 0,
      startsAt: start,
      patientId: clinic.patientId,
    });
    expect(await desk.owners(start)).toEqual([made?.id]);
  });

  it('is named to the workflow, also when the change is asked for again', async () => {
    const visit = await desk.booked(freshTime());
    const command = {
      clinicId,
      appointmentId: visit,
      requestId: requestId(),
      actor: 'staff',
      revision: 1,
      now: NOW,
    } as const;
    const ending = { ...command, status: 'cancelled', notify: true, overrode: null } as const;
    const first = await endAppointment(db, ending);
    const [made] = await openingsOf(visit);
    expect(first.openingIds).toEqual([made?.id]);
    expect((await endAppointment(db, ending)).openingIds).toEqual([made?.id]);
    await desk.wave(made!.id);
    expect((await endAppointment(db, ending)).openingIds).toBeUndefined();
  });

  it('by a move is the old time, at the old provider', async () => {
    const [from, to] = [freshTime(), freshTime()];
    const visit = await desk.booked(from);
    expect((await desk.act(visit, 'move', { startsAt: iso(to), providerId: otherProviderId })).status).toBe(200);
    const [made] = await openingsOf(visit);
    expect(made).toMatchObject({ cause: 'moved', startsAt: from });
    expect(await desk.owners(from)).toEqual([made?.id]);
    expect(await desk.owners(to)).toEqual([visit]);
  });

  it.each(['cancel', 'move'])('before it was confirmed is one as well, by a %s', async (action) => {
    const [from, to] = [freshTime(), freshTime()];
    const visit = await desk.booked(from, { mode: 'preReserve', confirmBy: iso(NOW + DAY) });
    expect((await desk.act(visit, action, action === 'move' ? { startsAt: iso(to) } : {})).status).toBe(200);
    const cause = action === 'move' ? 'moved' : 'cancelled';
    expect(await openingsOf(visit)).toMatchObject([{ cause, startsAt: from, status: 'offering' }]);
  });

  it('keeps its buffers', async () => {
    await sql`update visit_types set buffer_before_minutes = 5, buffer_after_minutes = 10 where id = ${visitTypeId}`;
    const start = freshTime();
    const visit = await desk.booked(start);
    await sql`update visit_types set buffer_before_minutes = 0, buffer_after_minutes = 0 where id = ${visitTypeId}`;
    await desk.act(visit, 'cancel');
    const [made] = await openingsOf(visit);
    expect(await desk.owners(start - 5 * MINUTE)).toEqual([made?.id]);
  });

  it('by an expiry is offered at any distance', async () => {
    const visit = await desk.booked(THURSDAY + 60 * DAY, { mode: 'preReserve' });
    const { rows } = { rows: await sql<{ at: Date }[]>`select confirm_by as at from appointments where id = ${visit}` };
    const command = { clinicId, appointmentId: visit, requestId: requestId(), actor: 'time', revision: 1 } as const;
    await endAppointment(db, {
      ...command,
      now: rows[0]!.at.getTime() + 1,
      status: 'expired',
      notify: true,
      overrode: null,
    });
    expect(await openingsOf(visit)).toMatchObject([{ cause: 'expired', status: 'offering' }]);
  });

  it.each<[string, () => Promise<string>]>([
    [
      'a move by less than its length',
      async () => {
        const start = freshTime();
        const visit = await desk.booked(start);
        await desk.act(visit, 'move', { startsAt: iso(start + 15 * MINUTE) });
        return visit;
      },
    ],
    [
      'a cancel without an offer',
      async () => {
        const visit = await desk.booked(freshTime());
        await desk.act(visit, 'cancel', { offer: false });
        return visit;
      },
    ],
    [
      'a move without an offer',
      async () => {
        const visit = await desk.booked(freshTime());
        await desk.act(visit, 'move', { startsAt: iso(freshTime()), offer: false });
        return visit;
      },
    ],
    [
      'a hold that is released',
      async () => {
        const visit = await desk.booked(freshTime(), { mode: 'hold', holder: 'h' });
        await desk.api.call(clinic.staffKey, 'POST', `/v1/appointments/${visit}/release`, { holder: 'h' });
        return visit;
      },
    ],
    [
      'a hold that expires',
      async () => {
        const visit = await desk.booked(freshTime(), { mode: 'hold', holder: 'h' });
        const command = { clinicId, appointmentId: visit, requestId: requestId(), actor: 'time', revision: 1 } as const;
        await endAppointment(db, { ...command, now: NOW + HOUR, status: 'expired', notify: true, overrode: null });
        return visit;
      },
    ],
    [
      'a locked type',
      async () => {
        const visit = await desk.booked(freshTime(), { visitTypeId: lockedVisitTypeId });
        await desk.act(visit, 'cancel');
        return visit;
      },
    ],
    [
      'a time outside the hours',
      async () => {
        const visit = await desk.booked(THURSDAY + 12 * HOUR);
        await desk.act(visit, 'cancel');
        return visit;
      },
    ],
    [
      'a time in three weeks',
      async () => {
        const visit = await desk.booked(THURSDAY + 21 * DAY);
        await desk.act(visit, 'cancel');
        return visit;
      },
    ],
    [
      'a time in an hour',
      async () => {
        const visit = await desk.booked(NOW + HOUR);
        await desk.act(visit, 'cancel');
        return visit;
      },
    ],
  ])('is not offered after %s', async (_what, giveUp) => {
    const visit = await giveUp();
    expect(await openingsOf(visit)).toEqual([]);
  });

  it('in the night is free at once where the notice limit comes before the morning, and staff know', async () => {
    const [early, later] = [Date.parse('2027-01-13T09:30:00+02:00'), Date.parse('2027-01-13T10:00:00+02:00')];
    const visits = [await desk.booked(early), await desk.booked(later)];
    const moved = await desk.booked(early - HOUR);
    desk.api.clock.at = Date.parse('2027-01-12T22:00:00+02:00');
    // What it leaves is not wholly free, and nothing to find somebody for.
    expect((await desk.act(moved, 'move', { startsAt: iso(early - HOUR + 15 * MINUTE) })).status).toBe(200);
    for (const visit of visits) expect((await desk.act(visit, 'cancel')).status).toBe(200);
    expect((await Promise.all(visits.map(openingsOf))).map(({ length }) => length)).toEqual([0, 1]);
    const told = await sql`select detail from tasks where kind = 'openingUnfilled' and detail->>'reason' = 'night'`;
    expect(told).toEqual([{ detail: { providerId, visitTypeId, startsAt: '2027-01-13T07:30:00Z', reason: 'night' } }]);
    const booked = await desk.book(early, { patientId: otherPatientId, actor: 'patient' });
    desk.api.clock.at = NOW;
    expect(booked.status).toBe(201);
  });

  it('cannot be leased by two hundred who wait for that very moment', async () => {
    const start = freshTime();
    const visit = await desk.booked(start);
    const crowd = await addCrowd(sql, clinic, 100);
    const lease = ({ patientId }: { patientId: string }, index: number) =>
      desk.book(start, { patientId, actor: index % 2 ? 'patient' : 'guardian' });
    const [early, cancelled, late] = await Promise.all([
      Promise.all(crowd.map(lease)),
      desk.act(visit, 'cancel'),
      Promise.all(crowd.map(lease)),
    ]);
    expect(cancelled.status).toBe(200);
    expect(new Set([...early, ...late].map(({ body }) => body.code))).toEqual(new Set(['SLOT_TAKEN']));
    const [made] = await openingsOf(visit);
    expect(await desk.owners(start)).toEqual([made?.id]);
  });
});

describe('a time that is offered', () => {
  async function isFree(start: number, as = clinic.staffKey) {
    const query = `visitTypeId=${visitTypeId}&providerId=${providerId}&from=${iso(start)}&to=${iso(start + 1)}`;
    const { body } = await desk.api.call(as, 'GET', `/v1/availability?${query}`);
    return body.slots.length > 0;
  }

  it('is not free for anybody, until it is released, then for all; and free again once it is withdrawn', async () => {
    const [start, other] = [freshTime(), freshTime()];
    const [openingId, otherId] = [await desk.freed(start), await desk.freed(other)];
    await desk.waiting();
    const both = async () => [await isFree(start), await isFree(start, clinic.webKey)];
    expect(await both()).toEqual([false, false]);
    const command = { clinicId, requestId: requestId(), now: NOW };
    await releaseOpening(db, { ...command, openingId });
    expect(await both()).toEqual([true, true]);
    await releaseOpening(db, { ...command, openingId });
    expect((await desk.opening(openingId)).revision).toBe(2);
    await withdrawOpening(db, { ...command, openingId: otherId });
    expect(await desk.opening(otherId)).toMatchObject({ status: 'withdrawn', reason: 'staff' });
    expect([await isFree(other), await desk.owners(other)]).toEqual([true, []]);
  });

  it('is refused to patients who book, hold or move to it, and open to staff and office', async () => {
    for (const actor of ['staff', 'office'] as const) {
      const start = freshTime();
      const openingId = await desk.freed(start);
      for (const changes of [
        { actor: 'patient' },
        { actor: 'guardian' },
        { actor: 'patient', mode: 'hold', holder: 'x' },
      ]) {
        const refused = await desk.book(start, { patientId: otherPatientId, ...changes });
        expect([refused.status, refused.body.code]).toEqual([409, 'SLOT_TAKEN']);
      }
      const visit = await desk.booked(start + 60 * DAY, { patientId: otherPatientId });
      const moved = await desk.act(visit, 'move', { actor: 'patient', startsAt: iso(start) });
      expect([moved.status, moved.body.code]).toEqual([409, 'SLOT_TAKEN']);
      expect(await desk.opening(openingId)).toMatchObject({ status: 'offering', revision: 1 });
      const taken = await desk.booked(start, { patientId: otherPatientId, actor });
      expect(await desk.opening(openingId)).toMatchObject({ status: 'withdrawn', reason: 'takenByStaff', revision: 2 });
      expect(await desk.owners(start)).toEqual([taken]);
    }
  });

  it('is closed by a staff move onto a part of it', async () => {
    const start = freshTime();
    const openingId = await desk.freed(start);
    const visit = await desk.booked(start + 60 * DAY, { patientId: otherPatientId });
    expect((await desk.act(visit, 'move', { startsAt: iso(start + 15 * MINUTE) })).status).toBe(200);
    expect(await desk.opening(openingId)).toMatchObject({ status: 'withdrawn', reason: 'takenByStaff' });
    expect(await desk.owners(start)).toEqual([]);
  });

  it('can be booked online once it is released, or where the clinic says so', async () => {
    const start = freshTime();
    const openingId = await desk.freed(start);
    await desk.waiting();
    await releaseOpening(db, { clinicId, requestId: requestId(), now: NOW, openingId });
    const booked = await desk.book(start, { patientId: otherPatientId, actor: 'patient' });
    expect(booked.status).toBe(201);
    expect(await desk.opening(openingId)).toMatchObject({ status: 'withdrawn', reason: 'takenOnline' });

    const next = freshTime();
    const other = await desk.freed(next);
    const policy = (value: boolean) => sql`
      update clinics set policy = policy || jsonb_build_object('openings', jsonb_build_object('isBookableOnline', ${value}::boolean))
      where clinic_id = ${clinicId}`;
    await policy(true);
    expect(await isFree(next, clinic.webKey)).toBe(true);
    const online = await desk.book(next, { patientId: otherPatientId, actor: 'guardian' });
    await policy(false);
    expect(online.status).toBe(201);
    expect(await desk.opening(other)).toMatchObject({ status: 'withdrawn', reason: 'takenOnline' });
  });

  it('stays offered while staff only lease it, kept from patients, and takes its time again if nothing comes of it', async () => {
    const start = freshTime();
    const openingId = await desk.freed(start);
    await desk.waiting();
    const visit = await desk.booked(start + 60 * DAY, { patientId: otherPatientId });
    desk.api.temporal.whenReserving = () => Promise.reject(new Error('the workflow is away'));
    await desk.book(start, { patientId: otherPatientId });
    desk.api.temporal.whenReserving = undefined;
    expect(await desk.owners(start)).not.toContain(openingId);
    // Nobody is asked while it is perhaps being booked.
    expect(await desk.wave(openingId)).toMatchObject({
      status: 'offering',
      wave: 0,
      toSend: [],
      next: { at: NOW + MINUTE },
    });
    desk.api.clock.at = NOW + MINUTE;
    const refused = await desk.book(start, { patientId: otherPatientId, actor: 'patient' });
    expect([refused.body.code, await isFree(start)]).toEqual(['SLOT_TAKEN', false]);
    const moved = await desk.act(visit, 'move', { actor: 'patient', startsAt: iso(start) });
    expect([moved.status, moved.body.code]).toEqual([409, 'SLOT_TAKEN']);
    expect(await desk.opening(openingId)).toMatchObject({ status: 'offering', revision: 1 });
    expect((await desk.wave(openingId, NOW + MINUTE)).wave).toBe(1);
    desk.api.clock.at = NOW;
    expect(await desk.owners(start)).toEqual([openingId]);
  });

  it('is not closed by a reservation whose lease has lapsed', async () => {
    const start = freshTime();
    const openingId = await desk.freed(start);
    const visit = {
      appointmentId: asId<AppointmentId>(randomUUID()),
      patientId: otherPatientId,
      visitTypeId,
      providerId,
    };
    const terms = { mode: 'book', actor: 'staff', confirmBy: null, notify: true, allowPatientOverlap: false } as const;
    const late = reserveAppointment(db, {
      clinicId,
      requestId: requestId(),
      now: NOW,
      startsAt: start,
      ...visit,
      ...terms,
    });
    await expect(late).rejects.toMatchObject({ code: 'TEMPORARILY_UNAVAILABLE' });
    expect(await desk.opening(openingId)).toMatchObject({ status: 'offering', revision: 1 });
  });
});

describe('a time that staff open by hand', () => {
  const wish = (changes: Record<string, unknown> = {}) => ({
    clinicId,
    openingId: asId<OpeningId>(randomUUID()),
    requestId: requestId(),
    visitTypeId,
    providerId,
    startsAt: freshTime(),
    now: NOW,
    ...changes,
  });

  it('is offered once, however often it is asked for, and at any distance', async () => {
    await desk.waiting();
    const wanted = wish({ startsAt: THURSDAY + 90 * DAY });
    const turns = await Promise.all([1, 2, 3].map(() => openByHand(db, wanted)));
    expect(turns.map(({ status, wave }) => [status, wave])).toEqual([1, 2, 3].map(() => ['offering', 1]));
    expect(await desk.opening(wanted.openingId)).toMatchObject({ cause: 'manual', patientId: null });
    expect(await desk.owners(wanted.startsAt)).toEqual([wanted.openingId]);
  });

  it.each<[string, Record<string, unknown>, string, string[]]>([
    ['of an unknown type', { visitTypeId: randomUUID() }, 'VALIDATION_FAILED', ['/visitTypeId', '/providerId']],
    ['of an unknown provider', { providerId: randomUUID() }, 'VALIDATION_FAILED', ['/providerId']],
    ['that has passed', { startsAt: NOW - 1 }, 'VALIDATION_FAILED', ['/startsAt']],
    ['that is too near', { startsAt: NOW + 2 * HOUR - 1 }, 'VALIDATION_FAILED', ['/startsAt']],
    [
      'that is too near once the night is over',
      { startsAt: Date.parse('2027-01-13T09:30:00+02:00'), now: Date.parse('2027-01-12T22:00:00+02:00') },
      'VALIDATION_FAILED',
      ['/startsAt'],
    ],
    ['of a locked type', { visitTypeId: lockedVisitTypeId }, 'STAFF_ONLY', []],
  ])('is refused %s', async (_why, changes, code, pointers) => {
    const wanted = wish(changes);
    const refused = openByHand(db, wanted);
    await expect(refused).rejects.toMatchObject({ code, errors: pointers.map((pointer) => ({ pointer })) });
    expect(await desk.opening(wanted.openingId)).toBeUndefined();
  });

  it('is refused where it is taken, by a visit, by another opening, or for another clinic', async () => {
    const start = freshTime();
    await desk.booked(start, { patientId: otherPatientId });
    await expect(openByHand(db, wish({ startsAt: start + 15 * MINUTE }))).rejects.toMatchObject({ code: 'SLOT_TAKEN' });
    await desk.waiting();
    const open = wish();
    await openByHand(db, open);
    await expect(openByHand(db, wish({ startsAt: open.startsAt }))).rejects.toMatchObject({ code: 'SLOT_TAKEN' });
    const stranger = await addClinic(desk.adminUrl);
    const theirs = openByHand(db, wish({ clinicId: stranger.clinicId }));
    await expect(theirs).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});
