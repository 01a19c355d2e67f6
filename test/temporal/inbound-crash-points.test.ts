import { describe, expect, it } from 'vitest';
import { ELAPSED_DAY, HOUR, MINUTE } from '../../domain/interval.ts';
import { codesIn } from '../support/codes.ts';
import { type Death, crashPoints, deathsBetween } from '../support/faults.ts';
import { eventually } from '../support/product.ts';
import { type Victim, startAmongVictims } from './victims.ts';

const { product, sql, newVictims, book, untilAtRest, untilQuiet, stateOf } = await startAmongVictims();
const { clinic, temporal } = product;

const preReserve = (victim: Victim) =>
  book(victim, { mode: 'preReserve', confirmBy: new Date(Date.now() + 24 * HOUR).toISOString() });

interface Answer {
  prepare: (victim: Victim) => Promise<unknown>;
  /** What they write; else the first code of what they were asked. */
  body?: string;
  /** What the process answers last, in any order. */
  answers: readonly string[];
  end: Awaited<ReturnType<typeof stateOf>>;
}

const answers: Record<string, Answer> = {
  // First: staff hear of it where a visit comes within two weeks, and later victims have later ones.
  'a stop word': {
    prepare: (victim) => book(victim),
    body: 'STOP',
    answers: ['handleInboundText'],
    end: {
      status: 'booked',
      changes: ['booked'],
      isOccupied: true,
      isOnlyOne: true,
      texts: ['booked'],
      tasks: ['optOutWithVisit'],
    },
  },
  'a confirmation': {
    prepare: preReserve,
    answers: ['finishInboundText', 'sendNotification'],
    end: {
      status: 'booked',
      changes: ['preReserved', 'confirmed'],
      isOccupied: true,
      isOnlyOne: true,
      texts: ['ask', 'confirmed'],
      tasks: [],
    },
  },
  'the choice of a proposed time': {
    prepare: async (victim) => {
      await book(victim, { notify: false });
      const { patientId, startsAt, id: appointmentId } = victim;
      const { visitTypeId, providerId, otherProviderId } = clinic;
      // The victims' half hours of a month later: nobody else is there.
      const later = new Date(Date.parse(startsAt) + 40 * ELAPSED_DAY).toISOString();
      const times = [otherProviderId, providerId].map((id) => ({ providerId: id, startsAt: later }));
      const body = { patientId, visitTypeId, appointmentId, times };
      await product.call('POST', '/v1/proposals', { body, idempotencyKey: victim.key + appointmentId });
    },
    answers: ['finishInboundText', 'sendNotification'],
    end: {
      status: 'booked',
      changes: ['booked', 'moved'],
      isOccupied: true,
      isOnlyOne: true,
      texts: ['proposal', 'moved'],
      tasks: [],
    },
  },
  'a no': {
    prepare: preReserve,
    body: 'No',
    answers: ['finishInboundText', 'sendNotification'],
    end: {
      status: 'cancelled',
      changes: ['preReserved', 'cancelled'],
      isOccupied: false,
      isOnlyOne: true,
      texts: ['ask', 'cancelled'],
      tasks: [],
    },
  },
  'a cancel in time': {
    prepare: async (victim) => {
      await book(victim, { notify: false });
      await temporal.advance(victim.workflowId, { to: Date.parse(victim.startsAt) - 30 * HOUR });
    },
    answers: ['finishInboundText', 'sendNotification'],
    end: {
      status: 'cancelled',
      changes: ['booked', 'cancelled'],
      isOccupied: false,
      isOnlyOne: true,
      texts: ['reminder', 'cancelled'],
      tasks: [],
    },
  },
  'a cancel that comes too late': {
    prepare: async (victim) => {
      await book(victim, { notify: false });
      await temporal.advance(victim.workflowId, { to: Date.parse(victim.startsAt) - 23 * HOUR });
    },
    answers: ['sendDirects'],
    end: {
      status: 'booked',
      changes: ['booked'],
      isOccupied: true,
      isOnlyOne: true,
      texts: ['reminder', 'reply'],
      tasks: ['lateCancel'],
    },
  },
};

