import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../domain/interval.ts';
import { messagingDatabase, noon, publicUrl, step } from './messaging.ts';

const world = await messagingDatabase();

type Rig = Awaited<ReturnType<typeof world.rig>>;

const never = new Promise<never>(() => {});

async function notificationsOf({ clinic }: Rig) {
  return world.sql`
    select n.kind, n.status, n.status_reason, m.status as message, m.error_code, m.body,
      (select array_agg(coalesce(a.outcome, 'open') order by a.number) from message_attempts a where a.message_id = m.id) as attempts
    from notifications n left join messages m on m.notification_id = n.id
    where n.clinic_id = ${clinic.clinicId} order by n.created_at, n.dedupe_key`;
}

async function tasksOf({ clinic }: Rig) {
  const rows =
    await world.sql`select kind, detail->>'reason' as reason, detail->>'why' as why from tasks where clinic_id = ${clinic.clinicId}`;
  return rows.map((row) => ({ ...row }));
}

describe('a message that is due', () => {
  it('is sent once, recorded as handed over, and never sent by a second run', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit();
    expect(await rig.run(visit, step('booked'))).toMatchObject({ result: 'done' });
    expect(await rig.run(visit, step('booked'))).toMatchObject({ result: 'done' });
    expect(rig.sent).toHaveLength(1);
    expect(rig.sent[0]).toMatchObject({
      from: rig.clinic.sender,
      to: rig.clinic.mobile,
      attempt: 1,
      validForSeconds: 24 * 3600,
    });
    expect(await notificationsOf(rig)).toMatchObject([
      { status: 'handedOver', message: 'queued', attempts: ['accepted'] },
    ]);
  });

  it('is on record before it leaves', async () => {
    const rig = await world.rig();
    const { answer } = rig.transport;
    rig.transport.answer = async (message) => {
      expect(await notificationsOf(rig)).toMatchObject([{ status: 'sending', message: 'sending', attempts: ['open'] }]);
      return answer(message);
    };
    await rig.run(await rig.addVisit(), step('booked'));
    expect(rig.sent).toHaveLength(1);
  });

  it('carries a link whose token is stored only as a digest', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit();
    await rig.run(visit, step('booked'));
    const token = new RegExp(`${publicUrl}/a/([\\w-]{22})`).exec(rig.sent[0]?.text ?? '')?.[1] ?? '';
    const digest = createHash('sha256').update(token).digest();
    expect(await world.sql`select appointment_id, patient_id from page_tokens where digest = ${digest}`).toMatchObject([
      { appointment_id: visit.appointmentId, patient_id: rig.clinic.patientId },
    ]);
    const [stored] = await notificationsOf(rig);
    expect(stored?.['body']).toContain('{link}');
    expect(JSON.stringify(stored)).not.toContain(token);
  });

  it('names at a cancellation the time that the patient was told last', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit({ status: 'cancelled' });
    await rig.run(visit, step('cancelled', { previousStartsAt: Date.parse('2026-11-25T07:45:00+02:00') }));
    expect(rig.sent[0]?.text).toContain('25 Nov at 7:45');
  });

  it('speaks the language of the patient, else of the clinic', async () => {
    const rig = await world.rig({ languages: ['fi', 'en'] });
    await rig.run(await rig.addVisit(), step('booked'));
    await world.sql`update patients set language = 'de-DE' where id = ${rig.clinic.patientId}`;
    await rig.run(await rig.addVisit(), step('booked'));
    expect(rig.sent.map(({ text }) => /aikasi|Ihr Termin/.exec(text)?.[0])).toEqual(['aikasi', 'Ihr Termin']);
  });
});

describe('a message that is no longer so', () => {
  it.each([
    ['booked', 'cancelled'],
    ['reminder', 'completed'],
    ['ask', 'booked'],
    ['nudge', 'expired'],
    ['cancelled', 'booked'],
  ] as const)('never leaves: a %s of a visit that is %s', async (kind, status) => {
    const rig = await world.rig();
    expect(await rig.run(await rig.addVisit({ status }), step(kind))).toEqual({ result: 'superseded' });
    expect(rig.sent).toEqual([]);
    expect(await notificationsOf(rig)).toMatchObject([
      { kind, status: 'suppressed', status_reason: 'superseded', attempts: null },
    ]);
    expect(await tasksOf(rig)).toEqual([]);
  });

  it('never leaves for a time that was moved', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit({ version: 2 });
    await rig.run({ ...visit, version: 1 }, step('reminder'));
    expect(rig.sent).toEqual([]);
  });

  it('waits for a change that is being made, and then does not leave', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit();
    const running = await world.sql.begin(async (tx) => {
      await tx`update appointments set status = 'cancelled' where id = ${visit.appointmentId}`;
      const sending = rig.run(visit, step('reminder'));
      const blocked = () =>
        world.sql`select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like '%for no key update%'`;
      await expect.poll(async () => (await blocked()).length).toBe(1);
      return { sending };
    });
    await running.sending;
    expect(rig.sent).toEqual([]);
  });
});

