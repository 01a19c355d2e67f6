import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { OpeningId } from '../../domain/ids.ts';
import { type About, type Death, crashPoints, deathsBetween } from '../support/faults.ts';
import { eventually } from '../support/product.ts';
import { type Visit, type Waiting, startOpenings } from './openings.ts';
import { persist } from './victims.ts';

// So many die in a minute that more is said than a clinic says.
const world = await startOpenings({ caps: { messagesPerRecipientAndHour: 10, messagesPerMinute: 60_000 } });
const { product, sql, freshTime, book, giveUp, waitFor, openingOf, openingRow, offersOf, untilAsked } = world;
const { offerOf, answer, toldTo, untilSettled, endOf, lifeOf, whoHas } = world;

/** A visit whose time somebody else gets, and who: the first takes it, and the second a moment later. */
interface Victim {
  visit: Visit;
  people: Waiting[];
}

interface Action {
  prepare: (victim: Victim) => Promise<unknown>;
  act: (victim: Victim) => Promise<unknown>;
  /** What the process answers last, in any order. */
  answers: readonly string[];
  end: { opening: string; hasTheTime: 'nobody' | 'winner'; isOneMore: boolean; told: string[][] };
}

const give = async ({ visit, people }: Victim): Promise<OpeningId> => {
  await giveUp(visit);
  const id = await openingOf(visit);
  await untilAsked(id, people.length);
  await eventually('rest', () => isAtRest(lifeOf(id).workflowId), 45_000);
  return id;
};

const take = async ({ visit, people }: Victim): Promise<void> => {
  const id = await openingOf(visit);
  for (const person of people) await answer(id, await offerOf(id, person));
};

const won: Omit<Action['end'], 'isOneMore'> = {
  opening: 'filled COMPLETED',
  hasTheTime: 'winner',
  told: [
    ['offer', 'offerWon'],
    ['offer', 'offerGone'],
  ],
};

const actions: Record<string, Action> = {
  'giving a time up': {
    prepare: async () => {},
    act: cancel,
    answers: ['endAppointment', 'tellOpenings', 'sendDirects'],
    end: { opening: 'offering RUNNING', hasTheTime: 'nobody', isOneMore: false, told: [['offer'], ['offer']] },
  },
  'an award that moves a visit': {
    prepare: give,
    act: take,
    answers: ['awardOffer', 'recordLateAnswers', 'sendNotification', 'sendDirects'],
    end: { ...won, isOneMore: false },
  },
  'an award that makes a visit': {
    prepare: async (victim) => {
      await give(victim);
      await giveUp(victim.people[0]!.visit!);
    },
    act: take,
    answers: ['awardOffer', 'recordLateAnswers', 'sendNotification', 'sendDirects'],
    end: { ...won, isOneMore: true },
  },
};

/** The dead keep their places in the worker until they are buried: more of them would leave none for the living. */
const DEAD_AT_ONCE = 25;

/** Each has of the early deaths and of the late ones: of the last points a life may come to none. */
function batchesOf(deaths: readonly Death[]): Death[][] {
  const count = Math.ceil(deaths.length / DEAD_AT_ONCE);
  return Array.from({ length: count }, (_, batch) => deaths.filter((__, index) => index % count === batch));
}

describe.each(Object.entries(actions))('a worker that dies in the midst of %s', (_, action) => {
  it('leaves nothing undone, one winner, and says nothing twice, wherever it dies', async () => {
    const deaths = deathsBetween(await pointsOf(action));
    for (const batch of batchesOf(deaths)) await dieAt(batch, action);
  }, 600_000);
});

/** One victim for each. */
async function dieAt(deaths: readonly Death[], action: Action): Promise<void> {
  const mortal = crashPoints(victimOf);
  const worker = await product.startWorker(mortal.wrap);
  const victims = await newVictims(deaths.length);
  await Promise.all(victims.map(action.prepare));
  await untilAtRest(victims);
  const lives = victims.map(({ visit }, index) => mortal.watch(visit.id, deaths[index]!.at));
  const acting = Promise.all(victims.map(action.act));
  // Opening and visit are at work side by side: a life may come to its last point in fewer steps than the sample.
  const isOver = async () => lives.every((life) => life.isOver || isThrough(life.points, action));
  await eventually('the end of every life', isOver, 60_000);
  expect(lives.filter((life) => life.isOver).length).toBeGreaterThan(deaths.length / 2);
  const stopping = worker.stop();
  mortal.bury();
  await stopping;

  const successor = await product.startWorker();
  await acting;
  const found = [];
  for (const victim of victims) found.push(await untilAsIs(victim, action));
  await successor.stop();
  // Of an offer it is better to say nothing than to say it twice; each of the two may be cut short there.
  expect(found.filter(({ told }) => told.some((kinds) => kinds.length === 0)).length).toBeLessThanOrEqual(8);
  const named = found.map((state, index) => ({ killed: deaths[index], ...state, told: state.told.map(assumed) }));
  expect(named).toEqual(deaths.map((killed) => ({ killed, ...action.end })));
}

