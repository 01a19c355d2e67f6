import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { inClinic } from '../../db/client.ts';
import { voidOffers } from '../../db/commands/offers/void.ts';
import { recordAnswer } from '../../db/commands/openings/answer.ts';
import { recordLateAnswers } from '../../db/commands/openings/late-answers.ts';
import { refuseTaker } from '../../db/commands/openings/refuse-taker.ts';
import { releaseOpening, withdrawOpening } from '../../db/commands/openings/end.ts';
import { askQuestion } from '../../db/commands/questions/ask.ts';
import {
  type InboundMessageId,
  type OfferId,
  type OpeningId,
  type PatientId,
  type RequestId,
  asId,
} from '../../domain/ids.ts';
import { HOUR, MINUTE } from '../../domain/interval.ts';
import { NOW, THURSDAY, iso, openingDesk } from './opening-desk.ts';

const DAY = 24 * HOUR;
const desk = await openingDesk({ openings: { waveSize: 3, offersPerWeek: 50 } });
const { clinic, sql, db } = desk;
const { clinicId } = clinic;

let used = 0;
/** An opening at a time of its own, with only those waiting who are added after it. */
async function fresh(waiting = 0): Promise<{ openingId: OpeningId; startsAt: number; crowd: PatientId[] }> {
  await sql`update waiting_list set ended_at = now(), ended_as = 'removed' where ended_at is null`;
  const startsAt = THURSDAY + (used % 9) * HOUR + Math.floor(used++ / 9) * DAY;
  const openingId = await desk.freed(startsAt);
  return { openingId, startsAt, crowd: waiting > 0 ? await desk.crowdWaiting(waiting) : [] };
}

const statuses = async (id: OpeningId) => (await desk.offersOf(id)).map(({ wave, status }) => `${wave} ${status}`);
const staff = (openingId: OpeningId) => ({ clinicId, openingId, requestId: asId<RequestId>(randomUUID()), now: NOW });

const lateAnswer = (offerId: OfferId, answer: 'take' | 'decline') => {
  return { offerId, answer, inboundMessageId: asId<InboundMessageId>(randomUUID()) };
};

async function planned(
  openingId: OpeningId,
  kind: string,
): Promise<{ id: string; patientId: string; content: Record<string, unknown> }[]> {
  return sql`
    select n.id, n.patient_id as "patientId", n.content from notifications n
    join offers f on n.dedupe_key = ${`${kind}:`} || f.id
    where f.opening_id = ${openingId} and n.kind = ${kind}`;
}

