import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../activities/index.ts';
import { MINUTE } from '../../domain/interval.ts';
import { reserve, daysAhead, story, untilStatus } from '../support/bookings.ts';
import { codesIn } from '../support/codes.ts';
import { addCrowd } from '../support/crowd.ts';
import { eventually, startProduct } from '../support/product.ts';

const product = await startProduct({ clinic: { policy: { quietHours: null } } });
const { call, clinic, phone } = product;
const sql = postgres(product.adminUrl, { max: 2, onnotice: () => {} });
afterAll(() => sql.end());

/** While it is shut, answers are understood and not carried out. */
const gate = { opened: Promise.resolve(), open: () => {} };
function shut(): void {
  gate.opened = new Promise((resolve) => (gate.open = resolve));
}

beforeAll(async () => {
  const activities = (real: Activities): Activities => ({
    ...real,
    carryOutAnswer: async (input) => {
      await gate.opened;
      return real.carryOutAnswer(input);
    },
  });
  const worker = await product.startWorker({ activities });
  return () => worker.stop();
});

let visits = 0;
/** A reservation whose patient has been asked by text. */
async function reserved() {
  visits += 1;
  const [patient] = await addCrowd(sql, clinic, 1);
  const { patientId, mobile } = patient!;
  const startsAt = new Date(Date.parse(daysAhead(20)) + visits * 45 * MINUTE).toISOString();
  const { body } = await reserve(product, startsAt, { mode: 'preReserve', patientId });
  const id = body.id as string;
  const [confirm, giveUp] = codesIn((await texts(mobile, 1))[0]!);
  return { id, mobile, confirm: confirm!, giveUp: giveUp! };
}

async function texts(number: string, count: number): Promise<string[]> {
  return eventually(`text ${count}`, async () => {
    const all = await phone(number);
    return all.length >= count && all.map(({ body }) => body);
  });
}

/** Until it is written down what the text means. */
async function understood(from: string, body: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const wanted = JSON.stringify({ from, to: clinic.sender, body });
  await fetch(`${product.simulatorUrl}/_sim/reply`, { method: 'POST', headers, body: wanted });
  await eventually(`"${body}" being understood`, async () => {
    const [text] = await sql`select understood_as from inbound_messages where sender = ${from} and body = ${body}`;
    return text?.['understood_as'] !== null && text !== undefined;
  });
}

describe('an answer that is overtaken before it is carried out', () => {
  it('cancels no visit that was confirmed meanwhile: whether to cancel is asked back', async () => {
    const { id, mobile } = await reserved();
    shut();
    await understood(mobile, 'No');
    expect(await call('POST', `/v1/appointments/${id}/confirm`, { body: { actor: 'staff' } })).toMatchObject({
      status: 200,
    });
    await texts(mobile, 2);
    gate.open();
    const [, , question] = await texts(mobile, 3);
    expect((await call('GET', `/v1/appointments/${id}`)).body).toMatchObject({ status: 'booked' });
    await understood(mobile, codesIn(question!)[0]!);
    await untilStatus(product, id, 'cancelled');
  });

  it('by who gave the time up and then wants it is not told that the time stands', async () => {
    const { id, mobile, confirm, giveUp } = await reserved();
    shut();
    await understood(mobile, giveUp);
    await understood(mobile, confirm);
    const [, reply] = await texts(mobile, 2);
    expect(codesIn(reply!)).toEqual([]);
    gate.open();
    await untilStatus(product, id, 'cancelled');
    await texts(mobile, 3);
    expect((await story(product, id)).filter((what) => what.startsWith('message'))).toEqual([
      'message:ask',
      'message:reply',
      'message:cancelled',
    ]);
  });
});
