import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../activities/index.ts';
import { type ProposalId, proposalWorkflowId } from '../../domain/ids.ts';
import { idsOfAttempt } from '../../api/request-ids.ts';
import { HOUR, MINUTE, SECOND } from '../../domain/interval.ts';
import { proposalAnsweredSignal, proposeUpdate } from '../../workflows/proposal/messages.ts';
import { daysAhead, outcomeOf, reserve, story } from '../support/bookings.ts';
import { codesIn } from '../support/codes.ts';
import { type CrowdMember, addCrowd } from '../support/crowd.ts';
import { type Answer, eventually, startProduct } from '../support/product.ts';

const product = await startProduct({ clinic: { policy: { quietHours: null } } });
const { call, clinic, temporal } = product;
const sql = postgres(product.adminUrl, { max: 2, onnotice: () => {} });
afterAll(() => sql.end());

beforeAll(async () => {
  const worker = await product.startWorker({ activities: twice });
  return () => worker.stop();
});

/** As after a crash of which nobody learnt whether the answer had been carried out. */
function twice(real: Activities): Activities {
  return {
    ...real,
    carryOutAnswer: async (answer) => {
      await real.carryOutAnswer(answer);
      return real.carryOutAnswer(answer);
    },
  };
}

let days = 20;
/** Three times on a day of the test's own. */
function threeTimes() {
  days += 1;
  const { providerId, otherProviderId } = clinic;
  return [providerId, providerId, otherProviderId].map((id, index) => ({
    providerId: id,
    startsAt: daysAhead(days, index).replace('.000', ''),
  }));
}

interface Proposed extends CrowdMember {
  id: ProposalId;
  workflowId: string;
  expiresAt: number;
  times: { code: string; providerId: string; startsAt: string }[];
}

async function someone(): Promise<CrowdMember> {
  return (await addCrowd(sql, clinic, 1))[0]!;
}

function post(body: Record<string, unknown>, idempotencyKey = randomUUID()): Promise<Answer> {
  const { visitTypeId } = clinic;
  return call('POST', '/v1/proposals', { body: { visitTypeId, ...body }, idempotencyKey });
}

async function propose(body: Record<string, unknown> = {}, patient?: CrowdMember): Promise<Proposed> {
  const member = patient ?? (await someone());
  const answer = await post({ patientId: member.patientId, times: threeTimes(), ...body });
  expect(answer).toMatchObject({ status: 201 });
  const { id, expiresAt, times } = answer.body;
  const workflowId = proposalWorkflowId(clinic.clinicId, id);
  return { ...member, id, workflowId, expiresAt: Date.parse(expiresAt), times };
}

async function texts({ mobile }: CrowdMember, count: number): Promise<string[]> {
  return eventually(`text ${count}`, async () => {
    const bodies = (await product.phone(mobile)).map(({ body }) => body);
    return bodies.length >= count && bodies;
  });
}

async function reply({ mobile: from }: CrowdMember, body: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const text = JSON.stringify({ from, to: clinic.sender, body });
  await fetch(`${product.simulatorUrl}/_sim/reply`, { method: 'POST', headers, body: text });
}

interface Visit {
  id: string;
  status: string;
  startsAt: string;
  providerId: string;
  version: number;
}

async function visitsOf({ patientId }: CrowdMember): Promise<Visit[]> {
  return (await call('GET', `/v1/appointments?patientId=${patientId}`)).body.items;
}

const keptBy = async (id: string) => (await sql`select from occupancies where owner_id = ${id}`).length;

async function tasksOf({ patientId }: CrowdMember): Promise<string[]> {
  const rows = await sql<{ kind: string }[]>`select kind from tasks where patient_id = ${patientId}`;
  return rows.map(({ kind }) => kind);
}