describe('a wave', () => {
  it('asks as many as the clinic says, in their order, and plans one text for each', async () => {
    const { openingId, startsAt, crowd } = await fresh(5);
    const turn = await desk.wave(openingId);
    expect(turn).toMatchObject({ status: 'offering', wave: 1, next: { at: NOW + 10 * MINUTE, what: 'wave' } });
    const offers = await desk.offersOf(openingId);
    expect(offers.map(({ wave, status }) => [wave, status])).toEqual([1, 2, 3].map(() => [1, 'planned']));
    const texts = await planned(openingId, 'offer');
    const [first] = offers;
    // The texts go out in that order as well.
    const patientOf = new Map(texts.map(({ id, patientId }) => [id, patientId]));
    expect(turn.toSend.map((id) => patientOf.get(id))).toEqual(offers.map(({ patientId }) => patientId));
    expect(offers.map(({ patientId }) => patientId)).toEqual(crowd.slice(0, 3));
    expect(texts.find(({ patientId }) => patientId === first!.patientId)?.content).toEqual({
      kind: 'offer',
      offerId: first!.id,
      startsAt,
      ownStartsAt: null,
    });
    expect(first!.reasons).toEqual({ waitingSince: '2027-01-11', isInCare: false, lastAskedOn: null, insteadOf: null });
    expect(await desk.opening(openingId)).toMatchObject({ revision: 1, seen: 1 });
  });

  it('asks nobody who was offered as much in a week as the clinic wants', async () => {
    await sql`update clinics set policy = jsonb_set(policy, '{openings,offersPerWeek}', '2') where clinic_id = ${clinicId}`;
    await fresh();
    const [often, rarely] = await desk.crowdWaiting(2);
    for (const asked of [[often, rarely], [often, rarely], []]) {
      const openingId = await desk.freed(THURSDAY + (used % 9) * HOUR + Math.floor(used++ / 9) * DAY);
      await desk.wave(openingId);
      const offers = await desk.offersOf(openingId);
      expect(offers).toHaveLength(asked.length);
      expect(offers.map(({ patientId }) => patientId)).toEqual(expect.arrayContaining(asked));
      await sql`update offers set status = 'lapsed', asked_at = ${iso(NOW)} where opening_id = ${openingId}`;
    }
    await sql`update clinics set policy = jsonb_set(policy, '{openings,offersPerWeek}', '50') where clinic_id = ${clinicId}`;
  });

  it('asks nobody twice when it is run again, one after the other or at once', async () => {
    const { openingId } = await fresh(9);
    const first = await desk.wave(openingId);
    const again = await Promise.all([1, 2, 3].map(() => desk.wave(openingId)));
    for (const turn of again) expect(turn).toEqual(first);
    expect(await desk.wave(openingId, NOW + 10 * MINUTE - 1)).toMatchObject({ wave: 1 });
    expect(await desk.offersOf(openingId)).toHaveLength(3);
  });

  it('is followed by the next when its minutes have passed, until nobody is left', async () => {
    const { openingId, startsAt } = await fresh(5);
    await desk.wave(openingId);
    await desk.markAsked(openingId);
    const second = await desk.wave(openingId, NOW + 10 * MINUTE);
    expect(second).toMatchObject({ wave: 2, next: { at: NOW + 20 * MINUTE } });
    expect(second.toSend).toHaveLength(2);
    await desk.markAsked(openingId);
    expect(await desk.wave(openingId, NOW + 19 * MINUTE)).toMatchObject({ status: 'offering', wave: 2 });
    const end = await desk.wave(openingId, NOW + 20 * MINUTE);
    expect(end).toMatchObject({ status: 'unfilled', statusReason: 'nobodyLeft', next: null, toSend: [] });
    expect(await statuses(openingId)).toEqual(['1 lapsed', '1 lapsed', '1 lapsed', '2 lapsed', '2 lapsed']);
    expect(await planned(openingId, 'offerGone')).toEqual([]);
    expect(await desk.owners(startsAt)).toEqual([]);
    const tasks =
      await sql`select detail ->> 'reason' as reason from tasks where kind = 'openingUnfilled' and detail ->> 'openingId' = ${openingId}`;
    expect(tasks).toEqual([{ reason: 'nobodyLeft' }]);
    expect(await desk.wave(openingId, NOW + 21 * MINUTE)).toEqual(end);
  });

  it('that the provider does not take is followed by no other, nor by the end, and has its minutes once it leaves', async () => {
    const { openingId } = await fresh(4);
    await desk.wave(openingId);
    for (const minutes of [10, 13]) {
      const turn = await desk.wave(openingId, NOW + minutes * MINUTE);
      expect(turn).toMatchObject({ status: 'offering', wave: 1, next: { at: NOW + (minutes + 10) * MINUTE } });
    }
    await desk.markAsked(openingId, NOW + 15 * MINUTE);
    const left = await desk.wave(openingId, NOW + 23 * MINUTE);
    expect(left).toMatchObject({ wave: 1, next: { at: NOW + 25 * MINUTE } });
    expect((await desk.wave(openingId, NOW + 25 * MINUTE)).wave).toBe(2);
    expect(await desk.wave(openingId, NOW + 35 * MINUTE)).toMatchObject({ status: 'offering', wave: 2 });
    expect(await statuses(openingId)).toEqual(['1 asked', '1 asked', '1 asked', '2 planned']);
  });

  it('ends at once where nobody waits', async () => {
    const { openingId, startsAt } = await fresh();
    expect(await desk.wave(openingId)).toMatchObject({ status: 'unfilled', statusReason: 'nobodyLeft', wave: 0 });
    expect(await desk.owners(startsAt)).toEqual([]);
  });

  it('is topped up for those who could not be asked or want no more texts, not for those who decline', async () => {
    const { openingId } = await fresh(9);
    await desk.wave(openingId);
    await desk.markAsked(openingId);
    const [one, two, three] = await desk.offersOf(openingId);
    await recordAnswer(db, { clinicId, openingId, offerId: one!.id, answer: 'decline', now: NOW });
    await sql`update offers set status = 'undeliverable' where id = ${two!.id}`;
    expect(await inClinic(db, clinicId, (tx) => voidOffers(tx, three!))).toEqual([openingId]);
    expect(await inClinic(db, clinicId, (tx) => voidOffers(tx, three!))).toEqual([]);
    expect(await desk.opening(openingId)).toMatchObject({ revision: 2, seen: 1 });
    const turn = await desk.wave(openingId, NOW + MINUTE);
    expect(turn).toMatchObject({ wave: 1, next: { at: NOW + 10 * MINUTE } });
    expect(turn.toSend).toHaveLength(2);
    expect(await statuses(openingId)).toEqual(['1 declined', '1 undeliverable', '1 void', '1 planned', '1 planned']);
    expect(await desk.opening(openingId)).toMatchObject({ revision: 2, seen: 2 });
    expect((await desk.wave(openingId, NOW + MINUTE)).toSend).toEqual(turn.toSend);
  });

  it('is topped up also for those of an earlier wave who turn out not to be reached', async () => {
    const { openingId } = await fresh(9);
    await desk.wave(openingId);
    await desk.markAsked(openingId);
    await desk.wave(openingId, NOW + 10 * MINUTE);
    await desk.markAsked(openingId);
    const [one, two] = await desk.offersOf(openingId);
    await sql`update offers set status = 'undeliverable' where id = ${one!.id}`;
    await inClinic(db, clinicId, (tx) => voidOffers(tx, two!));
    expect((await desk.wave(openingId, NOW + 11 * MINUTE)).toSend).toHaveLength(2);
    await desk.markAsked(openingId);
    expect((await desk.wave(openingId, NOW + 11 * MINUTE)).toSend).toEqual([]);
    const earlier = ['1 undeliverable', '1 void', '1 asked'];
    const later = ['2 asked', '2 asked', '2 asked', '2 asked', '2 asked'];
    expect(await statuses(openingId)).toEqual([...earlier, ...later]);
    expect((await desk.wave(openingId, NOW + 20 * MINUTE)).toSend).toHaveLength(1);
  });

  it('asks nobody in the quiet hours, and goes on in the morning', async () => {
    const { openingId, startsAt } = await fresh(9);
    const night = Date.parse('2027-01-12T22:00:00+02:00');
    const morning = Date.parse('2027-01-13T08:00:00+02:00');
    const resting = await desk.wave(openingId, night);
    expect(resting).toMatchObject({ status: 'offering', wave: 0, toSend: [], next: { at: morning, what: 'morning' } });
    expect(await desk.owners(startsAt)).toEqual([openingId]);
    expect((await desk.wave(openingId, morning)).toSend).toHaveLength(3);
  });

  it('is not the last instant before the notice limit, but ends the opening after it', async () => {
    const { openingId, startsAt } = await fresh(9);
    const limit = startsAt - 2 * HOUR;
    expect(await desk.wave(openingId, limit)).toMatchObject({
      status: 'offering',
      wave: 1,
      next: { at: limit + 1, what: 'noticeLimit' },
    });
    expect(await desk.wave(openingId, limit + 1)).toMatchObject({ status: 'unfilled', statusReason: 'noticeLimit' });
    expect(await desk.owners(startsAt)).toEqual([]);
  });

  it('of a thousand is planned in one step', async () => {
    const { openingId } = await fresh(1_000);
    await sql`update clinics set policy = jsonb_set(policy, '{openings,waveSize}', '1000') where clinic_id = ${clinicId}`;
    const turn = await desk.wave(openingId);
    await sql`update clinics set policy = jsonb_set(policy, '{openings,waveSize}', '3') where clinic_id = ${clinicId}`;
    expect(new Set(turn.toSend).size).toBe(1_000);
    const rows = turn.details.split('\n').filter((line) => line.startsWith('| 1 |'));
    expect([rows.length, turn.details.split('\n').at(-1)]).toEqual([40, 'And 960 more.']);
  });

  it('of two openings of one time at two providers, planned at once, asks nobody of both', async () => {
    await fresh();
    const startsAt = THURSDAY + 9 * DAY;
    const first = await desk.freed(startsAt);
    const second = await desk.freed(startsAt, { providerId: clinic.otherProviderId, allowPatientOverlap: true });
    await desk.crowdWaiting(4);
    await Promise.all([desk.wave(first), desk.wave(second)]);
    const asked = [...(await desk.offersOf(first)), ...(await desk.offersOf(second))].map(({ patientId }) => patientId);
    expect([asked.length, new Set(asked).size]).toEqual([4, 4]);
  });
});

