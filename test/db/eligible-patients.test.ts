import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { addDays, atLocal } from '../../domain/clinic-time.ts';
import { inClinic } from '../../db/client.ts';
import { type EligiblePatient, eligiblePatients } from '../../db/queries/eligible-patients.ts';
import type { OpeningId, PatientId } from '../../domain/ids.ts';
import { HOUR, MINUTE } from '../../domain/interval.ts';
import { addClinic } from '../support/clinic.ts';
import { NOW, THURSDAY, iso, openingDesk } from './opening-desk.ts';

const DAY = 24 * HOUR;
const desk = await openingDesk();
const { clinic, sql, db } = desk;
const { clinicId, providerId, otherProviderId, visitTypeId, lockedVisitTypeId, sender } = clinic;

// Nobody waits whom a test has not added.
beforeEach(() => sql`update waiting_list set ended_at = now(), ended_as = 'removed' where ended_at is null`);

let days = 0;
/** A Thursday at ten of its own, so that nobody of another test is asked about it. */
function freshThursday(): number {
  return atLocal(addDays('2027-01-14', 7 * days++), '10:00', clinic.timeZone).instant;
}

/** An opening that nobody has been asked about, whatever its distance. */
async function openingAt(startsAt: number, changes: Record<string, unknown> = {}): Promise<OpeningId> {
  const id = randomUUID() as OpeningId;
  const row = {
    clinic_id: clinicId,
    id,
    provider_id: providerId,
    visit_type_id: visitTypeId,
    starts_at: iso(startsAt),
    ends_at: iso(startsAt + 30 * MINUTE),
    during: `[${iso(startsAt)},${iso(startsAt + 30 * MINUTE)})`,
    status: 'offering',
    cause: 'cancelled',
    patient_id: null,
    depth: 0,
    reopens_id: null,
    offer_until: iso(startsAt - 2 * HOUR),
    wave: 0,
    is_released: false,
    revision: 1,
    seen_revision: 0,
    created_at: iso(NOW),
    ...changes,
  };
  await sql`insert into openings ${sql(row)}`;
  return id;
}

async function askable(id: OpeningId, changes: Partial<{ offersPerWeek: number; atMost: number; now: number }> = {}) {
  const [row] = await sql<{ startsAt: Date }[]>`select starts_at as "startsAt" from openings where id = ${id}`;
  const startsAt = row!.startsAt.getTime();
  const opening = { id, visitTypeId, providerId, startsAt, endsAt: startsAt + 30 * MINUTE };
  const query = { opening, zone: clinic.timeZone, now: NOW, offersPerWeek: 3, atMost: 100, ...changes };
  return inClinic(db, clinicId, (tx) => eligiblePatients(tx, query));
}

const ids = (patients: EligiblePatient[]) => patients.map(({ patientId }) => patientId);

async function setEntry(patientId: PatientId, changes: Record<string, unknown>): Promise<void> {
  await sql`update waiting_list set ${sql(changes)} where patient_id = ${patientId}`;
}

async function addVisit(
  patientId: PatientId,
  startsAt: number,
  changes: Record<string, unknown> = {},
): Promise<string> {
  const id = randomUUID();
  const row = {
    clinic_id: clinicId,
    id,
    status: 'booked',
    patient_id: patientId,
    provider_id: otherProviderId,
    visit_type_id: visitTypeId,
    starts_at: iso(startsAt),
    ends_at: iso(startsAt + 30 * MINUTE),
    version: 1,
    revision: 1,
    plan: sql.json([]),
    created_at: iso(NOW - DAY),
    updated_at: iso(NOW - DAY),
    ...changes,
  };
  await sql`insert into appointments ${sql(row)}`;
  return id;
}

async function addOffer(patientId: PatientId, openingId: string, changes: Record<string, unknown> = {}): Promise<void> {
  const [entry] = await sql<{ id: string }[]>`select id from waiting_list where patient_id = ${patientId} limit 1`;
  const row = {
    clinic_id: clinicId,
    id: randomUUID(),
    opening_id: openingId,
    patient_id: patientId,
    waiting_list_entry_id: entry!.id,
    wave: 1,
    position: 1,
    status: 'asked',
    reasons: sql.json({}),
    created_at: iso(NOW - DAY),
    asked_at: iso(NOW - DAY),
    ...changes,
  };
  await sql`insert into offers ${sql(row)}`;
}

/** Somewhere else in time. */
const elsewhere = (changes: Record<string, unknown> = {}) => openingAt(NOW + 200 * DAY + days++ * DAY, changes);

interface Case {
  patientId: PatientId;
  startsAt: number;
  openingId: OpeningId;
}
type Break = (subject: Case) => Promise<unknown>;

