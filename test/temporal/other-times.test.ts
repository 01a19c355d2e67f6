import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activities } from '../../activities/index.ts';
import { addDays, atLocal, formatInstant, localDate, localTime } from '../../domain/clinic-time.ts';
import { type InboundMessageId, type ProposalId, inboundWorkflowId, proposalWorkflowId } from '../../domain/ids.ts';
import { HOUR } from '../../domain/interval.ts';
import { daysAhead, outcomeOf, reserve, story } from '../support/bookings.ts';
import { codesIn } from '../support/codes.ts';
import { type CrowdMember, addCrowd } from '../support/crowd.ts';
import { eventually, startProduct } from '../support/product.ts';

const reminderRules = [{ id: 'sms-30h', before: '30h', channels: ['sms'] }];
const policy = { quietHours: null, reminderRules, proposals: { afterCannotCome: 3 } };
const product = await startProduct({ clinic: { policy } });
const { call, clinic, temporal } = product;
const sql = postgres(product.adminUrl, { max: 2, onnotice: () => {} });
afterAll(() => sql.end());

beforeAll(async () => {
  const worker = await product.startWorker({ activities: withFaults });
  return () => worker.stop();
});

/** How often somebody else is quicker with the first of the times that this patient is to be proposed. */
const rivals = new Map<string, number>();

/** What must have happened before other times are found in place of a visit. */
const before = new Map<string, () => Promise<unknown>>();

/** A crash after which nobody knows whether times were proposed; and rivals who come between the search and the keeping. */
function withFaults(real: Activities): Activities {
  return {
    ...real,
    proposeOtherTimes: async (due) => {
      await before.get(due.appointmentId)?.();
      await real.proposeOtherTimes(due);
      return real.proposeOtherTimes(due);
    },
    makeProposal: async (wish) => {
      const left = rivals.get(wish.patientId) ?? 0;
      rivals.set(wish.patientId, left - 1);
      const [{ startsAt, providerId }] = wish.times as [(typeof wish.times)[number]];
      if (left > 0) await reserve(product, new Date(startsAt).toISOString(), { providerId, notify: false });
      return real.makeProposal(wish);
    },
  };
}

let days = 20;
/** Somebody who answers the reminder of a visit that they cannot come; with that visit. */
async function cannotCome({ quickerRivals = 0 } = {}) {
  days += 10;
  const [patient] = (await addCrowd(sql, clinic, 1)) as [CrowdMember];
  const { patientId, mobile } = patient;
  rivals.set(patientId, quickerRivals);
  const { body: visit } = await reserve(product, daysAhead(days), { patientId, notify: false });
  await temporal.advance(visit.workflowId, { to: Date.parse(visit.startsAt) - 29 * HOUR });
  const [reminder] = await texts(patient, 1);
  await reply(patient, codesIn(reminder!)[0]!);
  const workflowId = await eventually('the text', async () => {
    const [text] = await sql<{ id: InboundMessageId }[]>`select id from inbound_messages where sender = ${mobile}`;
    return text && inboundWorkflowId(clinic.clinicId, text.id);
  });
  await eventually('its life', () =>
    temporal.client.workflow
      .getHandle(workflowId)
      .describe()
      .then(Boolean, () => false),
  );
  await outcomeOf(product, workflowId);
  return { ...patient, visit: visit as { id: string; startsAt: string } };
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

async function visitsOf({ patientId }: CrowdMember): Promise<{ status: string; startsAt: string }[]> {
  const { body } = await call('GET', `/v1/appointments?patientId=${patientId}`);
  return body.items.map(({ status, startsAt }: { status: string; startsAt: string }) => ({ status, startsAt }));
}

interface ProposalRow {
  id: ProposalId;
  status: string;
  starts: string[];
}

function proposalsTo({ patientId }: CrowdMember): Promise<ProposalRow[]> {
  return sql<ProposalRow[]>`
    select id, status, array(select to_char(starts_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
      from proposal_times t where t.proposal_id = p.id order by position) as starts
    from proposals p where patient_id = ${patientId}`;
}

describe('a patient who cannot come', () => {
  it('is told so, and proposed times of the days after, one of which books a new visit', async () => {
    const patient = await cannotCome();
    const { visit } = patient;
    const [, ...answers] = await texts(patient, 3);
    // The answer came by the wall's clock, days before the visit's own.
    expect(await story(product, visit.id)).toEqual([
      'booked',
      'answer',
      'message:reminder',
      'cancelled',
      'message:cancelled',
    ]);
    const [proposal, ...others] = await proposalsTo(patient);
    const start = Date.parse(visit.startsAt);
    const { timeZone: zone } = clinic;
    const after = (days: number) =>
      atLocal(addDays(localDate(start, zone), days), localTime(start, zone), zone).instant;
    expect(proposal).toMatchObject({ status: 'waiting', starts: [1, 2, 3].map((n) => formatInstant(after(n))) });
    expect(others).toEqual([]);
    const asked = answers.find((body) => codesIn(body).length === 3);
    await reply(patient, codesIn(asked!)[1]!);
    expect(await outcomeOf(product, proposalWorkflowId(clinic.clinicId, proposal!.id))).toEqual({
      outcome: 'answered',
    });
    const chosen = { status: 'booked', startsAt: proposal!.starts[1] };
    expect(await visitsOf(patient)).toEqual([{ status: 'cancelled', startsAt: visit.startsAt }, chosen]);
    // The reminder, the two words about the cancelling and the other times, and the new booking.
    expect((await texts(patient, 4)).length).toBe(4);
  });

  it('is proposed others where somebody is quicker with one of the times, in one text', async () => {
    const patient = await cannotCome({ quickerRivals: 2 });
    await texts(patient, 3);
    const [proposal, ...others] = await proposalsTo(patient);
    expect([proposal!.starts.length, others]).toEqual([3, []]);
    const kept = await sql`select from occupancies where owner_id = ${proposal!.id}`;
    expect([kept.length, (await product.phone(patient.mobile)).length]).toEqual([3, 3]);
  });

  it('hears nothing more where somebody is quicker each time: the word about the cancelling says how to go on', async () => {
    const patient = await cannotCome({ quickerRivals: 9 });
    await texts(patient, 2);
    expect(await proposalsTo(patient)).toEqual([]);
    const asked = await sql`
      select from requests where action = 'propose' and actor = 'patient' and clinic_id = ${clinic.clinicId}`;
    // Three here, and one and three above.
    expect([asked.length, (await product.phone(patient.mobile)).length]).toEqual([7, 2]);
  });

  it('and says something else in the same text has its answer first, however long the search for times takes', async () => {
    const [patient] = (await addCrowd(sql, clinic, 1)) as [CrowdMember];
    const reminded = async (count: number) => {
      days += 10;
      const booked = await reserve(product, daysAhead(days), { patientId: patient.patientId, notify: false });
      const { id, workflowId, startsAt } = booked.body;
      await temporal.advance(workflowId, { to: Date.parse(startsAt) - 29 * HOUR });
      const [code] = codesIn((await texts(patient, count)).at(-1)!);
      return { id: id as string, code: code! };
    };
    const first = await reminded(1);
    await reply(patient, first.code);
    await texts(patient, 3);
    const second = await reminded(4);
    before.set(second.id, () => texts(patient, 6));
    await reply(patient, `${first.code} ${second.code}`);
    const [asked] = (await texts(patient, 7)).slice(6);
    expect(codesIn(asked!)).toHaveLength(3);
  });
});
