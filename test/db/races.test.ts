import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, describe, expect, it } from 'vitest';
import { inClinic, openDatabase } from '../../db/client.ts';
import { FencedError } from '../../db/commands/appointments/change.ts';
import { confirmAppointment } from '../../db/commands/appointments/confirm.ts';
import { endAppointment } from '../../db/commands/appointments/end.ts';
import { type ReserveCommand, reserveAppointment } from '../../db/commands/appointments/reserve.ts';
import { type LeaseRequest, leaseTime } from '../../db/commands/occupancies/lease.ts';
import { Refusal } from '../../domain/errors.ts';
import { type AppointmentId, type RequestId, asId } from '../../domain/ids.ts';
import { ELAPSED_DAY, HOUR, type Instant, MINUTE, SECOND } from '../../domain/interval.ts';
import { addClinic } from '../support/clinic.ts';
import { addCrowd } from '../support/crowd.ts';
import { testDatabase } from '../support/database.ts';

/** A Sunday at noon in Helsinki. */
const now = Date.parse('2026-11-22T10:00Z');
const LEASE = 30 * SECOND;

const { adminUrl, appUrl } = await testDatabase();
const sql = postgres(adminUrl, { max: 2, onnotice: () => {} });
const db = openDatabase(appUrl, { connections: 10 });
const clinic = await addClinic(adminUrl);
const crowd = await addCrowd(sql, clinic, 500);
afterAll(async () => {
  await db.close();
  await sql.end();
});

let days = 10;
/** Noon of a day on which nothing has been reserved. */
function freshDay(): Instant {
  days += 1;
  return now + days * ELAPSED_DAY;
}

function reservation(startsAt: Instant, wish: Partial<ReserveCommand> = {}): LeaseRequest & ReserveCommand {
  const { clinicId, patientId, providerId, visitTypeId } = clinic;
  const [appointmentId, requestId] = [asId<AppointmentId>(randomUUID()), asId<RequestId>(randomUUID())];
  return {
    clinicId,
    appointmentId,
    requestId,
    patientId,
    providerId,
    visitTypeId,
    startsAt,
    now,
    mode: 'book',
    actor: 'staff',
    confirmBy: null,
    notify: true,
    allowPatientOverlap: false,
    remind: true,
    holder: null,
    ...wish,
  };
}

function lease(request: LeaseRequest): Promise<void> {
  return inClinic(db, clinic.clinicId, (tx) => leaseTime(tx, request));
}

/** What each of those who acted at once came to, by name. */
async function tallyOf(acts: readonly Promise<unknown>[]): Promise<Record<string, number>> {
  const tally: Record<string, number> = {};
  for (const settled of await Promise.allSettled(acts)) {
    const name = settled.status === 'fulfilled' ? 'done' : nameOf(settled.reason);
    tally[name] = (tally[name] ?? 0) + 1;
  }
  return tally;
}

function nameOf(error: unknown): string {
  if (error instanceof Refusal) return error.code;
  return error instanceof FencedError ? 'fenced' : String((error as Error).cause ?? error);
}

async function leaveLapsedLease(from: Instant, to: Instant): Promise<void> {
  await sql`insert into occupancies (clinic_id, provider_id, owner_id, during, leased_until)
    values (${clinic.clinicId}, ${clinic.providerId}, ${randomUUID()}, tstzrange(${new Date(from)}, ${new Date(to)}), ${new Date(now - 1)})`;
}

/** Who has the provider's time on that day: owners in order, with their minutes after noon. */
async function occupantsOf(day: Instant) {
  const rows = await sql<{ owner_id: string; starts: Date; ends: Date; leased_until: Date | null }[]>`
    select owner_id, lower(during) as starts, upper(during) as ends, leased_until from occupancies
    where provider_id = ${clinic.providerId} and during && tstzrange(${new Date(day)}, ${new Date(day + 12 * HOUR)}) order by lower(during)`;
  return rows.map((row) => ({
    owner: row.owner_id,
    starts: +row.starts,
    ends: +row.ends,
    isLeased: row.leased_until !== null,
  }));
}

