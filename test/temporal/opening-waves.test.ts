import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Transport, Transports } from '../../activities/messaging/transports/transport.ts';
import type { OpeningId } from '../../domain/ids.ts';
import { HOUR, MINUTE, SECOND } from '../../domain/interval.ts';
import { reserve } from '../support/bookings.ts';
import { codesIn } from '../support/codes.ts';
import { eventually } from '../support/product.ts';
import { type Waiting, startOpenings } from './openings.ts';

const world = await startOpenings();
const { product, sql, freshTime, waitFor, freeTime, openingRow, offersOf, offerOf, untilAsked } = world;
const { answer, toldTo, goOn, endOf, whoHas, lifeOf } = world;
const { clinic, simulatorUrl } = product;

/** The numbers for which the provider cannot be reached. */
const cutOff = new Set<string>();

function beforeProvider({ sms, ...others }: Transports): Transports {
  const send: Transport<'sms'>['send'] = async (message) =>
    cutOff.has(message.to) ? { outcome: 'busy', errorCode: 'ECONNREFUSED' } : sms!.send(message);
  return { ...others, sms: { ...sms!, send } };
}

beforeAll(async () => {
  const worker = await product.startWorker({ transports: beforeProvider });
  return () => worker.stop();
});

beforeEach(() => setPolicy({ openings: { waveSize: 1 } }));

async function setPolicy(policy: Record<string, unknown>): Promise<void> {
  const whole = {
    quietHours: null,
    caps: { messagesPerRecipientAndHour: 10_000, messagesPerMinute: 60_000 },
    ...policy,
  };
  await sql`update clinics set policy = ${sql.json(whole)} where clinic_id = ${clinic.clinicId}`;
}

const wallClock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: clinic.timeZone });
const fromNow = (ms: number) => wallClock.format(Date.now() + ms);

async function post(path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answered = await fetch(simulatorUrl + path, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answered.ok).toBe(true);
}

const write = ({ mobile: from }: Waiting, body: string) => post('/_sim/reply', { from, to: clinic.sender, body });

const asked = async (id: OpeningId) => (await offersOf(id)).filter(({ status }) => status === 'asked').length;
const wavesOf = async (id: OpeningId) => (await offersOf(id)).map(({ wave, status }) => `${wave} ${status}`);
const tasksOf = (id: OpeningId) =>
  sql`select kind, detail->>'reason' as reason from tasks where detail->>'openingId' = ${id}`;