describe('the moment of handing over', () => {
  const night = Date.parse('2026-11-22T21:00Z');
  const morning = Date.parse('2026-11-23T06:00Z');

  it('waits for the end of the quiet hours and records nothing meanwhile', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit({ startsAt: noon + 100 * HOUR });
    const booked = step('booked', { usefulUntil: noon + 100 * HOUR });
    expect(await rig.run(visit, booked, { now: night })).toEqual({ result: 'later', at: morning });
    expect(await notificationsOf(rig)).toEqual([]);
    expect(await rig.run(visit, booked, { now: morning })).toMatchObject({ result: 'done' });
    expect(rig.sent).toHaveLength(1);
  });

  it('does not say in the morning what came forward to the evening and is planned anew at night', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit();
    const evening = night - 2 * HOUR - MINUTE;
    expect(await rig.run(visit, step('reminder', { at: evening }), { now: evening })).toEqual({ result: 'done' });
    expect(await rig.run(visit, step('reminder', { at: morning }), { now: morning })).toEqual({ result: 'done' });
    expect(rig.sent).toHaveLength(1);
  });

  it('marks as missed what helps nobody any more, and tells staff', async () => {
    const rig = await world.rig();
    await rig.run(await rig.addVisit(), step('reminder', { usefulUntil: noon - 1 }));
    expect(rig.sent).toEqual([]);
    expect(await notificationsOf(rig)).toMatchObject([{ status: 'missed', status_reason: 'tooLate' }]);
    expect(await tasksOf(rig)).toEqual([{ kind: 'missedMessage', reason: 'tooLate', why: null }]);
  });
});

describe('a patient who cannot be reached', () => {
  it('is for staff, once a visit', async () => {
    const rig = await world.rig();
    await world.sql`update patients set mobile = null where id = ${rig.clinic.patientId}`;
    const visit = await rig.addVisit();
    await rig.run(visit, step('booked'));
    await rig.run(visit, step('reminder'));
    expect(await notificationsOf(rig)).toMatchObject([{ status_reason: 'noChannel' }, { status_reason: 'noChannel' }]);
    expect(await tasksOf(rig)).toEqual([{ kind: 'undeliverable', reason: 'noChannel', why: null }]);
  });

  it('is not texted after opting out, and is after opting in again', async () => {
    const rig = await world.rig();
    const { clinicId, sender, mobile } = rig.clinic;
    await world.sql`insert into opt_outs (clinic_id, id, sender, phone, source, since) values (${clinicId}, gen_random_uuid(), ${sender}, ${mobile}, 'text', now())`;
    await rig.run(await rig.addVisit(), step('booked'));
    expect(rig.sent).toEqual([]);
    expect(await notificationsOf(rig)).toMatchObject([{ status: 'suppressed', status_reason: 'optedOut' }]);
    await world.sql`update opt_outs set lifted_at = now() where clinic_id = ${clinicId}`;
    await rig.run(await rig.addVisit(), step('booked'));
    expect(rig.sent).toHaveLength(1);
  });

  it('is nobody to look after where a rule wants e-mail alone and there is none', async () => {
    const rig = await world.rig();
    await rig.run(await rig.addVisit(), step('reminder', { channels: ['email'] }));
    expect(await notificationsOf(rig)).toMatchObject([{ status: 'suppressed', status_reason: 'noChannel' }]);
    expect(await tasksOf(rig)).toEqual([]);
  });
});

