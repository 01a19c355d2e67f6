import { describe, expect, it } from 'vitest';
import { inClinic } from '../../db/client.ts';
import { askQuestion } from '../../db/commands/questions/ask.ts';
import { ELAPSED_DAY, HOUR, MINUTE } from '../../domain/interval.ts';
import { type Visit, messagingDatabase, noon, step } from './messaging.ts';

const world = await messagingDatabase();
type Rig = Awaited<ReturnType<typeof world.rig>>;

const pending = { status: 'pending', confirmBy: noon + 47 * HOUR } as const;
const CODE = /\b[A-Z][2-9]{1,2}\b/g;

function codesIn(text: string | undefined): string[] {
  return (text?.replace(/https\S+/g, '').match(CODE) ?? []).toSorted();
}

async function questionsOf({ clinic }: Rig) {
  return world.sql<{ kind: string; version: number; codes: { code: string; answer: string }[]; asked_at: Date }[]>`
    select kind, appointment_id, version, codes, asked_at, answered_at, sender, phone from questions
    where clinic_id = ${clinic.clinicId} order by asked_at, id`;
}

async function printedBy(rig: Rig): Promise<string[][]> {
  return (await questionsOf(rig)).map(({ codes }) => codes.map(({ code }) => code).toSorted());
}

function ask({ clinic }: Rig, visit: Visit) {
  const { clinicId, sender, mobile: phone, patientId } = clinic;
  return inClinic(world.db, clinicId, (tx) =>
    askQuestion(tx, { clinicId, sender, phone, kind: 'confirm', patientId, ...visit, now: noon }),
  );
}

/** A question about a visit, as it was asked then. */
async function addQuestion({ clinic }: Rig, visit: Visit, codes: readonly string[], askedAt: number) {
  const printed = codes.map((code) => ({ code, answer: 'confirm' }));
  await world.sql`insert into questions (clinic_id, id, sender, phone, kind, patient_id, appointment_id, version, codes, asked_at)
    values (${clinic.clinicId}, gen_random_uuid(), ${clinic.sender}, ${clinic.mobile}, 'confirm', ${clinic.patientId},
      ${visit.appointmentId}, ${visit.version}, ${world.sql.json(printed)}, ${new Date(askedAt)})`;
}

const allShort = 'CFKMPRTVWX'.split('').flatMap((letter) => '23456789'.split('').map((digit) => letter + digit));

describe('a text that asks', () => {
  it('prints a code to confirm and one to give it up, on record with the try', async () => {
    const rig = await world.rig();
    const { answer } = rig.transport;
    rig.transport.answer = async (message) => {
      expect(await printedBy(rig)).toEqual([codesIn(message.text)]);
      return answer(message);
    };
    const visit = await rig.addVisit(pending);
    await rig.run(visit, step('ask'));
    const [question] = await questionsOf(rig);
    expect(question).toMatchObject({
      kind: 'confirm',
      version: 1,
      sender: rig.clinic.sender,
      phone: rig.clinic.mobile,
    });
    expect(question?.codes.map(({ answer: stands }) => stands)).toEqual(['confirm', 'giveUp']);
    expect(rig.sent[0]?.text).toContain(`${question?.codes[0]?.code} to confirm`);
    expect(rig.sent[0]?.text).toContain(`${question?.codes[1]?.code} to give it up`);
  });

  it('prints the same codes when it asks again, and when the provider was busy', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit(pending);
    const { answer } = rig.transport;
    rig.transport.answer = () => Promise.resolve({ outcome: 'busy', errorCode: '20429' });
    await expect(rig.run(visit, step('ask'))).rejects.toThrow('did not take');
    rig.transport.answer = answer;
    await rig.run(visit, step('ask'));
    const [later, usefulUntil] = [noon + 25 * HOUR, noon + 40 * HOUR];
    await rig.run(visit, step('nudge', { usefulUntil }), { now: later });
    const [first, ...others] = rig.sent.map(({ text }) => codesIn(text));
    expect(first).toHaveLength(2);
    expect(others).toEqual([first, first]);
    expect((await questionsOf(rig)).map(({ asked_at: at }) => at.getTime())).toEqual([later]);
  });

  it('prints fresh codes after a move: it is another question', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit(pending);
    await rig.run(visit, step('ask'));
    await world.sql`update appointments set version = 2 where id = ${visit.appointmentId}`;
    await rig.run({ ...visit, version: 2 }, step('ask', { key: 'ask:v2' }), { now: noon + MINUTE });
    const [before, after] = rig.sent.map(({ text }) => codesIn(text));
    expect(before?.some((code) => after?.includes(code))).toBe(false);
    expect(await printedBy(rig)).toEqual([before, after]);
  });

  it('opens the question again that was answered', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit(pending);
    await rig.run(visit, step('ask'));
    await world.sql`update questions set answered_at = now(), answered_as = 'confirm' where clinic_id = ${rig.clinic.clinicId}`;
    await rig.run(visit, step('nudge'));
    expect(await questionsOf(rig)).toMatchObject([{ answered_at: null }]);
  });

  it('names several visits by their times, each with its own code', async () => {
    const rig = await world.rig();
    const visits = [await rig.addVisit(), await rig.addVisit({ startsAt: noon + 50 * HOUR })] as const;
    await rig.run(visits[1], step('reminder'));
    expect(rig.sent[0]?.text).toMatch(/ reply [A-Z]\d \(12:00\), [A-Z]\d \(14:00\) to cancel$/);
    const byVisit = new Map((await questionsOf(rig)).map((row) => [row['appointment_id' as 'kind'], row.codes[0]]));
    const codes = visits.map(({ appointmentId }) => byVisit.get(appointmentId)?.code);
    expect(rig.sent[0]?.text).toContain(`${codes[0]} (12:00), ${codes[1]} (14:00)`);
  });

  it.each([
    ['by e-mail', `update patients set mobile = null, email = 'p@example.org'`],
    [
      'from a sender that is a name',
      `update senders set address = 'Kallio' || left(clinic_id::text, 4) where channel = 'sms'`,
    ],
  ])('has a link alone %s', async (_, change) => {
    const rig = await world.rig();
    const isWhere = change.includes('where') ? 'and' : 'where';
    await world.sql.unsafe(`${change} ${isWhere} clinic_id = '${rig.clinic.clinicId}'`);
    await rig.run(await rig.addVisit(pending), step('ask'));
    const text = [...rig.sent, ...rig.mail.sent].map((message) => message.text).join('');
    expect(text).toContain('/a/');
    expect(codesIn(text)).toEqual([]);
    expect(await questionsOf(rig)).toEqual([]);
  });
});

