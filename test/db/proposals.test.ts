import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { handOver } from '../../activities/messaging/hand-over.ts';
import { inClinic } from '../../db/client.ts';
import { settleClaim, takeClaim } from '../../db/commands/appointments/claim.ts';
import { reserveAppointment } from '../../db/commands/appointments/reserve.ts';
import { finishText } from '../../db/commands/inbound/finish.ts';
import { resolveText } from '../../db/commands/inbound/resolve.ts';
import { tryToOccupy } from '../../db/commands/occupancies/occupy.ts';
import { insertOpening, newOpening } from '../../db/commands/openings/open.ts';
import { declineProposal } from '../../db/commands/proposals/decline.ts';
import { expireProposal } from '../../db/commands/proposals/expire.ts';
import { type MakeProposal, makeProposal } from '../../db/commands/proposals/make.ts';
import { findProposal } from '../../db/queries/proposals.ts';
import { recordReceipt } from '../../db/inbox/receipts.ts';
import { storeText } from '../../db/inbox/texts.ts';
import { Refusal } from '../../domain/errors.ts';
import {
  type AppointmentId,
  type NotificationId,
  type OpeningId,
  type PatientId,
  type ProposalId,
  type ProviderId,
  type RequestId,
  type VisitTypeId,
  asId,
} from '../../domain/ids.ts';
import { ELAPSED_DAY, HOUR, type Instant, MINUTE } from '../../domain/interval.ts';
import { addCrowd } from '../support/crowd.ts';
import { eventually } from '../support/product.ts';
import { messagingDatabase, noon } from './messaging.ts';

const world = await messagingDatabase();
const { db, sql } = world;
type Rig = Awaited<ReturnType<typeof world.rig>>;

type Time = MakeProposal['times'][number];

const proposalId = () => asId<ProposalId>(randomUUID());
const tomorrow = noon + ELAPSED_DAY;

/** Three times tomorrow, the last of them at the other provider. */
function wish({ clinic }: Rig, patch: Partial<MakeProposal> = {}): MakeProposal {
  const { clinicId, patientId, visitTypeId, providerId, otherProviderId } = clinic;
  return {
    clinicId,
    proposalId: proposalId(),
    requestId: asId<RequestId>(randomUUID()),
    actor: 'staff',
    patientId,
    visitTypeId,
    appointmentId: null,
    times: [
      { providerId, startsAt: tomorrow },
      { providerId, startsAt: tomorrow + HOUR },
      { providerId: otherProviderId, startsAt: tomorrow },
    ],
    sendNow: false,
    now: noon,
    ...patch,
  };
}

const propose = (wanted: MakeProposal) => makeProposal(db, wanted);
type Made = Awaited<ReturnType<typeof propose>>;
const lookUp = ({ clinicId, proposalId: id }: MakeProposal) => inClinic(db, clinicId, (tx) => findProposal(tx, id));

async function keptBy(ownerId: string): Promise<number> {
  return (await sql`select from occupancies where owner_id = ${ownerId}`).length;
}

/** What it was refused with: the code, and what its pointers point at. */
async function refusalOf(work: Promise<unknown>): Promise<[string, ...string[]]> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [error.code, ...error.errors.map(({ pointer }) => pointer)];
  }
  throw new Error('it was not refused');
}

async function take({ clinic }: Rig, made: MakeProposal, index: number, now: Instant = noon) {
  const { clinicId, patientId, visitTypeId } = clinic;
  const ids = { appointmentId: asId<AppointmentId>(randomUUID()), requestId: asId<RequestId>(randomUUID()) };
  await sql`insert into requests (clinic_id, id, action, actor, created_at)
    values (${clinicId}, ${ids.requestId}, 'book', 'patient', now())`;
  const terms = { mode: 'book', actor: 'patient', confirmBy: null, notify: true, allowPatientOverlap: false } as const;
  const claim = { kind: 'proposal', proposalId: made.proposalId } as const;
  return reserveAppointment(db, {
    clinicId,
    patientId,
    visitTypeId,
    ...ids,
    ...made.times[index]!,
    ...terms,
    claim,
    now,
  });
}