describe('what a provider answers', () => {
  it('is tried again where it was busy, as a new attempt with a new link', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit();
    const { answer } = rig.transport;
    rig.transport.answer = () => Promise.resolve({ outcome: 'busy', errorCode: '20429' });
    await expect(rig.run(visit, step('booked'))).rejects.toMatchObject({ type: 'TRANSPORT_BUSY', nonRetryable: false });
    rig.transport.answer = answer;
    await rig.run(visit, step('booked'));
    expect(rig.sent.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(rig.sent[0]?.text).not.toBe(rig.sent[1]?.text);
    expect(await notificationsOf(rig)).toMatchObject([{ status: 'handedOver', attempts: ['busy', 'accepted'] }]);
  });

  it('does not leave any more where a busy provider outlasted the visit', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit();
    rig.transport.answer = () => Promise.resolve({ outcome: 'busy', errorCode: '20429' });
    await expect(rig.run(visit, step('booked'))).rejects.toThrow('did not take');
    await world.sql`update appointments set status = 'cancelled' where id = ${visit.appointmentId}`;
    await rig.run(visit, step('booked'));
    expect(rig.sent).toHaveLength(1);
    expect(await notificationsOf(rig)).toMatchObject([{ status: 'suppressed', status_reason: 'superseded' }]);
  });

  it('makes one task a day of an account that is refused', async () => {
    const rig = await world.rig();
    rig.transport.answer = () => Promise.resolve({ outcome: 'busy', errorCode: '20003' });
    for (const visit of [await rig.addVisit(), await rig.addVisit()])
      await expect(rig.run(visit, step('booked'))).rejects.toThrow('did not take');
    expect(await tasksOf(rig)).toEqual([{ kind: 'undeliverable', reason: null, why: 'account' }]);
  });

  it('is recorded and told to staff where the number is no number', async () => {
    const rig = await world.rig();
    rig.transport.answer = () => Promise.resolve({ outcome: 'rejected', errorCode: '21211' });
    expect(await rig.run(await rig.addVisit(), step('booked'))).toMatchObject({ result: 'done' });
    expect(await notificationsOf(rig)).toMatchObject([
      { status: 'suppressed', message: 'rejected', error_code: '21211' },
    ]);
    expect(await tasksOf(rig)).toEqual([{ kind: 'undeliverable', reason: null, why: 'address' }]);
  });

  it('is an opt-out where the carrier knows of one', async () => {
    const rig = await world.rig();
    rig.transport.answer = () => Promise.resolve({ outcome: 'rejected', errorCode: '21610' });
    await rig.run(await rig.addVisit(), step('booked'));
    await rig.run(await rig.addVisit(), step('booked'));
    expect(rig.sent).toHaveLength(1);
    expect(await world.sql`select source from opt_outs where clinic_id = ${rig.clinic.clinicId}`).toMatchObject([
      { source: 'carrier' },
    ]);
  });
});

describe('a try that may have left', () => {
  it('is not repeated by the appointment: it is left to be found out', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit();
    rig.transport.answer = () => Promise.resolve({ outcome: 'unknown', errorCode: 'ECONNABORTED' });
    const uncertain = { result: 'uncertain', messageId: expect.any(String) as string };
    expect(await rig.run(visit, step('booked'))).toEqual(uncertain);
    expect(await rig.run(visit, step('booked'))).toEqual(uncertain);
    expect(rig.sent).toHaveLength(1);
    expect(await notificationsOf(rig)).toMatchObject([
      { status: 'sending', message: 'unknown', attempts: ['unknown'] },
    ]);
  });

  it('is one that a crash cut short between record and outcome', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit();
    let answer!: () => void;
    const { answer: accept } = rig.transport;
    rig.transport.answer = (message) => new Promise((resolve) => (answer = () => resolve(accept(message))));
    const first = rig.run(visit, step('booked'));
    await expect.poll(() => rig.sent.length).toBe(1);
    expect(await rig.run(visit, step('booked'))).toMatchObject({ result: 'uncertain' });
    expect(rig.sent).toHaveLength(1);
    expect(await notificationsOf(rig)).toMatchObject([{ message: 'unknown', attempts: ['unknown'] }]);
    // The worker that was thought dead records late what it knows.
    answer();
    expect(await first).toMatchObject({ result: 'done' });
    expect(await notificationsOf(rig)).toMatchObject([
      { status: 'handedOver', message: 'queued', attempts: ['accepted'] },
    ]);
  });

  it('goes once more when it is lost, and then never again', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit();
    const lose = () =>
      world.sql`update message_attempts set outcome = 'notFound' where clinic_id = ${rig.clinic.clinicId}`;
    rig.transport.answer = () => Promise.resolve({ outcome: 'unknown', errorCode: 'ECONNABORTED' });
    await rig.run(visit, step('booked'));
    await lose();
    expect(await rig.run(visit, step('booked'))).toMatchObject({ result: 'uncertain' });
    expect(await rig.run(visit, step('booked'), { by: 'delivery' })).toMatchObject({ result: 'uncertain' });
    await lose();
    expect(await rig.run(visit, step('booked'), { by: 'delivery' })).toMatchObject({ result: 'done' });
    expect(rig.sent).toHaveLength(2);
    expect(await notificationsOf(rig)).toMatchObject([
      { status: 'handedOver', status_reason: 'unknownOutcome', message: 'unknown' },
    ]);
    expect(await tasksOf(rig)).toEqual([{ kind: 'unknownOutcome', reason: 'unknownOutcome', why: null }]);
  });

  it('is not repeated where it is a reminder: it shows as unknown and staff are told', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit();
    rig.transport.answer = () => Promise.resolve({ outcome: 'unknown', errorCode: 'ECONNABORTED' });
    await rig.run(visit, step('reminder'));
    await world.sql`update message_attempts set outcome = 'notFound' where clinic_id = ${rig.clinic.clinicId}`;
    expect(await rig.run(visit, step('reminder'), { by: 'delivery' })).toMatchObject({ result: 'done' });
    expect(rig.sent).toHaveLength(1);
    expect(await tasksOf(rig)).toEqual([{ kind: 'unknownOutcome', reason: 'unknownOutcome', why: null }]);
  });
});