describe('times that are proposed to a patient', () => {
  it('are texted with the codes that staff see; one of them books, which is the reply, and the others are free', async () => {
    const proposed = await propose();
    const [body] = await texts(proposed, 1);
    expect(codesIn(body!)).toEqual(proposed.times.map(({ code }) => code));
    await reply(proposed, `${proposed.times[1]!.code} kiitos`);
    await texts(proposed, 2);
    const { code: _, ...chosen } = proposed.times[1]!;
    const [visit, ...others] = await visitsOf(proposed);
    expect([visit, others]).toEqual([expect.objectContaining({ status: 'booked', ...chosen }), []]);
    expect(await outcomeOf(product, proposed.workflowId)).toEqual({ outcome: 'answered' });
    expect([await keptBy(proposed.id), await keptBy(visit!.id)]).toEqual([0, 1]);
    expect(await story(product, visit!.id)).toEqual(['booked', 'message:booked']);
    expect((await product.phone(proposed.mobile)).length).toBe(2);
  });

  it('move the visit that they are for, in one step and whatever its cutoff', async () => {
    const patient = await someone();
    const startsAt = new Date(Math.ceil(Date.now() / HOUR) * HOUR + 2 * HOUR).toISOString();
    const booked = await reserve(product, startsAt, { patientId: patient.patientId, notify: false });
    const { id } = booked.body;
    const proposed = await propose({ appointmentId: id }, patient);
    await texts(proposed, 1);
    await reply(proposed, proposed.times[2]!.code);
    await texts(proposed, 2);
    const { code: _, ...chosen } = proposed.times[2]!;
    expect(await visitsOf(patient)).toEqual([expect.objectContaining({ id, version: 2, status: 'booked', ...chosen })]);
    expect(await story(product, id)).toEqual(['booked', 'message:proposal', 'moved', 'message:moved']);
    expect(await outcomeOf(product, proposed.workflowId)).toEqual({ outcome: 'answered' });
    expect(await tasksOf(patient)).toEqual([]);
  });

  it('are free again when the time to answer is up; who answers then is told that it is too late', async () => {
    const proposed = await propose();
    await texts(proposed, 1);
    await temporal.advance(proposed.workflowId, { to: proposed.expiresAt - MINUTE });
    expect(await keptBy(proposed.id)).toBe(3);
    await temporal.advance(proposed.workflowId, { by: 2 * MINUTE });
    expect(await outcomeOf(product, proposed.workflowId)).toEqual({ outcome: 'expired' });
    expect(await keptBy(proposed.id)).toBe(0);
    await reply(proposed, proposed.times[0]!.code);
    expect((await texts(proposed, 2))[1]).toContain('too late');
    expect(await visitsOf(proposed)).toEqual([]);
    expect((await post({ patientId: proposed.patientId, times: proposed.times.map(withoutCode) })).status).toBe(201);
  });

  it('are free again at once where none is wanted, which needs no reply; who changes their mind is asked to phone', async () => {
    const proposed = await propose();
    await texts(proposed, 1);
    await reply(proposed, 'Ei kiitos');
    expect(await outcomeOf(product, proposed.workflowId)).toEqual({ outcome: 'answered' });
    expect(await keptBy(proposed.id)).toBe(0);
    expect((await post({ patientId: clinic.otherPatientId, times: proposed.times.map(withoutCode) })).status).toBe(201);
    await reply(proposed, proposed.times[0]!.code);
    expect((await texts(proposed, 2))[1]).toContain('call us');
    expect([await visitsOf(proposed), await tasksOf(proposed)]).toEqual([[], []]);
  });

  it('leave the visit where it is, and say so, where a no is the answer', async () => {
    const patient = await someone();
    days += 1;
    const { id, startsAt } = (await reserve(product, daysAhead(days), { patientId: patient.patientId, notify: false }))
      .body;
    const proposed = await propose({ appointmentId: id }, patient);
    await texts(proposed, 1);
    await reply(proposed, 'No thanks');
    expect((await texts(proposed, 2))[1]).toMatch(/^Test Clinic: Your own appointment on .* stands\.$/);
    expect(await visitsOf(patient)).toEqual([expect.objectContaining({ id, version: 1, status: 'booked', startsAt })]);
    expect(await outcomeOf(product, proposed.workflowId)).toEqual({ outcome: 'answered' });
  });

  it('replace only the time that they were to replace: once the visit has another, they are free and staff are told', async () => {
    const patient = await someone();
    days += 1;
    const { id } = (await reserve(product, daysAhead(days), { patientId: patient.patientId, notify: false })).body;
    const proposed = await propose({ appointmentId: id }, patient);
    await texts(proposed, 1);
    const agreed = daysAhead(days, 4);
    const body = { actor: 'staff', reason: 'by phone', startsAt: agreed, notify: false };
    expect((await call('POST', `/v1/appointments/${id}/move`, { body })).status).toBe(200);
    await reply(proposed, proposed.times[1]!.code);
    expect((await texts(proposed, 2))[1]).toContain('call us');
    expect((await visitsOf(patient)).map((visit) => [visit.version, Date.parse(visit.startsAt)])).toEqual([
      [2, Date.parse(agreed)],
    ]);
    expect(await tasksOf(patient)).toEqual(['inboundText']);
    expect(await outcomeOf(product, proposed.workflowId)).toEqual({ outcome: 'answered' });
    expect(await keptBy(proposed.id)).toBe(0);
    await reply(proposed, proposed.times[0]!.code);
    expect((await texts(proposed, 3))[2]).toContain('too late');
  });

  it('go to one answer where two come at once', async () => {
    const proposed = await propose();
    await texts(proposed, 1);
    await Promise.all(proposed.times.map(({ code }) => reply(proposed, code)));
    expect(await outcomeOf(product, proposed.workflowId)).toEqual({ outcome: 'answered' });
    await eventually('every answer being dealt with', async () => {
      const open = await sql`select from inbound_messages where sender = ${proposed.mobile} and handled_at is not null`;
      return open.length === 3;
    });
    expect(await visitsOf(proposed)).toHaveLength(1);
    expect(await keptBy(proposed.id)).toBe(0);
    expect((await texts(proposed, 4)).length).toBe(4);
  });

  it('go to the answer or expire, where both come in the same second', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => propose()));
    for (const proposed of all) {
      await texts(proposed, 1);
      await temporal.advance(proposed.workflowId, { to: proposed.expiresAt - SECOND });
    }
    await Promise.all(
      all.flatMap((proposed) => [
        reply(proposed, proposed.times[0]!.code),
        temporal.advance(proposed.workflowId, { by: 2 * SECOND }),
      ]),
    );
    for (const proposed of all) {
      const { outcome } = (await outcomeOf(product, proposed.workflowId)) as { outcome: string };
      await texts(proposed, 2);
      expect((await visitsOf(proposed)).length).toBe(outcome === 'answered' ? 1 : 0);
      expect(await keptBy(proposed.id)).toBe(0);
    }
  });

  it('that the patient cannot have any more leave all as it is, and staff are told', async () => {
    const proposed = await propose();
    await texts(proposed, 1);
    const { startsAt } = proposed.times[0]!;
    const elsewhere = { patientId: proposed.patientId, providerId: clinic.otherProviderId, notify: false };
    expect((await reserve(product, startsAt, elsewhere)).status).toBe(201);
    await reply(proposed, proposed.times[0]!.code);
    expect((await texts(proposed, 2))[1]).toContain('call us');
    expect(await tasksOf(proposed)).toEqual(['inboundText']);
    await reply(proposed, proposed.times[1]!.code);
    await texts(proposed, 3);
    expect((await visitsOf(proposed)).length).toBe(2);
    expect(await outcomeOf(product, proposed.workflowId)).toEqual({ outcome: 'answered' });
  });

  it('of a text that does not arrive stay kept, and staff are told', async () => {
    const patient = await someone();
    await fetch(`${product.simulatorUrl}/_sim/behaviour`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to: patient.mobile, outcome: 'undelivered:30003' }),
    });
    const proposed = await propose({}, patient);
    await eventually('the task', async () => (await tasksOf(patient)).includes('undeliverable'));
    expect(await keptBy(proposed.id)).toBe(3);
    await temporal.advance(proposed.workflowId, { to: proposed.expiresAt + SECOND });
    expect(await outcomeOf(product, proposed.workflowId)).toEqual({ outcome: 'expired' });
  });

  it('are kept and sent once for each key; what was refused may be tried again with the same one', async () => {
    const patient = await someone();
    const times = threeTimes();
    const { providerId, startsAt } = times[1]!;
    const inTheWay = await reserve(product, startsAt, { providerId, notify: false });
    const key = randomUUID();
    const ask = () => post({ patientId: patient.patientId, times }, key);
    const refused = await ask();
    expect(refused).toMatchObject({ status: 409, body: { code: 'SLOT_TAKEN', errors: [{ pointer: '/times/1' }] } });
    expect(refused.body.alternatives.length).toBeGreaterThan(0);
    await call('POST', `/v1/appointments/${inTheWay.body.id}/cancel`, {
      body: { actor: 'staff', reason: 'x', offer: false },
    });
    const [first, second] = await Promise.all([ask(), ask()]);
    expect([first.status, second.body]).toEqual([201, first.body]);
    await texts(patient, 1);
    expect((await ask()).body).toEqual(first.body);
    expect((await product.phone(patient.mobile)).length).toBe(1);
  });
});