describe('who waits for a time, is reachable and willing, is asked', () => {
  it('with what speaks for it', async () => {
    const openingId = await openingAt(freshThursday());
    const patientId = await desk.waiting({ since: NOW - 5 * DAY });
    const found = await askable(openingId);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      patientId,
      appointmentId: null,
      insteadOf: null,
      waitingSince: NOW - 5 * DAY,
      isInCare: false,
      lastAskedAt: null,
    });
  });

  const excluded: [string, Break][] = [
    ['whose wish has ended', ({ patientId }) => setEntry(patientId, { ended_at: iso(NOW), ended_as: 'removed' })],
    ['who wants another type', ({ patientId }) => setEntry(patientId, { visit_type_id: lockedVisitTypeId })],
    ['who wants another provider', ({ patientId }) => setEntry(patientId, { provider_ids: [otherProviderId] })],
    [
      'who wants a later date',
      ({ patientId, startsAt }) => setEntry(patientId, { earliest_on: iso(startsAt + DAY).slice(0, 10) }),
    ],
    [
      'who wants an earlier date',
      ({ patientId, startsAt }) => setEntry(patientId, { latest_on: iso(startsAt - DAY).slice(0, 10) }),
    ],
    ['who wants other days', ({ patientId }) => setEntry(patientId, { weekdays: [1, 2, 3, 5, 6, 7] })],
    [
      'who can come later in the day',
      ({ patientId }) => setEntry(patientId, { between_from: '10:01', between_to: '20:00' }),
    ],
    [
      'who must have left before it ends',
      ({ patientId }) => setEntry(patientId, { between_from: '08:00', between_to: '10:29' }),
    ],
    ['who has no number', ({ patientId }) => sql`update patients set mobile = null where id = ${patientId}`],
    [
      'who wants no texts',
      async ({ patientId }) => sql`
      insert into opt_outs (clinic_id, id, sender, phone, source, since)
      select ${clinicId}, gen_random_uuid(), ${sender}, mobile, 'text', now() from patients where id = ${patientId}`,
    ],
    ['who never agreed', ({ patientId }) => sql`delete from consents where patient_id = ${patientId}`],
    ['who took the consent back', ({ patientId }) => desk.consent(patientId, 'withdrawn')],
    [
      'who agreed to something else alone',
      async ({ patientId }) => {
        await sql`delete from consents where patient_id = ${patientId}`;
        await desk.consent(patientId, 'given', 'recalls');
        await desk.consent(patientId, 'given', 'offers', 'email');
      },
    ],
    ['who is here for another visit then', ({ patientId, startsAt }) => addVisit(patientId, startsAt + 29 * MINUTE)],
    [
      'who holds a time then',
      ({ patientId, startsAt }) =>
        addVisit(patientId, startsAt - 29 * MINUTE, { status: 'held', confirm_by: iso(NOW + HOUR) }),
    ],
    [
      'who was asked about this opening',
      ({ patientId, openingId }) => addOffer(patientId, openingId, { status: 'lapsed' }),
    ],
    [
      'who could not be reached about this opening',
      ({ patientId, openingId }) => addOffer(patientId, openingId, { status: 'undeliverable' }),
    ],
    [
      'who freed the time',
      ({ patientId, openingId }) => sql`update openings set patient_id = ${patientId} where id = ${openingId}`,
    ],
    ...(['won', 'declined', 'void'] as const).map((status): [string, Break] => [
      `whose chance at the opening that this one reopens is ${status}`,
      async ({ patientId, openingId }) => {
        const first = await elsewhere({ status: 'withdrawn', closed_at: iso(NOW) });
        const second = await elsewhere({ status: 'withdrawn', closed_at: iso(NOW), reopens_id: first });
        await sql`update openings set reopens_id = ${second} where id = ${openingId}`;
        await addOffer(patientId, first, { status, created_at: iso(NOW - 30 * DAY) });
      },
    ]),
    [
      'who freed the time that this one reopens',
      async ({ patientId, openingId }) => {
        const first = await elsewhere({ status: 'withdrawn', closed_at: iso(NOW), patient_id: patientId });
        await sql`update openings set reopens_id = ${first} where id = ${openingId}`;
      },
    ],
    [
      'who has a live offer for a time that overlaps',
      async ({ patientId, startsAt }) =>
        addOffer(patientId, await openingAt(startsAt + 15 * MINUTE, { provider_id: otherProviderId }), {
          status: 'planned',
          asked_at: null,
        }),
    ],
    [
      'who was asked three times this week',
      async ({ patientId }) => {
        for (const status of ['declined', 'gone', 'lapsed']) await addOffer(patientId, await elsewhere(), { status });
      },
    ],
    ...(
      [
        ['has ended', { status: 'cancelled' }],
        ['is only held', { status: 'held', confirm_by: iso(NOW + HOUR) }],
        ['is of another type', { visit_type_id: lockedVisitTypeId }],
        ['is longer than this', { ends_at: iso(THURSDAY + 400 * DAY + 31 * MINUTE) }],
        ['is somebody else’s', { patient_id: clinic.patientId }],
      ] as const
    ).map(([what, changes]): [string, Break] => [
      `whose later visit ${what}`,
      async ({ patientId }) =>
        setEntry(patientId, { instead_of: await addVisit(patientId, THURSDAY + 400 * DAY, changes) }),
    ]),
    [
      'whose own visit is earlier',
      async ({ patientId, startsAt }) =>
        setEntry(patientId, { instead_of: await addVisit(patientId, startsAt - HOUR) }),
    ],
  ];

  it.each(excluded)('but not one %s', async (_who, breakIt) => {
    const startsAt = freshThursday();
    const openingId = await openingAt(startsAt);
    const patientId = await desk.waiting();
    expect(ids(await askable(openingId))).toEqual([patientId]);
    await breakIt({ patientId, startsAt, openingId });
    expect(ids(await askable(openingId))).toEqual([]);
  });

  const included: [string, Break][] = [
    [
      'who names this provider, date, day and hour',
      ({ patientId, startsAt }) => {
        const date = iso(startsAt).slice(0, 10);
        const when = { earliest_on: date, latest_on: date, weekdays: [4], between_from: '10:00', between_to: '10:30' };
        return setEntry(patientId, { provider_ids: [otherProviderId, providerId], ...when });
      },
    ],
    [
      'who agreed again',
      async ({ patientId }) => {
        await desk.consent(patientId, 'withdrawn');
        await desk.consent(patientId, 'given');
      },
    ],
    [
      'who wanted no texts once',
      async ({ patientId }) => sql`
      insert into opt_outs (clinic_id, id, sender, phone, source, since, lifted_at)
      select ${clinicId}, gen_random_uuid(), ${sender}, mobile, 'text', now(), now() from patients where id = ${patientId}`,
    ],
    [
      'who wants no texts from another number of ours',
      async ({ patientId }) => sql`
      insert into opt_outs (clinic_id, id, sender, phone, source, since)
      select ${clinicId}, gen_random_uuid(), '+358999', mobile, 'text', now() from patients where id = ${patientId}`,
    ],
    [
      'who has visits just before and after',
      async ({ patientId, startsAt }) => {
        await addVisit(patientId, startsAt - 30 * MINUTE);
        await addVisit(patientId, startsAt + 30 * MINUTE);
      },
    ],
    [
      'whose visit then was cancelled',
      ({ patientId, startsAt }) => addVisit(patientId, startsAt, { status: 'cancelled' }),
    ],
    [
      'whose later visit overlaps: it is the one that moves',
      async ({ patientId, startsAt }) =>
        setEntry(patientId, { instead_of: await addVisit(patientId, startsAt + 15 * MINUTE) }),
    ],
    [
      'who came too late the last time that it was offered',
      async ({ patientId, openingId }) => {
        const first = await elsewhere({ status: 'withdrawn', closed_at: iso(NOW) });
        await sql`update openings set reopens_id = ${first} where id = ${openingId}`;
        await addOffer(patientId, first, { status: 'gone' });
      },
    ],
    [
      'who has a live offer for another time',
      async ({ patientId, startsAt }) =>
        addOffer(patientId, await openingAt(startsAt + 30 * MINUTE, { provider_id: otherProviderId })),
    ],
    [
      'whose offer for this time is over',
      async ({ patientId, startsAt }) =>
        addOffer(patientId, await openingAt(startsAt, { provider_id: otherProviderId }), { status: 'declined' }),
    ],
    [
      'who was asked twice this week, and often before; what did not arrive or leave does not count',
      async ({ patientId }) => {
        for (const status of ['declined', 'gone', 'undeliverable'])
          await addOffer(patientId, await elsewhere(), { status });
        await addOffer(patientId, await elsewhere(), { status: 'lapsed', asked_at: null });
        await addOffer(patientId, await elsewhere(), { status: 'gone', created_at: iso(NOW - 7 * DAY) });
      },
    ],
  ];

  it.each(included)('and one %s', async (_who, change) => {
    const startsAt = freshThursday();
    const openingId = await openingAt(startsAt);
    const patientId = await desk.waiting();
    await change({ patientId, startsAt, openingId });
    expect(ids(await askable(openingId))).toEqual([patientId]);
  });

  it('once, however many wishes there are, by the one that waits for longest', async () => {
    const openingId = await openingAt(freshThursday());
    const patientId = await desk.waiting({ since: NOW - HOUR });
    await desk.waiting({ patientId, since: NOW - 3 * HOUR });
    await desk.waiting({ patientId, since: NOW - 2 * HOUR });
    expect(await askable(openingId)).toMatchObject([{ patientId, waitingSince: NOW - 3 * HOUR }]);
  });

  it('never of another clinic', async () => {
    const openingId = await openingAt(freshThursday());
    const stranger = await addClinic(desk.adminUrl);
    await sql`insert into waiting_list (clinic_id, id, patient_id, visit_type_id, created_at)
      values (${stranger.clinicId}, ${randomUUID()}, ${stranger.patientId}, ${stranger.visitTypeId}, now())`;
    await sql`insert into consents (clinic_id, patient_id, category, channel, state, source, wording, recorded_at)
      values (${stranger.clinicId}, ${stranger.patientId}, 'offers', 'sms', 'given', 'staff', 'yes', now())`;
    expect(await askable(openingId)).toEqual([]);
  });

  it('nobody, where the clinic has no number to send from', async () => {
    const openingId = await openingAt(freshThursday());
    await desk.waiting();
    await sql`update senders set is_active = false where clinic_id = ${clinicId} and channel = 'sms'`;
    expect(await askable(openingId)).toEqual([]);
    await sql`update senders set is_active = true where clinic_id = ${clinicId}`;
  });
});

