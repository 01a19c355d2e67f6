import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testApi } from '../support/api.ts';
import { addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';

const { adminUrl, appUrl } = await testDatabase();
const { clinicId, staffKey, webKey, patientId, otherPatientId, mobile, otherMobile, ...clinic } =
  await addClinic(adminUrl);
const api = testApi(appUrl);
const admin = postgres(adminUrl, { max: 1, onnotice: () => {} });
afterAll(() => admin.end());

const minute = (n: number) => new Date(Date.now() + 3_600_000 + n * 60_000).toISOString();
const ids: { appointment: string; reminder: string } = { appointment: '', reminder: randomUUID() };

async function say(kind: string, at: string, id: string, stepKey: string, to = { patientId, mobile }): Promise<void> {
  const notificationId = randomUUID();
  await admin`insert into notifications (clinic_id, id, dedupe_key, kind, patient_id, status, created_at)
    values (${clinicId}, ${notificationId}, ${notificationId}, ${kind}, ${to.patientId}, 'handedOver', ${at})`;
  if (to.patientId === patientId) {
    await admin`insert into notification_subjects (clinic_id, notification_id, appointment_id, version, step_key)
      values (${clinicId}, ${notificationId}, ${ids.appointment}, 1, ${stepKey})`;
  }
  await admin`insert into messages (clinic_id, id, notification_id, patient_id, channel, transport, sender, recipient, language,
      body, segments, status, created_at, status_at)
    values (${clinicId}, ${id}, ${notificationId}, ${to.patientId}, 'sms', 'twilio', ${clinic.sender}, ${to.mobile}, 'en',
      ${`See {link} (${kind})`}, 1, 'delivered', ${at}, ${at})`;
}

async function receive(from: string, body: string, at: string): Promise<void> {
  await admin`insert into inbound_messages (clinic_id, id, transport, provider_message_id, sender, recipient, body, received_at)
    values (${clinicId}, ${randomUUID()}, 'twilio', ${randomUUID()}, ${from}, ${clinic.sender}, ${body}, ${at})`;
}

beforeAll(async () => {
  const startsAt = new Date(Math.floor(Date.now() / 86_400_000 + 20) * 86_400_000 + 36_000_000).toISOString();
  const { visitTypeId, providerId } = clinic;
  const body = { mode: 'book', actor: 'staff', patientId, visitTypeId, providerId, startsAt };
  const booked = await api.call(staffKey, 'POST', '/v1/appointments', body, { 'idempotency-key': randomUUID() });
  expect([booked.status, api.log.filter((line) => line.includes('failed'))]).toEqual([201, []]);
  ids.appointment = booked.body.id;
  const { body: timeline } = await api.call(staffKey, 'GET', `/v1/appointments/${ids.appointment}/timeline`);
  expect(timeline.planned[0]).toMatchObject({ what: 'message', kind: 'booked' });
  await receive(mobile, 'before the visit was made', '2026-01-01T00:00:00Z');
  await say('booked', minute(1), randomUUID(), 'booked:v1');
  await receive(mobile, 'thanks', minute(2));
  await say('reminder', minute(3), ids.reminder, 'reminder:sms-2d:v1');
  await say('booked', minute(4), randomUUID(), '', { patientId: otherPatientId, mobile: otherMobile });
  await receive(otherMobile, 'not mine', minute(5));
});

const bodies = async (query: string) => {
  const { body } = await api.call(staffKey, 'GET', `/v1/messages?${query}`);
  return body.items.map((item: { body: string }) => item.body);
};

describe('messages', () => {
  it('are shown as they were sent and received, newest first', async () => {
    const { body } = await api.call(staffKey, 'GET', `/v1/messages?patientId=${patientId}`);
    expect(body.items.map((item: { body: string }) => item.body)).toEqual([
      'See {link} (reminder)',
      'thanks',
      'See {link} (booked)',
      'before the visit was made',
    ]);
    expect(body.items[0]).toMatchObject({
      id: ids.reminder,
      direction: 'sent',
      kind: 'reminder',
      status: 'delivered',
      to: mobile,
      patientIds: [patientId],
      appointmentIds: [ids.appointment],
    });
    expect(body.items[1]).toMatchObject({ direction: 'received', from: mobile, patientIds: [patientId], status: null });
  });

  it('are those of one visit, with what came from its patient since it was made', async () => {
    expect(await bodies(`appointmentId=${ids.appointment}`)).toEqual([
      'See {link} (reminder)',
      'thanks',
      'See {link} (booked)',
    ]);
    expect(await bodies(`appointmentId=${randomUUID()}`)).toEqual([]);
  });

  it('come page by page, sent and received mixed', async () => {
    const all = await bodies('');
    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await api.call(staffKey, 'GET', `/v1/messages?limit=2${cursor && `&cursor=${cursor}`}`);
      paged.push(...body.items.map((item: { body: string }) => item.body));
      cursor = body.nextCursor;
    }
    expect(all).toHaveLength(6);
    expect(paged).toEqual(all);
  });

  it('stand in the timeline with their status, and are planned no more', async () => {
    const { body } = await api.call(staffKey, 'GET', `/v1/appointments/${ids.appointment}/timeline`);
    expect(body.past.map(({ what, kind }: { what: string; kind?: string }) => kind ?? what)).toEqual([
      'booked',
      'booked',
      'reminder',
    ]);
    expect(body.past[2]).toMatchObject({ what: 'message', id: ids.reminder, channel: 'sms', status: 'delivered' });
    expect(body.planned).toEqual([{ at: expect.any(String), what: 'completed' }]);
  });

  it('show of a text that was sent, and never heard of again for three hours, that there is no receipt', async () => {
    await admin`update messages set status = 'sent' where id = ${ids.reminder}`;
    const shown = async (hours: number) => {
      api.clock.at = Date.parse(minute(3)) + hours * 3_600_000;
      const { body: list } = await api.call(staffKey, 'GET', `/v1/messages?appointmentId=${ids.appointment}`);
      const { body } = await api.call(staffKey, 'GET', `/v1/appointments/${ids.appointment}/timeline`);
      return [...list.items, ...body.past].flatMap(({ id, status }) => (id === ids.reminder ? [status] : []));
    };
    expect(await shown(2)).toEqual(['sent', 'sent']);
    expect(await shown(4)).toEqual(['noReceipt', 'noReceipt']);
    api.clock.at = undefined;
    await admin`update messages set status = 'delivered' where id = ${ids.reminder}`;
  });

  it('that answer a question about the visit stand in its timeline by what they said, without their words', async () => {
    const [question, text, received] = [randomUUID(), randomUUID(), '2027-01-01T10:00:00Z'];
    await admin`insert into questions (clinic_id, id, sender, phone, kind, patient_id, appointment_id, version, codes, asked_at)
      values (${clinicId}, ${question}, ${clinic.sender}, ${mobile}, 'attend', ${patientId}, ${ids.appointment}, 1, '[]', ${received})`;
    const told = { answer: 'cannotCome', outcome: 'refused', code: 'TOO_LATE_TO_CANCEL' };
    const outcomes = [
      { questionId: question, ...told },
      { questionId: randomUUID(), answer: 'take', outcome: 'handedOn' },
    ];
    await admin`insert into inbound_messages (clinic_id, id, transport, provider_message_id, sender, recipient, body, received_at, outcomes)
      values (${clinicId}, ${text}, 'twilio', ${randomUUID()}, ${mobile}, ${clinic.sender}, 'canary-words', ${received}, ${admin.json(outcomes)})`;
    const { body } = await api.call(staffKey, 'GET', `/v1/appointments/${ids.appointment}/timeline`);
    const answers = body.past.filter(({ what }: { what: string }) => what === 'answer');
    const { answer: kind, outcome: status, code: errorCode } = told;
    expect(answers).toEqual([
      { at: received, what: 'answer', by: 'patient', id: text, kind, channel: 'sms', status, errorCode },
    ]);
    expect(JSON.stringify(body)).not.toContain('canary-words');
  });

  it("are for the clinic's staff", async () => {
    for (const path of ['/v1/messages', '/v1/tasks']) {
      expect((await api.call(webKey, 'GET', path)).body.code).toBe('FORBIDDEN');
    }
  });
});