describe('codes', () => {
  it('are never the same for two questions of one phone, however many ask at once', async () => {
    const rig = await world.rig();
    const visits = await Promise.all(Array.from({ length: 150 }, () => rig.addVisit(pending)));
    await Promise.all(visits.map((visit, index) => (index % 3 === 0 ? rig.run(visit, step('ask')) : ask(rig, visit))));
    const codes = (await printedBy(rig)).flat();
    expect(codes).toHaveLength(300);
    expect(new Set(codes).size).toBe(300);
    expect(codes.filter((code) => code.length === 2)).toHaveLength(80);
  }, 60_000);

  it('are free again after a month, but not those that are still read on the phone', async () => {
    const rig = await world.rig();
    const longAgo = noon - 40 * ELAPSED_DAY;
    for (let latest = 0; latest < 20; latest++) {
      const codes = allShort.slice(latest * 4, Math.min(latest * 4 + 4, 78));
      await addQuestion(rig, await rig.addVisit(pending), codes, longAgo);
    }
    const forgotten = allShort.slice(78);
    await addQuestion(rig, await rig.addVisit(pending), forgotten, longAgo - HOUR);
    const { codes } = await ask(rig, await rig.addVisit(pending));
    expect(codes.map(({ code }) => code).toSorted()).toEqual(forgotten.toSorted());
  });

  it('of a question from long ago stand, unless another question has them by now', async () => {
    const rig = await world.rig();
    const [kept, lost] = [await rig.addVisit(pending), await rig.addVisit(pending)];
    await addQuestion(rig, kept, ['K7', 'M4'], noon - 50 * ELAPSED_DAY);
    await addQuestion(rig, lost, ['P3', 'C8'], noon - 50 * ELAPSED_DAY);
    await addQuestion(rig, await rig.addVisit(pending), ['P3'], noon - ELAPSED_DAY);
    expect((await ask(rig, kept)).codes.map(({ code }) => code)).toEqual(['K7', 'M4']);
    const fresh = (await ask(rig, lost)).codes.map(({ code }) => code);
    expect(fresh).not.toContain('P3');
    expect(await printedBy(rig)).toContainEqual(fresh.toSorted());
  });

  it('of one clinic are no concern of another that writes to the same phone', async () => {
    const [ours, theirs] = [await world.rig(), await world.rig()];
    const phone = ours.clinic.mobile;
    await world.sql`update patients set mobile = ${phone} where id = ${theirs.clinic.patientId}`;
    await addQuestion(ours, await ours.addVisit(pending), allShort, noon - HOUR);
    await ours.run(await ours.addVisit(pending), step('ask'));
    await theirs.run(await theirs.addVisit(pending), step('ask'));
    expect(codesIn(ours.sent[0]?.text).map((code) => code.length)).toEqual([3, 3]);
    expect(codesIn(theirs.sent[0]?.text).map((code) => code.length)).toEqual([2, 2]);
    expect(await questionsOf(theirs)).toMatchObject([{ phone, sender: theirs.clinic.sender }]);
  });
});