describe('claiming a time', () => {
  it.each([
    ['that is free', false],
    ['that somebody has claimed and never reserved', true],
  ])('%s has one winner among five hundred', async (_, isLapsed) => {
    const day = freshDay();
    if (isLapsed) await leaveLapsedLease(day - 10 * MINUTE, day + 10 * MINUTE);
    const claims = crowd.map(({ patientId }) => reservation(day, { patientId }));
    expect(await tallyOf(claims.map(lease))).toEqual({ done: 1, SLOT_TAKEN: 499 });
    expect(await occupantsOf(day)).toMatchObject([{ starts: day, isLeased: true }]);
  });

  it('of many that overlap, over the remains of others, blocks nobody for ever and overlaps nothing', async () => {
    const day = freshDay();
    await Promise.all(
      Array.from({ length: 48 }, (_, index) =>
        leaveLapsedLease(day + index * 5 * MINUTE, day + (index + 1) * 5 * MINUTE),
      ),
    );
    const claims = crowd.map(({ patientId }, index) =>
      reservation(day + ((index * 7) % 43) * 5 * MINUTE, { patientId }),
    );
    const { done = 0, ...others } = await tallyOf(claims.map(lease));
    expect(others).toEqual({ SLOT_TAKEN: claims.length - done });
    const occupants = await occupantsOf(day);
    const made = occupants.filter(({ isLeased, starts, ends }) => isLeased && ends - starts === 30 * MINUTE);
    expect(made).toHaveLength(done);
    for (const [index, { starts }] of occupants.slice(1).entries())
      expect(starts).toBeGreaterThanOrEqual(occupants[index]!.ends);
  });

  it('is refused as taken, even where the patient who wants it is the one who has it meanwhile', async () => {
    const day = freshDay();
    const winner = reservation(day);
    const late = reservation(day);
    let claimed!: Promise<unknown>;
    // Held up before the look at the patient's other visits, until the winner has both time and visit.
    await sql.begin(async (tx) => {
      await tx`select from patients where id = ${clinic.patientId} for update`;
      claimed = tallyOf([lease(late)]);
      await untilSomebodyWaits();
      await tx`insert into occupancies (clinic_id, provider_id, owner_id, during)
        values (${clinic.clinicId}, ${clinic.providerId}, ${winner.appointmentId}, tstzrange(${new Date(day)}, ${new Date(day + 30 * MINUTE)}))`;
      await tx`insert into appointments (clinic_id, id, status, patient_id, provider_id, visit_type_id, starts_at, ends_at, version,
          revision, plan, settled_at, created_at, updated_at)
        values (${clinic.clinicId}, ${winner.appointmentId}, 'booked', ${clinic.patientId}, ${clinic.providerId}, ${clinic.visitTypeId},
          ${new Date(day)}, ${new Date(day + 30 * MINUTE)}, 1, 1, '[]', now(), now(), now())`;
    });
    expect(await claimed).toEqual({ SLOT_TAKEN: 1 });
  });

  it('cannot put two owners on one minute, whatever the code does', async () => {
    const day = freshDay();
    await lease(reservation(day));
    await expect(leaveLapsedLease(day + 29 * MINUTE, day + 40 * MINUTE)).rejects.toThrow('occupancies_no_overlap');
    await leaveLapsedLease(day + 30 * MINUTE, day + 40 * MINUTE);
  });
});

describe('a claim that lapses just as it is reserved', () => {
  it.each([
    ['another patient', 1],
    ['the same patient', 0],
  ])('belongs to one of the two: against %s', async (_, other) => {
    await Promise.all(
      Array.from({ length: 40 }, async (__, index) => {
        const startsAt = freshDay();
        const first = reservation(startsAt, { patientId: crowd[index]!.patientId });
        await lease(first);
        const second = reservation(startsAt, {
          patientId: crowd[index + other * 100]!.patientId,
          now: now + LEASE + 1,
        });
        const acts = [() => reserveAppointment(db, { ...first, now: now + LEASE }), () => lease(second)];
        const inTurn = index % 2 === 0 ? acts : acts.toReversed();
        const tallies = await Promise.all(inTurn.map((act) => tallyOf([act()])));
        const [reserved, claimed] = index % 2 === 0 ? tallies : tallies.toReversed();
        const [owner] = await occupantsOf(startsAt);
        const isReserved = reserved?.['done'] === 1;
        expect(reserved).toEqual(isReserved ? { done: 1 } : { TEMPORARILY_UNAVAILABLE: 1 });
        expect(claimed).toEqual(isReserved ? { SLOT_TAKEN: 1 } : { done: 1 });
        expect(owner).toMatchObject({
          owner: isReserved ? first.appointmentId : second.appointmentId,
          isLeased: !isReserved,
        });
      }),
    );
  });
});