describe('tasks', () => {
  it('wait in their order, and are resolved once', async () => {
    for (const n of [2, 1, 3]) {
      await admin`insert into tasks (clinic_id, id, kind, status, dedupe_key, appointment_id, detail, created_at)
        values (${clinicId}, ${randomUUID()}, 'undeliverable', 'open', ${`t${n}`}, ${ids.appointment}, ${admin.json({ n })}, ${minute(n)})`;
    }
    const list = async (query: string) => (await api.call(staffKey, 'GET', `/v1/tasks${query}`)).body;
    const open = await list('?status=open&limit=2');
    expect(open.items.map(({ detail }: { detail: { n: number } }) => detail.n)).toEqual([1, 2]);
    expect((await list(`?status=open&cursor=${open.nextCursor}`)).items).toHaveLength(1);
    expect(Object.keys(open.items[0])).toEqual('id kind status appointmentId patientId detail createdAt'.split(' '));

    const resolve = () => api.call(staffKey, 'POST', `/v1/tasks/${open.items[0].id}/resolve`);
    const first = await resolve();
    expect(first).toMatchObject({ status: 200, body: { ...open.items[0], status: 'resolved' } });
    expect((await resolve()).body).toEqual(first.body);
    expect((await list('?status=open')).items).toHaveLength(2);
    expect((await list('')).items).toHaveLength(3);
  });
});
