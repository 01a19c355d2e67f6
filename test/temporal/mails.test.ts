import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { daysAhead, outcomeOf, reserve, story } from '../support/bookings.ts';
import { type SentMail, eventually, startProduct } from '../support/product.ts';

const DAY = 86_400_000;

const product = await startProduct({ clinic: { policy: { quietHours: null } } });
const { call, clinic, temporal, mailbox } = product;
const sql = postgres(product.adminUrl, { max: 1, onnotice: () => {} });
afterAll(() => sql.end());

beforeAll(async () => {
  const worker = await product.startWorker();
  return () => worker.stop();
});

let address = '';
let patients = 0;
beforeEach(async () => {
  address = `patient-${++patients}@example.org`;
  await sql`update patients set mobile = null, email = ${address} where id = ${clinic.patientId}`;
});

/** Waits for the mail after those that came before, delivered and reported. */
async function nextMail(id: string, count: number): Promise<SentMail> {
  const mail = await eventually(`mail ${count}`, async () => (await mailbox(address))[count - 1]);
  await eventually('the event', async () => {
    const { past } = (await call('GET', `/v1/appointments/${id}/timeline`)).body;
    const messages = past.filter(({ what }: { what: string }) => what === 'message');
    return messages.length === count && messages.every(({ status }: { status: string }) => status === 'delivered');
  });
  return mail;
}

/** The lines of the attached file that a calendar goes by. */
function fileOf({ attachments }: SentMail) {
  const file = Buffer.from(attachments[0]?.content ?? '', 'base64').toString();
  const value = (name: string) => new RegExp(`^${name}:(.*)\r$`, 'm').exec(file)?.[1];
  return {
    uid: value('UID'),
    sequence: Number(value('SEQUENCE')),
    start: value('DTSTART'),
    is: `${value('METHOD')} ${value('STATUS')}`,
  };
}

const compact = (instant: string) => instant.replace(/[-:]|\.000/g, '');

function act(id: string, action: string, body: Record<string, unknown>) {
  return call('POST', `/v1/appointments/${id}/${action}`, { body });
}

describe('a patient with an e-mail address and no phone', () => {
  it('gets letters, each with the calendar file that replaces the one before', async () => {
    const [from, to] = [daysAhead(41), daysAhead(42)];
    const { body: visit } = await reserve(product, from, { mode: 'preReserve' });
    const ask = await nextMail(visit.id, 1);
    const link = /https?:\/\/\S+\/a\/\S+/.exec(ask.text)?.[0] ?? '';
    expect((await fetch(`${link}/confirm`, { method: 'POST', redirect: 'manual' })).status).toBe(303);
    const confirmed = await nextMail(visit.id, 2);
    expect((await act(visit.id, 'move', { actor: 'patient', startsAt: to })).status).toBe(200);
    const moved = await nextMail(visit.id, 3);
    expect((await act(visit.id, 'cancel', { actor: 'patient' })).status).toBe(200);
    const cancelled = await nextMail(visit.id, 4);

    const uid = `${visit.id}@127.0.0.1`;
    expect([ask, confirmed, moved, cancelled].map(fileOf)).toEqual([
      { uid, sequence: 1, start: compact(from), is: 'PUBLISH TENTATIVE' },
      { uid, sequence: 2, start: compact(from), is: 'PUBLISH CONFIRMED' },
      { uid, sequence: 3, start: compact(to), is: 'PUBLISH CONFIRMED' },
      { uid, sequence: 4, start: compact(to), is: 'CANCEL CANCELLED' },
    ]);
  });

  it('is shown to staff with the subject of what was sent', async () => {
    const { body: visit } = await reserve(product, daysAhead(43));
    const mail = await nextMail(visit.id, 1);
    const { items } = (await call('GET', `/v1/messages?appointmentId=${visit.id}`)).body;
    expect(items).toMatchObject([
      { kind: 'booked', channel: 'email', to: address, from: clinic.emailSender, subject: mail.subject, segments: 0 },
    ]);
    await act(visit.id, 'cancel', { actor: 'staff', reason: 'done', notify: false });
  });

  it('is reminded a week before at nine, and not by text', async () => {
    const { body: visit } = await reserve(product, daysAhead(44));
    await temporal.advance(visit.workflowId, { by: 60 * DAY });
    expect(await outcomeOf(product, visit.workflowId)).toEqual({ outcome: 'completed' });
    expect(await story(product, visit.id)).toEqual(['booked', 'message:booked', 'message:reminder', 'completed']);
    const { past } = (await call('GET', `/v1/appointments/${visit.id}/timeline`)).body;
    const reminder = past.find(({ kind }: { kind?: string }) => kind === 'reminder');
    expect(reminder).toMatchObject({ channel: 'email' });
    const local = new Date(reminder.at).toLocaleTimeString('en-GB', { timeZone: clinic.timeZone });
    expect(local).toMatch(/^09:0/);
    expect(Date.parse(visit.startsAt) - Date.parse(reminder.at)).toBeGreaterThan(7 * DAY);
  });
});

describe('a mailbox that turns a letter away', () => {
  it('makes a task, and the letter shows as undelivered', async () => {
    await fetch(`${product.simulatorUrl}/_sim/behaviour`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to: address, outcome: 'undelivered:5.1.1' }),
    });
    const { body: visit } = await reserve(product, daysAhead(45));
    await eventually('the bounce', async () => {
      const { past } = (await call('GET', `/v1/appointments/${visit.id}/timeline`)).body;
      return past.some(
        ({ what, status }: { what: string; status: string }) => what === 'message' && status === 'undelivered',
      );
    });
    const { items } = (await call('GET', '/v1/tasks?status=open')).body;
    expect(items).toMatchObject([{ kind: 'undeliverable', appointmentId: visit.id }]);
  });
});