describe('several visits on one day', () => {
  const later = noon + 50 * HOUR;

  it('are named by one reminder, whichever workflow comes first', async () => {
    const rig = await world.rig();
    const visits = [await rig.addVisit(), await rig.addVisit({ startsAt: later })];
    await rig.addVisit({ startsAt: later + 12 * HOUR });
    await rig.addVisit({ startsAt: later + HOUR, status: 'cancelled' });
    await rig.addVisit({ startsAt: later + HOUR, patientId: rig.clinic.otherPatientId });
    const results = await Promise.all(visits.map((visit) => rig.run(visit, step('reminder'))));
    expect(rig.sent).toHaveLength(1);
    expect(rig.sent[0]?.text).toContain('Tue 24 Nov at 12:00 and 14:00,');
    expect(rig.sent[0]?.text.match(/\/a\//g)).toHaveLength(2);
    expect(results.map(({ result }) => result)).toContain('done');
    expect(
      await Promise.all(visits.map((visit) => rig.run(visit, step('reminder'), { now: noon + 2 * MINUTE }))),
    ).toMatchObject([{ result: 'done' }, { result: 'done' }]);
    expect(rig.sent).toHaveLength(1);
  });

  it('are not named once they have begun', async () => {
    const rig = await world.rig();
    await rig.addVisit({ startsAt: later - 5 * HOUR });
    const visit = await rig.addVisit({ startsAt: later + HOUR });
    const threeHoursBefore = step('reminder', { key: 'reminder:sms-3h:v1', usefulUntil: later + HOUR });
    await rig.run(visit, threeHoursBefore, { now: later - 2 * HOUR });
    expect(rig.sent[0]?.text).toContain('Tue 24 Nov at 15:00,');
    expect(rig.sent[0]?.text.match(/\/a\//g)).toHaveLength(1);
  });

  it('wait for the one that is on its way', async () => {
    const rig = await world.rig();
    const visits = [await rig.addVisit(), await rig.addVisit({ startsAt: later })] as const;
    rig.transport.answer = () => never;
    void rig.run(visits[0], step('reminder'));
    await expect.poll(() => rig.sent.length).toBe(1);
    expect(await rig.run(visits[1], step('reminder'))).toEqual({ result: 'later', at: noon + MINUTE });
  });

  it('are still named when the one that began is given up meanwhile', async () => {
    const rig = await world.rig();
    const visits = [await rig.addVisit(), await rig.addVisit({ startsAt: later })] as const;
    const { answer } = rig.transport;
    rig.transport.answer = () => Promise.resolve({ outcome: 'busy', errorCode: '20429' });
    await expect(rig.run(visits[0], step('reminder'))).rejects.toThrow('did not take');
    await world.sql`update appointments set status = 'cancelled' where id = ${visits[0].appointmentId}`;
    rig.transport.answer = answer;
    expect(await rig.run(visits[1], step('reminder'))).toMatchObject({ result: 'done' });
    expect(rig.sent[1]?.text).toContain('Tue 24 Nov at 14:00,');
  });

  it('are named again once one was moved, and only that one', async () => {
    const rig = await world.rig();
    const visits = [await rig.addVisit(), await rig.addVisit({ startsAt: later })] as const;
    await rig.run(visits[0], step('reminder'));
    await world.sql`update appointments set version = 2, starts_at = starts_at + interval '1 hour', ends_at = ends_at + interval '1 hour' where id = ${visits[1].appointmentId}`;
    await rig.run({ ...visits[1], version: 2 }, step('reminder', { key: 'reminder:sms-2d:v2' }));
    expect(rig.sent[1]?.text).toContain('Tue 24 Nov at 15:00,');
  });
});