describe('what operators read', () => {
  it('names patients by reference only, why they were asked, and what comes next', async () => {
    const { openingId } = await fresh(1);
    const { details } = await desk.wave(openingId);
    const [offer] = await desk.offersOf(openingId);
    expect(details).toContain('**offering** The time is being offered.');
    expect(details).toContain('Next, at Tue 12 Jan 2027 12:10: the next are asked.');
    expect(details).toContain(
      `| 1 | \`${offer!.patientId}\` | planned |  |  | Waiting since 2027-01-11, would like a visit; not in care here yet; never asked before. |`,
    );
    expect(details).not.toMatch(/One|Of many|\+358/);
  });
});

describe('the end of an opening', () => {
  it('is told once to those who were asked and may still hope, with their own later visit', async () => {
    const { openingId, startsAt } = await fresh();
    const own = await desk.booked(startsAt + 30 * DAY, { patientId: clinic.otherPatientId });
    await desk.waiting({ patientId: clinic.otherPatientId, insteadOf: own, since: NOW - 9 * DAY });
    await desk.crowdWaiting(3);
    await desk.wave(openingId);
    await desk.markAsked(openingId);
    await desk.wave(openingId, NOW + 10 * MINUTE);
    const [withVisit, declining, hoping] = await desk.offersOf(openingId);
    await recordAnswer(db, { clinicId, openingId, offerId: declining!.id, answer: 'decline', now: NOW });
    await recordAnswer(db, { clinicId, openingId, offerId: hoping!.id, answer: 'take', now: NOW });
    const turn = await withdrawOpening(db, staff(openingId));
    expect(turn).toMatchObject({ status: 'withdrawn', statusReason: 'staff', next: null });
    // The last one was planned and had not left: nothing is said to them.
    expect(await statuses(openingId)).toEqual(['1 gone', '1 declined', '1 gone', '2 lapsed']);
    const told = await planned(openingId, 'offerGone');
    expect(told.map(({ id }) => id).toSorted()).toEqual([...turn.toSend].toSorted());
    const contents = told.map(({ content }) => content);
    const gone = { kind: 'offerGone', startsAt };
    expect(contents).toHaveLength(2);
    expect(contents).toContainEqual({ ...gone, offerId: withVisit!.id, ownStartsAt: startsAt + 30 * DAY });
    expect(contents).toContainEqual({ ...gone, offerId: hoping!.id, ownStartsAt: null });
    expect(await withdrawOpening(db, staff(openingId))).toEqual(turn);
    expect(await releaseOpening(db, staff(openingId))).toEqual(turn);
    expect(await desk.wave(openingId, NOW + HOUR)).toEqual(turn);
  });

  it('is not told to the patient whom staff gave the time', async () => {
    const { openingId, startsAt } = await fresh(2);
    await desk.wave(openingId);
    await desk.markAsked(openingId);
    const [first, other] = await desk.offersOf(openingId);
    await desk.booked(startsAt, { patientId: first!.patientId });
    expect(await desk.opening(openingId)).toMatchObject({
      status: 'withdrawn',
      reason: 'takenByStaff',
      revision: 2,
      seen: 1,
    });
    const turn = await desk.wave(openingId);
    expect(turn.toSend).toHaveLength(1);
    expect((await planned(openingId, 'offerGone')).map(({ patientId }) => patientId)).toEqual([other!.patientId]);
    expect(await desk.opening(openingId)).toMatchObject({ seen: 2 });
  });

  it('of another clinic’s opening is out of reach', async () => {
    const { openingId } = await fresh(1);
    const stranger = { ...staff(openingId), clinicId: asId<typeof clinicId>(randomUUID()) };
    await expect(withdrawOpening(db, stranger)).rejects.toThrow('there is no opening');
    expect(await desk.opening(openingId)).toMatchObject({ status: 'offering' });
  });
});

