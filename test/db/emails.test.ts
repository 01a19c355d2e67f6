import { describe, expect, it } from 'vitest';
import { HOUR } from '../../domain/interval.ts';
import type { Channel } from '../../domain/plan.ts';
import { messagingDatabase, noon, publicUrl, step } from './messaging.ts';

const world = await messagingDatabase();
const address = 'eino@example.org';
const mailOnly: { channels: readonly Channel[] } = { channels: ['email'] };

/** A clinic whose patient has an e-mail address, and a phone only where that is wished. */
async function rigWithMail({ hasMobile = false } = {}) {
  const rig = await world.rig({ languages: ['fi'] });
  const mobile = hasMobile ? rig.clinic.mobile : null;
  await world.sql`update patients set email = ${address}, mobile = ${mobile} where id = ${rig.clinic.patientId}`;
  return rig;
}

type Rig = Awaited<ReturnType<typeof rigWithMail>>;

async function messagesOf({ clinic }: Rig) {
  return world.sql`
    select channel, transport, sender, recipient, language, subject, body, segments, status
    from messages where clinic_id = ${clinic.clinicId}`;
}

function entry(file: string | null | undefined, name: string): string[] {
  const lines = (file ?? '').replaceAll('\r\n ', '').split('\r\n');
  return lines.filter((line) => line.startsWith(`${name}:`)).map((line) => line.slice(name.length + 1));
}

describe('a patient without a phone', () => {
  it('gets as a letter what others get as a text', async () => {
    const rig = await rigWithMail();
    const visit = await rig.addVisit();
    expect(await rig.run(visit, step('booked'))).toEqual({ result: 'done' });
    expect(rig.sent).toEqual([]);
    const [mail, ...others] = rig.mail.sent;
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      to: address,
      from: rig.clinic.emailSender,
      fromName: 'Test Clinic',
      subject: 'Aikasi: Test Clinic',
      attempt: 1,
    });
    expect(entry(mail?.calendar, 'UID')).toEqual([`${visit.appointmentId}@vuoro.test`]);
  });

  it('leaves a record with the subject, without the link and without segments', async () => {
    const rig = await rigWithMail();
    await rig.run(await rig.addVisit(), step('booked'));
    const [record] = await messagesOf(rig);
    expect(record).toMatchObject({
      channel: 'email',
      transport: 'recording',
      sender: rig.clinic.emailSender,
      recipient: address,
      language: 'fi',
      subject: 'Aikasi: Test Clinic',
      segments: 0,
      status: 'queued',
    });
    const link = new RegExp(`${publicUrl}/a/[\\w-]{22}`).exec(rig.mail.sent[0]?.text ?? '')?.[0] ?? 'none';
    expect(rig.mail.sent[0]?.html).toContain(link);
    expect(record?.['body']).toBe(rig.mail.sent[0]?.text.replace(link, '{link}'));
  });

  it('is for staff where the clinic cannot write e-mail', async () => {
    const rig = await rigWithMail();
    await world.sql`update senders set is_active = false where address = ${rig.clinic.emailSender}`;
    await rig.run(await rig.addVisit(), step('booked'));
    expect(rig.mail.sent).toEqual([]);
    expect(await world.sql`select kind from tasks where clinic_id = ${rig.clinic.clinicId}`).toMatchObject([
      { kind: 'undeliverable' },
    ]);
  });
});

describe('a patient with both', () => {
  it('gets a text, and the mail only where a rule wants one', async () => {
    const rig = await rigWithMail({ hasMobile: true });
    await rig.run(await rig.addVisit(), step('booked'));
    expect([rig.sent.length, rig.mail.sent.length]).toEqual([1, 0]);
    await rig.run(await rig.addVisit(), step('reminder', { key: 'reminder:mail-7d:v1', ...mailOnly }));
    expect([rig.sent.length, rig.mail.sent.length]).toEqual([1, 1]);
  });

  it('gets the mail where texts are not wanted any more', async () => {
    const rig = await rigWithMail({ hasMobile: true });
    const { clinicId, sender, mobile } = rig.clinic;
    await world.sql`insert into opt_outs (clinic_id, id, sender, phone, source, since)
      values (${clinicId}, gen_random_uuid(), ${sender}, ${mobile}, 'text', now())`;
    await rig.run(await rig.addVisit(), step('booked'));
    expect([rig.sent.length, rig.mail.sent.length]).toEqual([0, 1]);
  });

  it('gets no calendar file with a reminder: changes are told by text, and nobody would take it back', async () => {
    const rig = await rigWithMail({ hasMobile: true });
    await rig.run(await rig.addVisit(), step('reminder', mailOnly));
    expect(rig.mail.sent).toMatchObject([{ calendar: null }]);
  });
});