describe('the life of a proposal', () => {
  it('that could not be made ends with why', async () => {
    const taken = await propose();
    const key = randomUUID();
    const answer = await post({ patientId: taken.patientId, times: taken.times.map(withoutCode) }, key);
    expect(answer.body.code).toBe('SLOT_TAKEN');
    const { proposalId } = idsOfAttempt(clinic.clinicId, key, 1);
    const life = proposalWorkflowId(clinic.clinicId, proposalId);
    expect(await outcomeOf(product, life)).toEqual({ outcome: 'refused', code: 'SLOT_TAKEN' });
  });

  it('says as often as it is asked that the times are kept, and ends with the word that one is taken', async () => {
    const { workflowId } = await propose();
    const life = temporal.client.workflow.getHandle(workflowId);
    await life.executeUpdate(proposeUpdate, { updateId: 'propose' });
    await life.executeUpdate(proposeUpdate, { updateId: 'another' });
    await life.signal(proposalAnsweredSignal);
    expect(await life.result()).toEqual({ outcome: 'answered' });
  });
});

function withoutCode({ providerId, startsAt }: Proposed['times'][number]) {
  return { providerId, startsAt };
}

describe('at night', () => {
  const now = Date.now();
  beforeAll(async () => {
    // Quiet from an hour ago until in an hour, by the clinic's clock.
    const clock = (at: number) =>
      new Intl.DateTimeFormat('en-GB', { timeZone: clinic.timeZone, hour: '2-digit', minute: '2-digit' }).format(at);
    const quietHours = { from: clock(now - HOUR), to: clock(now + HOUR) };
    await sql`update clinics set policy = policy || ${sql.json({ quietHours })} where clinic_id = ${clinic.clinicId}`;
  });

  it('the text waits for the morning, from when on the times are kept', async () => {
    const proposed = await propose();
    const morning = proposed.expiresAt - 4 * HOUR;
    expect(morning).toBe(Math.floor((now + HOUR) / MINUTE) * MINUTE);
    const urgent = await propose({ sendNow: true });
    await texts(urgent, 1);
    expect(await product.phone(proposed.mobile)).toEqual([]);
    await temporal.advance(proposed.workflowId, { to: morning + SECOND });
    await texts(proposed, 1);
    expect(await keptBy(proposed.id)).toBe(3);
  });

  it('a visit that moves before the morning has no use for it: nothing is said, and the times are free at once', async () => {
    const patient = await someone();
    const booked = await reserve(product, daysAhead(15), { patientId: patient.patientId, notify: false });
    const { id } = booked.body;
    const proposed = await propose({ appointmentId: id }, patient);
    const body = { actor: 'staff', startsAt: daysAhead(16), notify: false };
    expect((await call('POST', `/v1/appointments/${id}/move`, { body })).status).toBe(200);
    await temporal.advance(proposed.workflowId, { to: proposed.expiresAt - 4 * HOUR + SECOND });
    expect(await outcomeOf(product, proposed.workflowId)).toEqual({ outcome: 'expired' });
    expect([await keptBy(proposed.id), await product.phone(patient.mobile)]).toEqual([0, []]);
  });
});