describe('an answer', () => {
  it('is written down when it came first, and a no ends the offer', async () => {
    const { openingId } = await fresh(1);
    await desk.wave(openingId);
    await desk.markAsked(openingId);
    const [offer] = await desk.offersOf(openingId);
    const answer = { clinicId, openingId, offerId: offer!.id };
    await recordAnswer(db, { ...answer, answer: 'take', now: NOW + 1 });
    await recordAnswer(db, { ...answer, answer: 'decline', now: NOW + 2 });
    await recordAnswer(db, { ...answer, answer: 'decline', now: NOW + 3 });
    const [row] = await sql`select status, answered_at as at from offers where id = ${offer!.id}`;
    expect([row!['status'], iso(row!['at'].getTime())]).toEqual(['declined', iso(NOW + 1)]);
  });

  it('of somebody who cannot have the time ends their chance: they are asked to phone, and staff to look, once', async () => {
    const { openingId } = await fresh(1);
    await desk.wave(openingId);
    await desk.markAsked(openingId);
    const [offer] = await desk.offersOf(openingId);
    const inboundMessageId = asId<InboundMessageId>(randomUUID());
    const answer = { offerId: offer!.id, inboundMessageId, code: 'PATIENT_OVERLAP' } as const;
    const taker = { clinicId, openingId, ...answer, now: NOW + 1 };
    const asked = { sender: `${clinic.sender}9`, phone: '+358401234567' };
    const question = { clinicId, kind: 'offer', patientId: offer!.patientId, offerId: offer!.id, now: NOW } as const;
    await inClinic(db, clinicId, (tx) => askQuestion(tx, { ...question, ...asked }));
    const [first, second] = [await refuseTaker(db, taker), await refuseTaker(db, taker)];
    expect(first.toSend).toEqual(second.toSend);
    const [said] = await sql`select content from notifications where dedupe_key = ${`offerRefused:${offer!.id}`}`;
    expect(said!['content']).toEqual({ kind: 'reply', variant: 'callUs', from: asked.sender });
    const detail = { inboundMessageId, answer: 'take', code: 'PATIENT_OVERLAP' };
    const tasks = await sql`select kind, detail from tasks where patient_id = ${offer!.patientId}`;
    expect(tasks).toEqual([{ kind: 'inboundText', detail }]);
    expect(await statuses(openingId)).toEqual(['1 lapsed']);
  });

  it('that came when the time was gone is written down for staff, at its first moment, and nothing is told again', async () => {
    const { openingId } = await fresh(1);
    await desk.wave(openingId);
    await desk.markAsked(openingId);
    const [offer] = await desk.offersOf(openingId);
    const { toSend } = await withdrawOpening(db, staff(openingId));
    const answers = [lateAnswer(offer!.id, 'take')];
    for (const now of [NOW + 1, NOW + 2]) {
      const turn = await recordLateAnswers(db, { clinicId, openingId, answers, now });
      expect(turn.toSend).toEqual(toSend);
      expect(turn.details).toContain('| gone | Tue 12 Jan 2027 12:00 | Tue 12 Jan 2027 12:00 |');
    }
    const [row] = await sql`select answered_at as at from offers where id = ${offer!.id}`;
    expect(iso(row!['at'].getTime())).toBe(iso(NOW + 1));
  });

  it('that came when nobody had taken the time is too late, and is told so once, and staff may still give it', async () => {
    const { openingId, startsAt } = await fresh(2);
    await desk.wave(openingId);
    await desk.markAsked(openingId);
    const [taker, other] = await desk.offersOf(openingId);
    expect(await desk.wave(openingId, startsAt - HOUR)).toMatchObject({ status: 'unfilled', toSend: [] });
    const answers = [lateAnswer(taker!.id, 'take'), lateAnswer(other!.id, 'decline')];
    const late = { clinicId, openingId, answers };
    const [first, second] = [
      await recordLateAnswers(db, { ...late, now: startsAt - HOUR }),
      await recordLateAnswers(db, { ...late, now: startsAt - HOUR + 1 }),
    ];
    expect(first).toEqual(second);
    const said = await sql`select id, content->>'variant' as variant from notifications where patient_id in
      (${taker!.patientId}, ${other!.patientId}) and kind = 'reply'`;
    expect(said).toEqual([{ id: first.toSend[0], variant: 'tooLate' }]);
    const tasks =
      await sql`select kind, patient_id as "patientId" from tasks where patient_id is not null and kind = 'lateAnswer'`;
    expect(tasks).toEqual([{ kind: 'lateAnswer', patientId: taker!.patientId }]);
  });
});