describe('a visit over midnight', () => {
  it.each([
    ['23:30', '24:00', true],
    ['23:45', '24:00', false],
  ])('that begins at %s suits those who can come until %s: %s', async (clock, to, expected) => {
    const date = new Date(freshThursday()).toISOString().slice(0, 10);
    const openingId = await openingAt(Date.parse(`${date}T${clock}:00+02:00`));
    const patientId = await desk.waiting();
    await setEntry(patientId, { between_from: '08:00', between_to: to });
    expect((await askable(openingId)).length > 0).toBe(expected);
  });
});

describe('the order', () => {
  it('is: in care, not asked for longest, waiting for longest', async () => {
    const openingId = await openingAt(freshThursday());
    const lastAsked = async (patientId: PatientId, at: number) =>
      addOffer(patientId, await elsewhere(), { status: 'gone', created_at: iso(at), asked_at: iso(at) });
    const [fresh, patient, asked, longAgo] = [
      await desk.waiting({ since: NOW - HOUR }),
      await desk.waiting({ since: NOW - 2 * HOUR }),
      await desk.waiting({ since: NOW - 3 * HOUR }),
      await desk.waiting({ since: NOW - HOUR }),
    ];
    await lastAsked(asked, NOW - 8 * DAY);
    await lastAsked(longAgo, NOW - 80 * DAY);
    const [marked, had, toCome, kept, yesterday, tooLongAgo] = [
      await desk.waiting({ since: NOW - 45 * MINUTE }),
      await desk.waiting({ since: NOW - 40 * MINUTE }),
      await desk.waiting({ since: NOW - 35 * MINUTE }),
      await desk.waiting({ since: NOW - 30 * MINUTE }),
      await desk.waiting({ since: NOW - 20 * MINUTE }),
      await desk.waiting({ since: NOW - 10 * MINUTE }),
    ];
    await sql`update patients set is_in_care = true where id = ${marked}`;
    await addVisit(had, Date.parse('2025-01-12T08:00:00+02:00'), { status: 'completed' });
    await addVisit(toCome, NOW + 300 * DAY);
    await addVisit(kept, NOW + 300 * DAY, { status: 'pending', confirm_by: iso(NOW + DAY) });
    await addVisit(yesterday, NOW - DAY);
    await addVisit(tooLongAgo, Date.parse('2025-01-11T23:00:00+02:00'), { status: 'completed' });
    await addVisit(tooLongAgo, NOW - 30 * DAY, { status: 'noShow' });
    await addVisit(tooLongAgo, NOW + 30 * DAY, { status: 'cancelled' });
    await addVisit(tooLongAgo, NOW - 2 * DAY, { status: 'pending', confirm_by: iso(NOW - 3 * DAY) });
    const inCare = [marked, had, toCome, kept, yesterday];
    const expected = [...inCare, patient, fresh, tooLongAgo, longAgo, asked];
    const found = await askable(openingId);
    expect(ids(found)).toEqual(expected);
    expect(found.map(({ isInCare }) => isInCare)).toEqual(expected.map((id) => inCare.includes(id)));
    expect(found.at(-1)?.lastAskedAt).toBe(NOW - 8 * DAY);
    expect(ids(await askable(openingId, { atMost: 3 }))).toEqual(expected.slice(0, 3));
  });
});