/** Whose text it is, or to whom a message goes. */
async function victimOf(about: { inboundMessageId?: string; notificationIds?: readonly string[] }) {
  const { inboundMessageId = null, notificationIds: [notificationId = null] = [] } = about;
  const [row] = await sql<{ id: string }[]>`
    select a.id from appointments a join patients p on p.id = a.patient_id
    where p.mobile = (select sender from inbound_messages where id = ${inboundMessageId})
      or p.mobile = (select address from notifications where id = ${notificationId})`;
  return row?.id;
}

async function lead(victims: readonly Victim[], { prepare }: Answer): Promise<void> {
  await Promise.all(victims.map((victim) => prepare(victim)));
  await untilAtRest(victims);
}

async function reply({ mobile: from }: Victim, word: string | undefined): Promise<void> {
  const [text] = await eventually('the question', async () => {
    const texts = await product.phone(from);
    return texts.length > 0 && texts;
  });
  const body = JSON.stringify({ from, to: clinic.sender, body: word ?? codesIn(text!.body)[0] });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${product.simulatorUrl}/_sim/reply`, { method: 'POST', body, headers });
}

/** What a process does from the text to its end, when it lives. */
async function pointsOf(answer: Answer): Promise<string[]> {
  const process = crashPoints(victimOf);
  const worker = await product.startWorker(process.wrap);
  const [sample] = await newVictims(1);
  await lead([sample!], answer);
  const { points } = process.watch(sample!.id);
  await reply(sample!, answer.body);
  await eventually('the end', async () => isThrough(points, answer));
  await worker.stop();
  return [...points];
}

function isThrough(points: readonly string[], { answers: last }: Answer): boolean {
  return last.every((name) => points.includes(`before the answer of ${name}`));
}

/** The dead keep their places in the worker until they are buried: more of them would leave none for the living. */
const DEAD_AT_ONCE = 25;

describe.each(Object.entries(answers))('a worker that dies in the midst of %s by text', (_, answer) => {
  it('leaves nothing undone and says nothing twice, wherever it dies', async () => {
    const deaths = deathsBetween(await pointsOf(answer));
    for (let first = 0; first < deaths.length; first += DEAD_AT_ONCE) {
      await dieAt(deaths.slice(first, first + DEAD_AT_ONCE), answer);
    }
    expect(await sql`select id from proposals where status = 'waiting'`).toEqual([]);
  }, 600_000);
});

/** One victim for each. */
async function dieAt(deaths: readonly Death[], answer: Answer): Promise<void> {
  const process = crashPoints(victimOf);
  const worker = await product.startWorker(process.wrap);
  const victims = await newVictims(deaths.length);
  await lead(victims, answer);
  const lives = victims.map((victim, index) => process.watch(victim.id, deaths[index]!.at));
  await Promise.all(victims.map((victim) => reply(victim, answer.body)));
  // Text and visit are at work side by side: a life may come to its last point in fewer steps than the sample.
  const isOver = async () => lives.every((life) => life.isOver || isThrough(life.points, answer));
  await eventually('the end of every life', isOver, 60_000);
  expect(lives.filter((life) => life.isOver).length).toBeGreaterThan(deaths.length / 2);
  const stopping = worker.stop();
  process.bury();
  await stopping;

  const successor = await product.startWorker();
  await untilHandled(victims);
  await untilQuiet(victims);
  await successor.stop();
  const found = await Promise.all(
    victims.map(async (victim, index) => ({ killed: deaths[index], ...(await stateOf(victim)) })),
  );
  expect(found).toEqual(deaths.map((killed) => ({ killed, ...answer.end })));
}

async function untilHandled(victims: readonly Victim[]): Promise<void> {
  const phones = victims.map(({ mobile }) => mobile);
  await eventually(
    'all texts being taken care of',
    async () => {
      const texts = await sql<{ id: string; handled: boolean }[]>`
        select id, handled_at is not null as handled from inbound_messages where sender in ${sql(phones)}`;
      if (texts.length < phones.length || !texts.every(({ handled }) => handled)) return false;
      const lives = texts.map(({ id }) =>
        temporal.client.workflow.getHandle(`inbound/${clinic.clinicId}/${id}`).describe(),
      );
      return (await Promise.all(lives)).every(({ status }) => status.name === 'COMPLETED');
    },
    2 * MINUTE,
  );
}
