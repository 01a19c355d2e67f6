import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesIn } from '../support/codes.ts';
import { daysAhead, reserve, story, untilStatus } from '../support/bookings.ts';
import { type CrowdMember, addCrowd } from '../support/crowd.ts';
import { eventually, startProduct } from '../support/product.ts';
import { type InboundMessageId, asId } from '../../domain/ids.ts';
import { HOUR, MINUTE } from '../../domain/interval.ts';
import { inboundStart } from '../../workflows/inbound-message/messages.ts';

const reminderRules = [{ id: 'sms-30h', before: '30h', channels: ['sms'] }];
const product = await startProduct({ clinic: { policy: { quietHours: null, reminderRules } } });
const { call, clinic, temporal, phone } = product;
const sql = postgres(product.adminUrl, { max: 2, onnotice: () => {} });
afterAll(() => sql.end());

beforeAll(async () => {
  const worker = await product.startWorker();
  return () => worker.stop();
});

let visits = 0;
/** A visit at a time of its own, of a patient of its own. */
async function made(mode: 'book' | 'preReserve', patient: CrowdMember, wish: { visitTypeId?: string } = {}) {
  visits += 1;
  const startsAt = new Date(Date.parse(daysAhead(20)) + visits * 45 * MINUTE).toISOString();
  const { status, body } = await reserve(product, startsAt, { mode, patientId: patient.patientId, ...wish });
  expect(status).toBe(201);
  return body as { id: string; workflowId: string; startsAt: string };
}

async function someone(): Promise<CrowdMember> {
  return (await addCrowd(sql, clinic, 1))[0]!;
}

async function reply(from: string, body: string): Promise<void> {
  const answer = await fetch(`${product.simulatorUrl}/_sim/reply`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from, to: clinic.sender, body }),
  });
  expect(answer.ok).toBe(true);
}

/** The latest text, once there are so many. */
async function text(number: string, count: number): Promise<string> {
  const texts = await eventually(`text ${count}`, async () => {
    const all = await phone(number);
    return all.length >= count && all;
  });
  return texts.at(-1)!.body;
}

async function taskKinds(patientId: string): Promise<string[]> {
  const rows = await sql<
    { kind: string }[]
  >`select kind from tasks where patient_id = ${patientId} order by created_at`;
  return rows.map(({ kind }) => kind);
}

describe('a patient who is asked by text', () => {
  it('confirms by the first code, and is thanked by the message about the change alone', async () => {
    const patient = await someone();
    const visit = await made('preReserve', patient);
    const [confirm] = codesIn(await text(patient.mobile, 1));
    await reply(patient.mobile, `${confirm!.toLowerCase()} kiitos!`);
    await untilStatus(product, visit.id, 'booked');
    await text(patient.mobile, 2);
    await reply(patient.mobile, confirm!);
    await text(patient.mobile, 3);
    expect(await story(product, visit.id)).toEqual([
      'preReserved',
      'message:ask',
      'answer',
      'confirmed',
      'message:confirmed',
      'answer',
      'message:reply',
    ]);
    const { body: timeline } = await call('GET', `/v1/appointments/${visit.id}/timeline`);
    const answer = { by: 'patient', kind: 'confirm', channel: 'sms', id: expect.any(String) as string };
    expect(timeline.past.filter(({ what }: { what: string }) => what === 'answer')).toMatchObject([
      { ...answer, status: 'done' },
      { ...answer, status: 'repeated' },
    ]);
    expect(JSON.stringify(timeline)).not.toContain('kiitos');
  });

  it('gives the time up by the second code', async () => {
    const patient = await someone();
    const visit = await made('preReserve', patient);
    const [, giveUp] = codesIn(await text(patient.mobile, 1));
    await reply(patient.mobile, giveUp!);
    await untilStatus(product, visit.id, 'cancelled');
    await text(patient.mobile, 2);
    expect(await story(product, visit.id)).toEqual([
      'preReserved',
      'message:ask',
      'answer',
      'cancelled',
      'message:cancelled',
    ]);
  });

  it('confirms by a yes in their own words', async () => {
    const patient = await someone();
    const visit = await made('preReserve', patient);
    await text(patient.mobile, 1);
    await reply(patient.mobile, 'Kyllä, sopii hyvin');
    await untilStatus(product, visit.id, 'booked');
  });

  it('who answers after the expiry is told that it is too late', async () => {
    const patient = await someone();
    const visit = await made('preReserve', patient);
    const [confirm] = codesIn(await text(patient.mobile, 1));
    const { body } = await call('GET', `/v1/appointments/${visit.id}`);
    await temporal.advance(visit.workflowId, { to: Date.parse(body.confirmBy) + MINUTE });
    await untilStatus(product, visit.id, 'expired');
    const told = await eventually('the word of it', async () => {
      const all = await phone(patient.mobile);
      return (await story(product, visit.id)).includes('message:expired') && all.length;
    });
    await reply(patient.mobile, confirm!);
    await text(patient.mobile, told + 1);
    expect(await story(product, visit.id)).toContain('message:reply');
  });
});