/** Hands its text over to the carrier. */
const leave = ({ clinic: { clinicId }, deps }: Rig, { notificationId }: { notificationId: NotificationId }) =>
  handOver(deps, { clinicId, notificationId }, { now: noon, by: 'planner' });

/** Stores what the patient's phone says, and reads it. */
async function say({ clinic }: Pick<Rig, 'clinic'>, body: string, now: Instant = noon) {
  const { clinicId, mobile: sender, sender: recipient } = clinic;
  const text = { clinicId, transport: 'twilio', providerMessageId: `SM${randomUUID()}`, sender, recipient, body };
  const { id: inboundMessageId } = await storeText(db, { ...text, carrierSays: null, now });
  return { ...(await resolveText(db, { clinicId, inboundMessageId, now })), inboundMessageId };
}

describe('a proposal', () => {
  it('keeps all its times, gives each a code, and plans one text; made again it is the same one', async () => {
    const rig = await world.rig();
    const wanted = wish(rig);
    const [made, again] = await Promise.all([propose(wanted), propose(wanted)]);
    expect(again).toEqual(made);
    expect(await propose({ ...wanted, now: noon + HOUR })).toEqual(made);
    expect(made).toMatchObject({ sendAt: noon, expiresAt: noon + 4 * HOUR, openingIds: [] });
    const { times } = (await lookUp(wanted))!;
    expect(times.map(({ code: _, ...time }) => time)).toEqual(wanted.times);
    expect(new Set(times.map(({ code }) => code)).size).toBe(3);
    expect(await keptBy(wanted.proposalId)).toBe(3);
    expect(await sql`select from notifications where clinic_id = ${rig.clinic.clinicId}`).toHaveLength(1);
  });

  it('takes its times from everybody else, until it expires: then to the millisecond', async () => {
    const rig = await world.rig();
    const wanted = wish(rig);
    const { expiresAt } = await propose(wanted);
    const other = { ...wish(rig, { patientId: rig.clinic.otherPatientId }), times: wanted.times.slice(1, 2) };
    expect(await refusalOf(propose(other))).toEqual(['SLOT_TAKEN', '/times/0']);
    const expire = (now: Instant) => expireProposal(db, { ...wanted, now });
    expect(await expire(expiresAt)).toBe('waiting');
    expect(await expire(expiresAt + 1)).toBe('expired');
    expect(await expire(expiresAt + 2)).toBe('expired');
    await propose(other);
    expect(await keptBy(wanted.proposalId)).toBe(0);
  });

  it('keeps nothing where one of the times is taken, and says which', async () => {
    const rig = await world.rig();
    const { clinicId, providerId } = rig.clinic;
    const during = { start: tomorrow + HOUR + 15 * MINUTE, end: tomorrow + 2 * HOUR };
    const occupation = { clinicId, providerId, ownerId: randomUUID(), during, now: noon, leasedUntil: null };
    await inClinic(db, clinicId, (tx) => tryToOccupy(tx, occupation));
    const wanted = wish(rig);
    expect(await refusalOf(propose(wanted))).toEqual(['SLOT_TAKEN', '/times/1']);
    expect(await lookUp(wanted)).toBeUndefined();
    expect(await keptBy(wanted.proposalId)).toBe(0);
  });

  it('of many who want the same times is made for one, without anybody waiting in a circle', async () => {
    const rig = await world.rig();
    const [first, second, third] = wish(rig).times as [Time, Time, Time];
    const orders = [
      [first, second, third],
      [third, second, first],
      [second, third, first],
    ];
    const crowd = await addCrowd(sql, rig.clinic, 12);
    const wishes = crowd.map(({ patientId }, index) => wish(rig, { patientId, times: orders[index % 3]! }));
    const results = await Promise.allSettled(wishes.map(propose));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    expect(refused).toHaveLength(11);
    expect(refused.filter((error) => !(error instanceof Refusal) || error.code !== 'SLOT_TAKEN')).toEqual([]);
  });

  it('ends openings in its way, as every booking by staff does', async () => {
    const rig = await world.rig();
    const { clinicId, providerId, visitTypeId } = rig.clinic;
    const openingId = asId<OpeningId>(randomUUID());
    const [start, end] = [tomorrow, tomorrow + 30 * MINUTE];
    const time = { clinicId, providerId, visitTypeId, startsAt: start, endsAt: end, during: { start, end } };
    const nobodys = { cause: 'manual', appointmentId: null, patientId: null, depth: 0, reopensId: null } as const;
    const opening = newOpening({ ...time, ...nobodys, offerUntil: start - 2 * HOUR, createdAt: noon }, openingId);
    expect(await inClinic(db, clinicId, (tx) => insertOpening(tx, opening, noon))).toBe(true);
    expect(await propose(wish(rig))).toMatchObject({ openingIds: [openingId] });
    const [ended] = await sql`select status, status_reason from openings where id = ${openingId}`;
    expect(ended).toMatchObject({ status: 'withdrawn', status_reason: 'takenByStaff' });
  });

  it.each([
    ['by day leaves at once', noon, false, noon],
    ['at night waits for the morning', noon + 10 * HOUR, false, noon + 20 * HOUR],
    ['at night leaves at once where staff say so', noon + 10 * HOUR, true, noon + 10 * HOUR],
  ])('that is made %s, and is kept for four hours from then', async (_, now, sendNow, sendAt) => {
    const rig = await world.rig();
    const times = [{ providerId: rig.clinic.providerId, startsAt: tomorrow + ELAPSED_DAY }];
    expect(await propose(wish(rig, { now, sendNow, times }))).toMatchObject({ sendAt, expiresAt: sendAt + 4 * HOUR });
  });

  it('is kept for as long as the clinic says, and no longer than until the last of its times starts', async () => {
    const rig = await world.rig({ policy: { proposals: { holdHours: 24 } } });
    expect(await propose(wish(rig))).toMatchObject({ expiresAt: noon + 24 * HOUR });
    const startsAt = noon + 2 * HOUR;
    const times = [{ providerId: rig.clinic.providerId, startsAt }];
    expect(await propose(wish(rig, { times }))).toMatchObject({ expiresAt: startsAt });
  });

  it('for a visit keeps the length that the visit has', async () => {
    const rig = await world.rig();
    const { appointmentId } = await rig.addVisit();
    await sql`update appointments set ends_at = starts_at + interval '90 minutes' where id = ${appointmentId}`;
    const wanted = wish(rig, { appointmentId, times: wish(rig).times.slice(0, 1) });
    await propose(wanted);
    const [time] = await sql`select ends_at from proposal_times where proposal_id = ${wanted.proposalId}`;
    expect(time).toEqual({ ends_at: new Date(tomorrow + 90 * MINUTE) });
    const [kept] = await sql`select upper(during) as ends_at from occupancies where owner_id = ${wanted.proposalId}`;
    expect(kept).toEqual(time);
  });
});