/** Whose work it is: everything about an opening counts for the visit that gave up its time. */
async function victimOf({ openingId, openingIds = [], claim, notificationIds = [], appointmentId }: About) {
  const opening = openingId ?? openingIds[0] ?? claim?.openingId ?? null;
  const [row] = await sql<{ id: string }[]>`
    select o.appointment_id as id from openings o where o.id = ${opening}
    union all
    select o.appointment_id from offers f join openings o on o.id = f.opening_id
      where f.won_appointment_id = ${appointmentId ?? null}
        or f.id = (select (content->>'offerId')::uuid from notifications where id = ${notificationIds[0] ?? null})`;
  return row?.id;
}

async function newVictims(count: number): Promise<Victim[]> {
  const victims: Victim[] = [];
  for (let index = 0; index < count; index++) {
    const startsAt = freshTime();
    victims.push({ visit: await book(startsAt), people: await waitFor(startsAt, 2, { visit: true }) });
  }
  return victims;
}

/** What a process does from the beginning of the action to its end, when it lives. */
async function pointsOf(action: Action): Promise<string[]> {
  const mortal = crashPoints(victimOf);
  const worker = await product.startWorker(mortal.wrap);
  const [sample] = await newVictims(1);
  await action.prepare(sample!);
  await untilAtRest([sample!]);
  const { points } = mortal.watch(sample!.visit.id);
  await action.act(sample!);
  await eventually('the end', async () => isThrough(points, action), 60_000);
  await worker.stop();
  return [...points];
}

function isThrough(points: readonly string[], { answers }: Action): boolean {
  return answers.every((name) => points.includes(`before the answer of ${name}`));
}

/** As callers are told to do it: with the same key until there is an answer. */
function cancel({ visit }: Victim): Promise<unknown> {
  const body = { actor: 'staff', reason: 'ill', notify: false };
  const request = { body, idempotencyKey: `cancel-${visit.id}` };
  return persist(() => product.call('POST', `/v1/appointments/${visit.id}/cancel`, request));
}

async function untilAtRest(victims: readonly Victim[]): Promise<void> {
  const visits = victims.flatMap(({ visit, people }) => [visit, ...people.map((person) => person.visit!)]);
  for (const { workflowId } of visits) await eventually('rest', () => isAtRest(workflowId), 45_000);
}

/** False as long as it has not begun. */
async function isAtRest(workflowId: string): Promise<boolean> {
  const life = await product.temporal.client.workflow
    .getHandle(workflowId)
    .describe()
    .catch(() => undefined);
  return life !== undefined && (life.raw.pendingActivities ?? []).length === 0 && !life.raw.pendingWorkflowTask;
}

async function stateOf({ visit, people }: Victim): Promise<Action['end']> {
  const id = await openingOf(visit);
  const holders = await whoHas(visit.startsAt);
  const [winner] = people;
  const visits = await sql`select from appointments where patient_id = ${winner!.patientId}`;
  const life = await lifeOf(id)
    .describe()
    .then(
      ({ status }) => status.name,
      () => 'NONE',
    );
  return {
    opening: `${(await openingRow(id)).status} ${life}`,
    hasTheTime:
      holders.length === 0 ? 'nobody' : holders.join() === winner!.patientId ? 'winner' : (holders.join() as never),
    isOneMore: visits.length > 1,
    told: await Promise.all(people.map((person) => toldTo(person))),
  };
}

const assumed = (kinds: string[]): string[] => (kinds.length === 0 ? ['offer'] : kinds);

/** The state once everything has come to rest: as it should be, or as it is after a while. */
async function untilAsIs(victim: Victim, { end }: Action): Promise<Action['end']> {
  const id = await openingOf(victim.visit);
  if (end.hasTheTime === 'winner') await endOf(id);
  await eventually('rest', () => isAtRest(lifeOf(id).workflowId), 45_000);
  const isSo = async () => {
    await untilSettled(victim.people);
    const { told, ...state } = await stateOf(victim);
    const isAnybodyPlanned = (await offersOf(id)).some(({ status }) => status === 'planned');
    return !isAnybodyPlanned && isDeepStrictEqual({ ...state, told: told.map(assumed) }, end);
  };
  await eventually('the end', isSo, 20_000).catch(() => {});
  return stateOf(victim);
}