describe('the calendar file', () => {
  it('of a reminder has every visit that it names', async () => {
    const rig = await rigWithMail();
    const first = await rig.addVisit();
    const second = await rig.addVisit({ startsAt: noon + 50 * HOUR });
    await rig.run(first, step('reminder', mailOnly));
    await rig.run(second, step('reminder', mailOnly));
    expect(rig.mail.sent).toHaveLength(1);
    const ids = [first, second].map(({ appointmentId }) => `${appointmentId}@vuoro.test`);
    expect(entry(rig.mail.sent[0]?.calendar, 'UID')).toEqual(ids);
    expect(rig.mail.sent[0]?.text).toMatch(/klo 12\.00 ja 14\.00/);
  });

  it('is of the moment of sending, whatever the clock on the wall', async () => {
    const rig = await rigWithMail();
    await rig.run(await rig.addVisit(), step('booked'));
    expect(entry(rig.mail.sent[0]?.calendar, 'DTSTAMP')).toEqual(['20261122T100000Z']);
  });

  it.each([
    ['ask', 'pending', 'PUBLISH', 'TENTATIVE'],
    ['confirmed', 'booked', 'PUBLISH', 'CONFIRMED'],
    ['cancelled', 'cancelled', 'CANCEL', 'CANCELLED'],
    ['expired', 'expired', 'CANCEL', 'CANCELLED'],
  ] as const)('that comes with %s says %s', async (kind, status, method, said) => {
    const rig = await rigWithMail();
    const visit = await rig.addVisit({ status, confirmBy: status === 'pending' ? noon + 24 * HOUR : null });
    await world.sql`update appointments set revision = 4 where id = ${visit.appointmentId}`;
    await rig.run(visit, step(kind));
    const { calendar } = rig.mail.sent[0] ?? {};
    expect([entry(calendar, 'METHOD'), entry(calendar, 'STATUS')]).toEqual([[method], [said]]);
    expect(entry(calendar, 'SEQUENCE')).toEqual(['4']);
  });

  it('does not come again with a question that is repeated', async () => {
    const rig = await rigWithMail();
    await rig.run(await rig.addVisit({ status: 'pending', confirmBy: noon + 24 * HOUR }), step('nudge'));
    expect(rig.mail.sent).toMatchObject([{ calendar: null }]);
  });
});

describe('a mail of which nobody knows whether it left', () => {
  it('is lost where no event came, since the provider cannot be asked, and then follows its kind', async () => {
    const rig = await rigWithMail();
    const { answer } = rig.mail.transport;
    rig.mail.transport.find = null;
    rig.mail.transport.answer = () => Promise.resolve({ outcome: 'unknown', errorCode: '500' });
    const visit = await rig.addVisit();
    const uncertain = await rig.run(visit, step('booked'));
    const { messageId } = uncertain as Extract<typeof uncertain, { result: 'uncertain' }>;
    expect(await rig.lookUp(messageId)).toBe('lost');
    rig.mail.transport.answer = answer;
    expect(await rig.run(visit, step('booked'), { by: 'delivery' })).toEqual({ result: 'done' });
    expect(rig.mail.sent.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(await messagesOf(rig)).toMatchObject([{ status: 'queued' }]);
  });
});

describe('a message of a move', () => {
  const night = Date.parse('2026-11-22T20:30Z');
  const nextWeek = noon + 200 * HOUR;
  const moved = { usefulUntil: nextWeek };

  it('goes at night where the old time was tomorrow, though the new one is not', async () => {
    const rig = await rigWithMail();
    const visit = await rig.addVisit({ startsAt: nextWeek });
    const previousStartsAt = noon + 22 * HOUR;
    expect(await rig.run(visit, step('moved', { ...moved, previousStartsAt }), { now: night })).toEqual({
      result: 'done',
    });
    expect(rig.mail.sent[0]?.text).toContain('Aiempi aika: maanantai 23. marraskuuta 2026 klo 10.00');
  });

  it('waits for the morning where neither is near', async () => {
    const rig = await rigWithMail();
    const visit = await rig.addVisit({ startsAt: nextWeek });
    const handed = await rig.run(visit, step('moved', { ...moved, previousStartsAt: nextWeek }), { now: night });
    expect(handed).toMatchObject({ result: 'later' });
    expect(rig.mail.sent).toEqual([]);
  });
});