describe('an opening', () => {
  it('asks the next every ten minutes, until nobody is left; then the time is free and staff are told', async () => {
    const startsAt = freshTime();
    const people = await waitFor(startsAt, 3);
    const id = await freeTime(startsAt);
    for (const count of [1, 2, 3]) {
      await untilAsked(id, count);
      await goOn(id, 9 * MINUTE);
      expect(await asked(id)).toBe(count);
      await goOn(id, MINUTE);
    }
    expect(await endOf(id)).toEqual({ outcome: 'unfilled', reason: 'nobodyLeft' });
    expect(await tasksOf(id)).toMatchObject([{ kind: 'openingUnfilled', reason: 'nobodyLeft' }]);
    for (const person of people) expect(await toldTo(person)).toEqual(['offer']);
    expect((await reserve(product, startsAt, { actor: 'patient' })).status).toBe(201);
  });

  it('for which nobody waits ends at once', async () => {
    const id = await freeTime(freshTime());
    expect(await endOf(id)).toEqual({ outcome: 'unfilled', reason: 'nobodyLeft' });
    expect(await tasksOf(id)).toHaveLength(1);
  });

  it('rests at night and goes on when it is over', async () => {
    const startsAt = freshTime();
    const people = await waitFor(startsAt, 4);
    await setPolicy({ quietHours: { from: fromNow(15 * MINUTE), to: fromNow(3 * HOUR) }, openings: { waveSize: 1 } });
    const id = await freeTime(startsAt);
    await untilAsked(id, 1);
    await goOn(id, 11 * MINUTE);
    await untilAsked(id, 2);
    await goOn(id, 2 * HOUR);
    expect(await asked(id)).toBe(2);
    await goOn(id, 50 * MINUTE);
    await untilAsked(id, 3);
    expect(await toldTo(people[2]!)).toEqual(['offer']);
    await answer(id, await offerOf(id, people[0]!));
    expect(await endOf(id)).toEqual({ outcome: 'filled', reason: null });
    expect(await whoHas(startsAt)).toEqual([people[0]!.patientId]);
  });

  it('takes an answer in the night', async () => {
    const startsAt = freshTime();
    const people = await waitFor(startsAt, 2);
    await setPolicy({ quietHours: { from: fromNow(2 * MINUTE), to: fromNow(3 * HOUR) }, openings: { waveSize: 1 } });
    const id = await freeTime(startsAt);
    await untilAsked(id, 1);
    await goOn(id, HOUR);
    await answer(id, await offerOf(id, people[0]!));
    expect(await endOf(id)).toEqual({ outcome: 'filled', reason: null });
    expect(await toldTo(people[1]!)).toEqual([]);
  });

  it('ends at the notice limit, and no answer counts after it', async () => {
    const startsAt = freshTime();
    const [person] = await waitFor(startsAt, 9);
    const noticeHours = (Date.parse(startsAt) - Date.now() - 25 * MINUTE) / HOUR;
    await setPolicy({ quietHours: null, openings: { waveSize: 1, noticeHours } });
    const id = await freeTime(startsAt);
    await untilAsked(id, 1);
    const offer = await offerOf(id, person!);
    await goOn(id, 24 * MINUTE);
    expect(await wavesOf(id)).toEqual(['1 asked', '2 asked', '3 asked']);
    await goOn(id, 2 * MINUTE);
    expect(await endOf(id)).toEqual({ outcome: 'unfilled', reason: 'noticeLimit' });
    await expect(answer(id, offer)).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
    expect(await whoHas(startsAt)).toEqual([]);
  });

  it('lets the carrier try no longer than until the notice limit', async () => {
    const startsAt = freshTime();
    const [person] = await waitFor(startsAt, 1);
    const noticeHours = (Date.parse(startsAt) - Date.now() - 25 * MINUTE) / HOUR;
    await setPolicy({ quietHours: null, openings: { waveSize: 1, noticeHours } });
    await untilAsked(await freeTime(startsAt), 1);
    const text = await eventually('the text', async () => (await product.phone(person!.mobile))[0]);
    expect(text.validityPeriod).toBeGreaterThan((20 * MINUTE) / SECOND);
    expect(text.validityPeriod).toBeLessThanOrEqual((25 * MINUTE) / SECOND);
  });

  it('tells whose answer finds that the notice limit has passed that it is too late, and staff', async () => {
    const startsAt = freshTime();
    const [person] = await waitFor(startsAt, 1);
    const noticeHours = (Date.parse(startsAt) - Date.now() - 5 * MINUTE) / HOUR;
    await setPolicy({ quietHours: null, openings: { waveSize: 1, noticeHours } });
    const id = await freeTime(startsAt);
    await untilAsked(id, 1);
    // As where the worker was away when it passed: the answer is served before any timer.
    await sql`update openings set offer_until = ${new Date(Date.now() - 1)} where id = ${id}`;
    await answer(id, await offerOf(id, person!));
    expect(await endOf(id)).toEqual({ outcome: 'unfilled', reason: 'noticeLimit' });
    expect(await toldTo(person!)).toEqual(['offer', 'tooLate']);
    expect(await sql`select kind from tasks where patient_id = ${person!.patientId}`).toEqual([{ kind: 'lateAnswer' }]);
  });

  it('asks nobody else, and does not end, while the provider is away; then the wave has its minutes', async () => {
    const startsAt = freshTime();
    const [person, next] = await waitFor(startsAt, 2);
    cutOff.add(person!.mobile);
    const id = await freeTime(startsAt);
    await eventually('a try', async () => (await openingRow(id)).wave === 1);
    for (const minutes of [11, 21]) {
      await goOn(id, minutes * MINUTE);
      expect([await wavesOf(id), (await openingRow(id)).status]).toEqual([['1 planned'], 'offering']);
    }
    cutOff.delete(person!.mobile);
    await goOn(id, 5 * MINUTE);
    await untilAsked(id, 1);
    const [offer] = await sql<{ askedAt: Date }[]>`select asked_at as "askedAt" from offers where opening_id = ${id}`;
    const minutesAreOver = offer!.askedAt.getTime() + 10 * MINUTE;
    await product.temporal.advance(lifeOf(id).workflowId, { to: minutesAreOver - MINUTE });
    expect(await wavesOf(id)).toEqual(['1 asked']);
    await goOn(id, 2 * MINUTE);
    await untilAsked(id, 2);
    expect([await toldTo(person!), await toldTo(next!)]).toEqual([['offer'], ['offer']]);
  });

  it('asks another in place of one who cannot be reached', async () => {
    const startsAt = freshTime();
    const people = await waitFor(startsAt, 3);
    await post('/_sim/behaviour', { to: people[0]!.mobile, outcome: 'invalid' });
    await post('/_sim/behaviour', { to: people[1]!.mobile, outcome: 'undelivered:30003' });
    const id = await freeTime(startsAt);
    const isSo = async () => (await wavesOf(id)).join() === '1 undeliverable,1 undeliverable,1 asked';
    await eventually('the third being asked', isSo, 20_000);
  });

  it('takes the code of who had the text after all, also when another was asked instead', async () => {
    const startsAt = freshTime();
    const [lost, instead] = await waitFor(startsAt, 2);
    await post('/_sim/behaviour', { to: lost!.mobile, outcome: 'undelivered:30003' });
    const id = await freeTime(startsAt);
    await eventually('the second being asked', async () => (await wavesOf(id)).join() === '1 undeliverable,1 asked');
    await write(lost!, codesIn((await product.phone(lost!.mobile))[0]!.body)[0]!);
    expect(await endOf(id)).toEqual({ outcome: 'filled', reason: null });
    expect(await whoHas(startsAt)).toEqual([lost!.patientId]);
    await eventually('both being told', async () => {
      const told = [await toldTo(lost!), await toldTo(instead!)];
      return told.join() === 'offer,offerWon,offer,offerGone';
    });
  });

  it('asks who cannot have the time to phone, also where that has to wait until somebody else has it', async () => {
    await setPolicy({ openings: { waveSize: 2 } });
    const startsAt = freshTime();
    const [busy, other] = await waitFor(startsAt, 2);
    const id = await freeTime(startsAt);
    await untilAsked(id, 2);
    const { otherProviderId: providerId } = clinic;
    await reserve(product, startsAt, { patientId: busy!.patientId, providerId, notify: false });
    const caps = { messagesPerRecipientAndHour: 10_000, messagesPerMinute: 1 };
    await setPolicy({ openings: { waveSize: 2 }, caps });
    await answer(id, await offerOf(id, busy!));
    await eventually('the wait', async () => (await sql`select from tasks where kind = 'heldBack'`).length > 0);
    await setPolicy({ openings: { waveSize: 2 } });
    await answer(id, await offerOf(id, other!));
    expect(await endOf(id)).toEqual({ outcome: 'filled', reason: null });
    expect(await toldTo(busy!)).toEqual(['offer', 'callUs']);
    const tasks = await sql`select kind, detail->>'code' as code from tasks where patient_id = ${busy!.patientId}`;
    expect(tasks).toEqual([{ kind: 'inboundText', code: 'PATIENT_OVERLAP' }]);
  });

  it('tells nothing more to who has written that they do not want the time', async () => {
    await setPolicy({ openings: { waveSize: 2 } });
    const startsAt = freshTime();
    const [unwilling, other] = await waitFor(startsAt, 2);
    const id = await freeTime(startsAt);
    await untilAsked(id, 2);
    await eventually('the text', async () => (await toldTo(unwilling!)).length === 1);
    await write(unwilling!, 'Ei kiitos');
    await eventually('the no', async () => (await offerOf(id, unwilling!)).status === 'declined');
    await answer(id, await offerOf(id, other!));
    expect(await endOf(id)).toEqual({ outcome: 'filled', reason: null });
    expect(await toldTo(unwilling!)).toEqual(['offer']);
  });

  it('asks another in place of one who wants no texts any more', async () => {
    const startsAt = freshTime();
    const people = await waitFor(startsAt, 2);
    const id = await freeTime(startsAt);
    await eventually('the text', async () => (await toldTo(people[0]!)).length === 1);
    await write(people[0]!, 'STOP');
    await eventually('the second being asked', async () => (await wavesOf(id)).join() === '1 void,1 asked');
    await answer(id, await offerOf(id, people[1]!));
    expect(await endOf(id)).toEqual({ outcome: 'filled', reason: null });
    expect((await toldTo(people[0]!)).filter((kind) => kind.startsWith('offer'))).toEqual(['offer']);
  });

  it('keeps one timer, whatever wakes it', async () => {
    await setPolicy({ quietHours: null, openings: { waveSize: 3 } });
    const startsAt = freshTime();
    const people = await waitFor(startsAt, 3);
    const id = await freeTime(startsAt);
    await untilAsked(id, 3);
    for (const person of people.slice(1)) await decline(id, person);
    const { events } = await lifeOf(id).fetchHistory();
    expect(events!.filter((event) => event.timerStartedEventAttributes)).toHaveLength(1);
    await goOn(id, 10 * MINUTE + SECOND);
    expect(await endOf(id)).toEqual({ outcome: 'unfilled', reason: 'nobodyLeft' });
    expect(await openingRow(id)).toMatchObject({ wave: 1 });
  });
});

async function decline(id: OpeningId, person: Waiting): Promise<void> {
  await answer(id, await offerOf(id, person), 'decline');
  await eventually('the no', async () => (await offerOf(id, person)).status === 'declined');
}
