import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../domain/interval.ts';
import { messagingDatabase, noon, step } from './messaging.ts';

const world = await messagingDatabase();

type Rig = Awaited<ReturnType<typeof world.rig>>;

const byDefault = { messagesPerRecipientAndHour: 10, messagesPerMinute: 600 };
const capped = (caps: Partial<typeof byDefault> = {}) => world.rig({ policy: { caps: { ...byDefault, ...caps } } });
const done = { result: 'done' };

/** So many messages about new visits, one after the other, a second apart. */
async function flood(rig: Rig, count: number, from = noon) {
  const handed = [];
  for (let index = 0; index < count; index++) {
    handed.push(await rig.run(await rig.addVisit(), step('booked'), { now: from + index * SECOND }));
  }
  return handed;
}

async function tasksOf({ clinic }: Rig) {
  const rows = await world.sql`
    select kind, detail->>'reason' as reason, patient_id is not null as has_patient
    from tasks where clinic_id = ${clinic.clinicId}`;
  return rows.map((row) => ({ ...row }));
}

async function notificationsOf({ clinic }: Rig) {
  const rows = await world.sql`
    select status, status_reason as reason, count(*)::integer as count from notifications
    where clinic_id = ${clinic.clinicId} group by 1, 2 order by 1`;
  return rows.map((row) => ({ ...row }));
}

describe('a phone', () => {
  it('gets ten messages an hour, and staff are told once of those that it does not get', async () => {
    const rig = await capped();
    expect(await flood(rig, 12)).toMatchObject(Array(12).fill(done));
    expect(rig.sent).toHaveLength(10);
    expect(await notificationsOf(rig)).toEqual([
      { status: 'handedOver', reason: null, count: 10 },
      { status: 'suppressed', reason: 'heldBack', count: 2 },
    ]);
    expect(await tasksOf(rig)).toEqual([{ kind: 'heldBack', reason: 'heldBack', has_patient: true }]);
  });

  it('gets messages again when the first are an hour old', async () => {
    const rig = await capped();
    await flood(rig, 11);
    await flood(rig, 1, noon + HOUR - 1);
    expect(rig.sent).toHaveLength(10);
    await flood(rig, 1, noon + HOUR);
    expect(rig.sent).toHaveLength(11);
  });

  it('is one phone, however many patients share it', async () => {
    const rig = await capped({ messagesPerRecipientAndHour: 1 });
    const { otherPatientId, mobile } = rig.clinic;
    await world.sql`update patients set mobile = ${mobile} where id = ${otherPatientId}`;
    await flood(rig, 1);
    await rig.run(await rig.addVisit({ patientId: otherPatientId }), step('booked'));
    expect(rig.sent).toHaveLength(1);
  });

  it('is not the mailbox of the same patient, nor the phone of another', async () => {
    const rig = await capped({ messagesPerRecipientAndHour: 1 });
    const { patientId, otherPatientId } = rig.clinic;
    await world.sql`update patients set email = 'eino@example.org' where id = ${patientId}`;
    await flood(rig, 2);
    await rig.run(await rig.addVisit(), step('reminder', { channels: ['email'] }));
    await rig.run(await rig.addVisit({ patientId: otherPatientId }), step('booked'));
    expect([rig.sent.length, rig.mail.sent.length]).toEqual([2, 1]);
  });

  it('gets a message that was begun, however often it must be tried', async () => {
    const rig = await capped({ messagesPerRecipientAndHour: 1 });
    const visit = await rig.addVisit();
    const { answer } = rig.transport;
    rig.transport.answer = () => Promise.resolve({ outcome: 'busy', errorCode: '20429' });
    for (let tries = 0; tries < 3; tries++)
      await expect(rig.run(visit, step('booked'))).rejects.toThrow('did not take');
    rig.transport.answer = answer;
    await rig.run(visit, step('booked'));
    expect(rig.sent).toHaveLength(4);
    expect(await notificationsOf(rig)).toEqual([{ status: 'handedOver', reason: null, count: 1 }]);
  });

  it('gets ten where forty are handed over at once', async () => {
    const rig = await capped();
    const visits = await Promise.all(Array.from({ length: 40 }, () => rig.addVisit()));
    await Promise.all(visits.map((visit) => rig.run(visit, step('booked'))));
    expect(rig.sent).toHaveLength(10);
  });
});

describe('a clinic', () => {
  const full = { messagesPerMinute: 3 };
  const nextMinute = { result: 'later', at: noon + MINUTE };

  it('sends so many a minute; the others wait for the next one, and staff are told once an hour', async () => {
    const rig = await capped(full);
    expect(await flood(rig, 5)).toMatchObject([done, done, done, nextMinute, nextMinute]);
    expect(await tasksOf(rig)).toEqual([{ kind: 'heldBack', reason: null, has_patient: false }]);
    expect(await notificationsOf(rig)).toEqual([{ status: 'handedOver', reason: null, count: 3 }]);
    await flood(rig, 4, noon + HOUR);
    expect(await tasksOf(rig)).toHaveLength(2);
  });

  it('loses nothing by waiting', async () => {
    const rig = await capped(full);
    await flood(rig, 3);
    const visit = await rig.addVisit();
    expect(await rig.run(visit, step('booked'), { now: noon + 59 * SECOND })).toEqual(nextMinute);
    expect(await rig.run(visit, step('booked'), { now: noon + MINUTE })).toMatchObject(done);
    expect(rig.sent).toHaveLength(4);
  });

  it('does not wait for what would help nobody any more', async () => {
    const rig = await capped(full);
    await flood(rig, 3);
    const visit = await rig.addVisit();
    const short = step('booked', { usefulUntil: noon + 30 * SECOND });
    expect(await rig.run(visit, short, { now: noon + 5 * SECOND })).toEqual(nextMinute);
    expect(await rig.run(visit, short, { now: noon + MINUTE })).toMatchObject(done);
    expect(await notificationsOf(rig)).toContainEqual({ status: 'missed', reason: 'tooLate', count: 1 });
  });

  it('is not held back by another clinic', async () => {
    const [rig, other] = [await capped(full), await capped(full)];
    await flood(rig, 3);
    expect(await flood(other, 1)).toMatchObject([done]);
  });

  it('is judged by what came before, not by what a clock that runs ahead has seen', async () => {
    const rig = await capped(full);
    await flood(rig, 3, noon + 12 * HOUR);
    expect(await flood(rig, 1)).toMatchObject([done]);
  });
});