describe('a patient who is reminded by text', () => {
  it('cancels by its code while that is in time', async () => {
    const patient = await someone();
    const visit = await made('book', patient);
    await text(patient.mobile, 1);
    await temporal.advance(visit.workflowId, { to: Date.parse(visit.startsAt) - 29 * HOUR });
    const [cannotCome] = codesIn(await text(patient.mobile, 2));
    await reply(patient.mobile, cannotCome!);
    await untilStatus(product, visit.id, 'cancelled');
    const { body } = await call('GET', `/v1/appointments/${visit.id}/timeline`);
    expect(body.past.find(({ what }: { what: string }) => what === 'cancelled')).toMatchObject({ by: 'patient' });
  });

  it('who writes too late is asked to phone, keeps the visit, and staff know', async () => {
    const patient = await someone();
    const visit = await made('book', patient);
    await text(patient.mobile, 1);
    await temporal.advance(visit.workflowId, { to: Date.parse(visit.startsAt) - 23 * HOUR });
    const [cannotCome] = codesIn(await text(patient.mobile, 2));
    await reply(patient.mobile, cannotCome!);
    expect(await text(patient.mobile, 3)).toContain('+358401999000');
    expect((await call('GET', `/v1/appointments/${visit.id}`)).body.status).toBe('booked');
    expect(await taskKinds(patient.patientId)).toEqual(['lateCancel']);
    const byPage = await call('POST', `/v1/appointments/${visit.id}/cancel`, { body: { actor: 'patient' } });
    expect(byPage).toMatchObject({ status: 409, body: { code: 'TOO_LATE_TO_CANCEL', phone: '+358401999000' } });
  });

  it('of a visit that only staff may cancel is asked to phone, keeps it, and staff know', async () => {
    const patient = await someone();
    const visit = await made('book', patient, { visitTypeId: clinic.lockedVisitTypeId });
    await text(patient.mobile, 1);
    await temporal.advance(visit.workflowId, { to: Date.parse(visit.startsAt) - 29 * HOUR });
    const [cannotCome] = codesIn(await text(patient.mobile, 2));
    await reply(patient.mobile, cannotCome!);
    expect(await text(patient.mobile, 3)).toContain('+358401999000');
    expect((await call('GET', `/v1/appointments/${visit.id}`)).body.status).toBe('booked');
    expect(await taskKinds(patient.patientId)).toEqual(['lateCancel']);
  });

  it('who writes "no" may move by a link or cancel by a code, and a yes cancels', async () => {
    const patient = await someone();
    const visit = await made('book', patient);
    await text(patient.mobile, 1);
    await temporal.advance(visit.workflowId, { to: Date.parse(visit.startsAt) - 29 * HOUR });
    await text(patient.mobile, 2);
    await reply(patient.mobile, 'En pääse');
    const asked = await text(patient.mobile, 3);
    expect(codesIn(asked)).toHaveLength(1);
    const page = await fetch(/http\S+/.exec(asked)![0]);
    expect([page.status, await page.text()]).toEqual([200, expect.stringMatching(/href="[^"]*\/move/)]);
    expect((await call('GET', `/v1/appointments/${visit.id}`)).body.status).toBe('booked');
    await reply(patient.mobile, 'joo');
    await untilStatus(product, visit.id, 'cancelled');
  });
});

describe('a text that is stored', () => {
  it('shows staff how it was understood and why', async () => {
    const patient = await someone();
    await reply(patient.mobile, 'Voinko tulla aikaisemmin?');
    await eventually('its reading', async () => {
      const { body } = await call('GET', `/v1/messages?patientId=${patient.patientId}`);
      return body.items[0]?.understoodAs === 'staff' && body.items[0].understoodWhy !== null;
    });
    expect(await taskKinds(patient.patientId)).toEqual(['inboundText']);
  });
});

describe('a text whose life is begun twice', () => {
  /** Joined or refused by its id while Temporal knows it; a life of its own where that is forgotten. */
  async function beginAgain(from: string) {
    const id = await eventually('the text', async () => {
      const [row] = await sql<{ id: string }[]>`
        select id from inbound_messages where sender = ${from} order by received_at desc limit 1`;
      return row && asId<InboundMessageId>(row.id);
    });
    const { workflow } = temporal.client;
    const start = inboundStart({ clinicId: clinic.clinicId, inboundMessageId: id }, temporal.taskQueue);
    const begin = (workflowId: string) => workflow.start('inboundMessageWorkflow', { ...start, workflowId });
    const twins = ['twin', 'triplet'].map((name) => `${start.workflowId}/${name}`);
    await Promise.all([begin(start.workflowId).catch(() => undefined), ...twins.map(begin)]);
    return Promise.all([start.workflowId, ...twins].map((one) => workflow.getHandle(one).result()));
  }

  it('acts once, and comes to the same each time', async () => {
    const patient = await someone();
    const visit = await made('preReserve', patient);
    const [confirm] = codesIn(await text(patient.mobile, 1));
    await reply(patient.mobile, confirm!);
    const [first, ...others] = await beginAgain(patient.mobile);
    expect(first).toMatchObject({ understoodAs: 'answers' });
    expect(others.map(({ understoodAs }) => understoodAs)).toEqual(['answers', 'answers']);
    await text(patient.mobile, 2);
    const after = ['answer', 'confirmed', 'message:confirmed'];
    expect(await story(product, visit.id)).toEqual(['preReserved', 'message:ask', ...after]);
    expect((await phone(patient.mobile)).length).toBe(2);
  });

  it('is replied to once, with one task', async () => {
    const patient = await someone();
    const visit = await made('book', patient);
    await temporal.advance(visit.workflowId, { to: Date.parse(visit.startsAt) - 23 * HOUR });
    const codes = codesIn(await text(patient.mobile, 2));
    await reply(patient.mobile, codes[0]!);
    await beginAgain(patient.mobile);
    await text(patient.mobile, 3);
    expect(await taskKinds(patient.patientId)).toEqual(['lateCancel']);
    expect((await phone(patient.mobile)).length).toBe(3);
  });
});