interface Unfit {
  what: string;
  patch: (rig: Rig) => Partial<MakeProposal> | Promise<Partial<MakeProposal>>;
  refused: [string, ...string[]];
}

const unfit: Unfit[] = [
  {
    what: 'an unknown patient',
    patch: () => ({ patientId: asId<PatientId>(randomUUID()) }),
    refused: ['VALIDATION_FAILED', '/patientId'],
  },
  {
    what: "another clinic's patient",
    patch: async () => ({ patientId: (await world.rig()).clinic.patientId }),
    refused: ['VALIDATION_FAILED', '/patientId'],
  },
  {
    what: 'a patient without a mobile number',
    patch: async ({ clinic }) => {
      await sql`update patients set mobile = null where id = ${clinic.patientId}`;
      return {};
    },
    refused: ['VALIDATION_FAILED', '/patientId'],
  },
  {
    what: 'a patient who wants no texts',
    patch: async ({ clinic }) => {
      await say({ clinic }, 'STOP');
      return {};
    },
    refused: ['VALIDATION_FAILED', '/patientId'],
  },
  {
    what: 'a clinic whose texts cannot be answered',
    patch: async ({ clinic }) => {
      await sql`update senders set address = 'Clinic' where clinic_id = ${clinic.clinicId} and channel = 'sms'`;
      return {};
    },
    refused: ['VALIDATION_FAILED', '/patientId'],
  },
  {
    what: 'an unknown visit type',
    patch: () => ({ visitTypeId: asId<VisitTypeId>(randomUUID()) }),
    refused: ['VALIDATION_FAILED', '/visitTypeId', '/times/0/providerId', '/times/1/providerId', '/times/2/providerId'],
  },
  {
    what: 'a provider who does not offer such visits',
    patch: (rig) => ({
      times: [wish(rig).times[0]!, { providerId: asId<ProviderId>(randomUUID()), startsAt: tomorrow }],
    }),
    refused: ['VALIDATION_FAILED', '/times/1/providerId'],
  },
  {
    what: 'a time that is past',
    patch: ({ clinic }) => ({ times: [{ providerId: clinic.providerId, startsAt: noon }] }),
    refused: ['VALIDATION_FAILED', '/times/0/startsAt'],
  },
  {
    what: 'a time before the morning in which the text leaves',
    patch: ({ clinic }) => ({
      now: noon + 10 * HOUR,
      times: [{ providerId: clinic.providerId, startsAt: noon + 20 * HOUR }],
    }),
    refused: ['VALIDATION_FAILED', '/times/0/startsAt'],
  },
  {
    what: 'the same time twice',
    patch: (rig) => ({ times: [wish(rig).times[0]!, wish(rig).times[0]!] }),
    refused: ['VALIDATION_FAILED', '/times/1'],
  },
  {
    what: "another patient's visit",
    patch: async (rig) => rig.addVisit({ patientId: rig.clinic.otherPatientId }),
    refused: ['VALIDATION_FAILED', '/appointmentId'],
  },
  {
    what: 'a visit of another type',
    patch: async (rig) => ({ visitTypeId: rig.clinic.lockedVisitTypeId, ...(await rig.addVisit()) }),
    refused: ['VALIDATION_FAILED', '/appointmentId'],
  },
  {
    what: 'a visit that has ended',
    patch: (rig) => rig.addVisit({ status: 'cancelled' }),
    refused: ['APPOINTMENT_CLOSED'],
  },
  {
    what: 'a time at which the patient is here for another visit',
    patch: async (rig) => {
      await rig.addVisit({ startsAt: tomorrow + HOUR });
      return {};
    },
    refused: ['PATIENT_OVERLAP', '/times/1'],
  },
];