describe('a command that two processes carry out, one of them thought dead', () => {
  it.each([
    ['reserve', ['preReserved']],
    ['confirm', ['preReserved', 'confirmed']],
    ['expire', ['preReserved', 'expired']],
  ])('is carried out once: %s', async (name, changes) => {
    for (let round = 0; round < 25; round++) {
      const made = reservation(freshDay(), { mode: 'preReserve', patientId: crowd[round]!.patientId });
      await lease(made);
      if (name !== 'reserve') await reserveAppointment(db, made);
      const change = {
        ...targetOf(made, 1),
        requestId: name === 'reserve' ? made.requestId : asId<RequestId>(randomUUID()),
      };
      const carryOut = {
        reserve: () => reserveAppointment(db, made),
        confirm: () => confirmAppointment(db, { ...change, actor: 'patient' }),
        expire: () => endAppointment(db, { ...change, actor: 'time', status: 'expired', notify: true, overrode: null }),
      }[name]!;
      const answers = await Promise.all([carryOut(), carryOut(), carryOut(), carryOut()]);
      for (const answer of [...answers, await carryOut()]) expect(answer).toEqual(answers[0]);
      expect(await auditOf(made)).toEqual(changes);
    }
  });

  it('answers with what the first one made, even where it came too late to make it', async () => {
    const made = reservation(freshDay(), { mode: 'preReserve', confirmBy: now + 5 * SECOND });
    await lease(made);
    const first = await reserveAppointment(db, made);
    expect(await reserveAppointment(db, { ...made, now: now + 10 * SECOND })).toEqual(first);
  });

  it('makes no reservation any more once a later run has refused it', async () => {
    const made = reservation(freshDay());
    await lease(made);
    const late = { ...made, now: now + LEASE + 1 };
    expect(await tallyOf([reserveAppointment(db, late)])).toEqual({ TEMPORARILY_UNAVAILABLE: 1 });
    expect(await tallyOf([reserveAppointment(db, made)])).toEqual({ TEMPORARILY_UNAVAILABLE: 1 });
    expect(await auditOf(made)).toEqual([]);
    expect(await occupantsOf(made.startsAt)).toEqual([]);
  });

  it('is fenced off where another one came between', async () => {
    for (let round = 0; round < 25; round++) {
      const made = reservation(freshDay(), { mode: 'preReserve', patientId: crowd[round]!.patientId });
      await lease(made);
      await reserveAppointment(db, made);
      const change = () => ({ ...targetOf(made, 1), requestId: asId<RequestId>(randomUUID()) });
      const confirming = confirmAppointment(db, { ...change(), actor: 'patient' });
      const expiring = endAppointment(db, {
        ...change(),
        actor: 'time',
        status: 'expired',
        notify: true,
        overrode: null,
      });
      expect(await tallyOf([confirming, expiring])).toEqual({ done: 1, fenced: 1 });
      expect(await auditOf(made)).toHaveLength(2);
    }
  });
});

function targetOf({ clinicId, appointmentId }: ReserveCommand, revision: number) {
  return { clinicId, appointmentId, revision, now: now + SECOND };
}

async function auditOf({ appointmentId }: ReserveCommand): Promise<string[]> {
  const rows = await sql<
    { action: string }[]
  >`select action from audit_entries where appointment_id = ${appointmentId} order by id`;
  return rows.map(({ action }) => action);
}

/** Somebody in this database waits for a lock. */
async function untilSomebodyWaits(): Promise<void> {
  await expect
    .poll(
      async () =>
        (await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
          .length,
    )
    .toBe(1);
}