it.each(unfit)('refuses to propose with $what', async ({ patch, refused }) => {
  const rig = await world.rig();
  const wanted = { ...wish(rig), ...(await patch(rig)) };
  expect(await refusalOf(propose(wanted))).toEqual(refused);
  expect(await keptBy(wanted.proposalId)).toBe(0);
});

describe('one of the times', () => {
  it('goes to its patient, once, and the others are free again', async () => {
    const rig = await world.rig();
    const wanted = wish(rig);
    await propose(wanted);
    const { appointment } = await take(rig, wanted, 1);
    expect(appointment).toMatchObject({ status: 'booked', ...wanted.times[1] });
    expect(await keptBy(wanted.proposalId)).toBe(0);
    expect(await keptBy(appointment.id)).toBe(1);
    expect(await refusalOf(take(rig, wanted, 0))).toEqual(['APPOINTMENT_EXPIRED']);
    expect(await expireProposal(db, { ...wanted, now: noon + ELAPSED_DAY })).toBe('answered');
    expect(await keptBy(appointment.id)).toBe(1);
  });

  it('goes to nobody else, and in time only', async () => {
    const rig = await world.rig();
    const wanted = wish(rig);
    const { expiresAt } = await propose(wanted);
    const { otherPatientId: patientId } = rig.clinic;
    expect(await refusalOf(take({ ...rig, clinic: { ...rig.clinic, patientId } }, wanted, 0))).toEqual([
      'APPOINTMENT_EXPIRED',
    ]);
    expect(await refusalOf(take(rig, wanted, 0, expiresAt + 1))).toEqual(['APPOINTMENT_EXPIRED']);
    await take(rig, wanted, 0, expiresAt);
  });

  it('answered in the very second of the expiry has one outcome', async () => {
    const rig = await world.rig();
    for (let index = 0; index < 8; index++) {
      const startsAt = tomorrow + index * HOUR;
      const wanted = wish(rig, { times: [{ providerId: rig.clinic.providerId, startsAt }] });
      const { expiresAt } = await propose(wanted);
      const [taken, status] = await Promise.all([
        take(rig, wanted, 0, expiresAt).then(
          () => true,
          () => false,
        ),
        expireProposal(db, { ...wanted, now: expiresAt + 1 }),
      ]);
      expect(status).toBe(taken ? 'answered' : 'expired');
      expect(await keptBy(wanted.proposalId)).toBe(0);
    }
  });

  it('that is being taken does not expire meanwhile', async () => {
    const rig = await world.rig();
    const wanted = wish(rig);
    const { expiresAt: now } = await propose(wanted);
    const { clinicId, patientId, visitTypeId, proposalId: id, times } = wanted;
    const appointmentId = asId<AppointmentId>(randomUUID());
    const claim = { kind: 'proposal', proposalId: id } as const;
    const visit = { appointmentId, patientId, visitTypeId, ...times[0]!, movesFrom: null, now };
    const { expiring } = await inClinic(db, clinicId, async (tx) => {
      const claimed = await takeClaim(tx, claim, visit);
      const begun = { expiring: expireProposal(db, { ...wanted, now: now + 1 }) };
      await eventually('the expiry waiting', async () => {
        const waiting = await sql`
          select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        return waiting.length > 0;
      });
      await settleClaim(tx, claimed, appointmentId, now);
      return begun;
    });
    expect(await expiring).toBe('answered');
  });
});

describe('the text of a proposal', () => {
  async function proposed(patch: (rig: Rig) => Partial<MakeProposal> | Promise<Partial<MakeProposal>> = () => ({})) {
    const rig = await world.rig();
    const wanted = wish(rig, await patch(rig));
    const made = await propose(wanted);
    const codes = (await lookUp(wanted))!.times.map(({ code }) => code);
    return { rig, wanted, made, codes };
  }

  const variants = ({ clinic }: Rig) =>
    sql`select content->>'variant' as variant, content->>'startsAt' as at from notifications
      where clinic_id = ${clinic.clinicId} and kind = 'reply' order by created_at`;

  it('is answered by its codes, but not before it has left', async () => {
    const { rig, codes, made } = await proposed();
    expect((await say(rig, codes[1]!)).actions).toEqual([]);
    await leave(rig, made);
    expect((await say(rig, codes[1]!)).actions).toMatchObject([{ answer: 'time2' }]);
  });

  it('is answered by a yes where it has one time, and asked back where it has several', async () => {
    const several = await proposed();
    const one = await proposed((rig) => ({ times: wish(rig).times.slice(0, 1) }));
    for (const { rig, made } of [several, one]) await leave(rig, made);
    expect((await say(several.rig, 'Yes')).actions).toEqual([]);
    const [asked] = await sql`select content from notifications
      where clinic_id = ${several.rig.clinic.clinicId} and kind = 'reply'`;
    const listed = several.wanted.times.map(({ startsAt }, index) => ({ code: several.codes[index], startsAt }));
    expect(asked).toMatchObject({ content: { variant: 'which', questions: [{ codes: listed }] } });
    expect((await say(one.rig, 'Yes')).actions).toMatchObject([{ answer: 'time1' }]);
  });

  it.each<[string, (rig: Rig, made: Made) => Promise<unknown>]>([
    [
      'the carrier refuses it',
      async (rig, made) => {
        rig.transport.answer = () => Promise.resolve({ outcome: 'rejected', errorCode: '21211' });
        await leave(rig, made);
      },
    ],
    [
      'it is lost on its way',
      async (rig, made) => {
        await leave(rig, made);
        const { messageId, attempt } = rig.sent[0]!;
        const lost = { providerMessageId: `SM-${messageId}-${attempt}`, status: 'undelivered', errorCode: '30003' };
        await recordReceipt(db, { clinicId: rig.clinic.clinicId, messageId, attempt, ...lost, now: noon });
      },
    ],
    [
      'its phone wants no texts',
      async (rig, made) => {
        const { clinicId, sender, mobile } = rig.clinic;
        await sql`insert into opt_outs (clinic_id, id, sender, phone, source, since)
          values (${clinicId}, gen_random_uuid(), ${sender}, ${mobile}, 'text', now())`;
        await leave(rig, made);
        await sql`update opt_outs set lifted_at = now() where clinic_id = ${clinicId}`;
      },
    ],
  ])('is answered by its code alone where %s', async (_, lose) => {
    const { rig, made, codes } = await proposed((of) => ({ times: wish(of).times.slice(0, 1) }));
    await lose(rig, made);
    for (const body of ['Yes please', 'No']) expect((await say(rig, body)).actions).toEqual([]);
    expect((await say(rig, codes[0]!)).actions).toMatchObject([{ answer: 'time1' }]);
  });

  it('is answered too late after the end, and once', async () => {
    const { rig, wanted, codes, made } = await proposed();
    await leave(rig, made);
    const { inboundMessageId, actions } = await say(rig, codes[2]!);
    const { clinicId } = rig.clinic;
    const outcomes = [{ questionId: actions[0]!.questionId, answer: 'time3', outcome: 'done' }] as const;
    await take(rig, wanted, 2);
    await finishText(db, { clinicId, inboundMessageId, outcomes, now: noon });
    await say(rig, codes[2]!);
    expect(await variants(rig)).toEqual([{ variant: 'repeated', at: String(wanted.times[2]!.startsAt) }]);

    const late = await proposed();
    await leave(late.rig, late.made);
    await say(late.rig, late.codes[0]!, late.made.expiresAt + 1);
    expect(await variants(late.rig)).toMatchObject([{ variant: 'tooLate' }]);
  });

  it('is given up by a no, once, and nothing is taken of it then', async () => {
    const { rig, wanted, codes, made } = await proposed();
    await leave(rig, made);
    const no = await say(rig, 'Nein danke');
    expect(no).toMatchObject({
      understoodAs: 'declined',
      actions: [{ answer: 'decline', proposalId: wanted.proposalId }],
    });
    expect(await keptBy(wanted.proposalId)).toBe(3);
    const decline = () => declineProposal(db, { ...wanted, now: noon + 1 });
    expect([await decline(), await decline()]).toEqual(['declined', 'declined']);
    expect(await keptBy(wanted.proposalId)).toBe(0);
    expect(await expireProposal(db, { ...wanted, now: made.expiresAt + 1 })).toBe('answered');
    expect(await refusalOf(take(rig, wanted, 0))).toEqual(['APPOINTMENT_EXPIRED']);
    await propose({ ...wish(rig, { patientId: rig.clinic.otherPatientId }), times: wanted.times });
    expect((await say(rig, codes[0]!)).actions).toEqual([]);
    expect(await variants(rig)).toMatchObject([{ variant: 'callUs' }]);
  });

  it('is not given up by a no that comes after a time was taken, or after the end', async () => {
    const taken = await proposed();
    await take(taken.rig, taken.wanted, 0);
    expect(await declineProposal(db, { ...taken.wanted, now: noon })).toBe('taken');
    const expired = await proposed();
    await expireProposal(db, { ...expired.wanted, now: expired.made.expiresAt + 1 });
    expect(await declineProposal(db, { ...expired.wanted, now: expired.made.expiresAt + 2 })).toBe('over');
    expect((await lookUp(taken.wanted))!.times).toHaveLength(3);
  });

  it('goes to the code or to the no where both come at once', async () => {
    for (let round = 0; round < 8; round++) {
      const { rig, wanted } = await proposed();
      const no = declineProposal(db, { ...wanted, now: noon });
      const [taken, declined] = await Promise.allSettled([take(rig, wanted, 1), no]);
      const ending = [taken.status, declined.status === 'fulfilled' && declined.value];
      expect([
        ['fulfilled', 'taken'],
        ['rejected', 'declined'],
      ]).toContainEqual(ending);
      expect(await keptBy(wanted.proposalId)).toBe(0);
    }
  });

  it('is answered with how things stand where a visit was to move, and else not', async () => {
    const visits: AppointmentId[] = [];
    const moving = await proposed(async (rig) => {
      visits.push((await rig.addVisit()).appointmentId);
      return { appointmentId: visits[0]! };
    });
    for (const { rig, made } of [moving, await proposed()]) {
      await leave(rig, made);
      const { inboundMessageId, actions } = await say(rig, 'No, thank you');
      const outcomes = [{ questionId: actions[0]!.questionId, answer: 'decline', outcome: 'done' }] as const;
      await finishText(db, { clinicId: rig.clinic.clinicId, inboundMessageId, outcomes, now: noon });
      const stands = { variant: 'stands', at: String(noon + 48 * HOUR) };
      expect(await variants(rig)).toEqual(rig === moving.rig ? [stands] : []);
    }
  });

  it.each<[string, (visit: string) => Promise<unknown>]>([
    ['has moved', (id) => sql`update appointments set version = 2 where id = ${id}`],
    ['was cancelled', (id) => sql`update appointments set status = 'cancelled' where id = ${id}`],
  ])('does not leave in the morning for a visit that %s in the night, and the times are free', async (_, change) => {
    const { rig, wanted, made, codes } = await proposed((of) => of.addVisit({ startsAt: tomorrow + ELAPSED_DAY }));
    const { clinicId } = rig.clinic;
    const send = () => leave(rig, made);
    await change(wanted.appointmentId!);
    expect([await send(), await send()]).toEqual([{ result: 'superseded' }, { result: 'done' }]);
    expect(rig.sent).toEqual([]);
    expect(await keptBy(wanted.proposalId)).toBe(0);
    expect(await expireProposal(db, { ...wanted, now: noon })).toBe('expired');
    expect((await say(rig, codes[0]!)).actions).toEqual([]);
    expect(await sql`select from tasks where clinic_id = ${clinicId} and kind = 'missedMessage'`).toEqual([]);
  });

  it('leaves for a visit that is as it was, and then stays what it is whatever becomes of the visit', async () => {
    const { rig, wanted, made } = await proposed((of) => of.addVisit({ startsAt: tomorrow + ELAPSED_DAY }));
    const send = () => leave(rig, made);
    expect([await send(), rig.sent.length]).toEqual([{ result: 'done' }, 1]);
    await sql`update appointments set version = 2 where id = ${wanted.appointmentId}`;
    expect([await send(), rig.sent.length]).toEqual([{ result: 'done' }, 1]);
    expect(await keptBy(wanted.proposalId)).toBe(3);
  });
});
