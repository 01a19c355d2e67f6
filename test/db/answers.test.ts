import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { handOver } from '../../activities/messaging/hand-over.ts';
import { inClinic } from '../../db/client.ts';
import { finishText } from '../../db/commands/inbound/finish.ts';
import { resolveText } from '../../db/commands/inbound/resolve.ts';
import { askQuestion } from '../../db/commands/questions/ask.ts';
import { storeText } from '../../db/inbox/texts.ts';
import type { AnswerOutcome } from '../../domain/inbound-outcome.ts';
import type { InboundMessageId, NotificationId } from '../../domain/ids.ts';
import { ELAPSED_DAY, HOUR, MINUTE, type Instant } from '../../domain/interval.ts';
import type { QuestionKind } from '../../domain/question.ts';
import { type Visit, asIfSaid, messagingDatabase, noon, step } from './messaging.ts';

const world = await messagingDatabase();
type Rig = Awaited<ReturnType<typeof world.rig>>;

const pending = { status: 'pending', confirmBy: noon + 24 * HOUR } as const;

async function ask({ clinic }: Rig, visit: Visit, kind: QuestionKind, now: Instant = noon) {
  const { clinicId, sender, mobile: phone, patientId } = clinic;
  const asked = await inClinic(world.db, clinicId, (tx) =>
    askQuestion(tx, { clinicId, sender, phone, kind, patientId, ...visit, now }),
  );
  await asIfSaid(world.sql, clinic);
  return asked;
}

/** Stores what the patient's phone says. */
async function text(
  { clinic }: Rig,
  body: string,
  from = clinic.mobile,
  at: Instant = noon,
): Promise<InboundMessageId> {
  const { clinicId, sender: recipient } = clinic;
  const providerMessageId = `SM${randomUUID()}`;
  const words = { sender: from, recipient, body, carrierSays: null, now: at };
  return (await storeText(world.db, { clinicId, transport: 'twilio', providerMessageId, ...words })).id;
}

function resolve({ clinic: { clinicId } }: Rig, inboundMessageId: InboundMessageId, now: Instant = noon) {
  return resolveText(world.db, { clinicId, inboundMessageId, now });
}

/** Says it, and is replied to at once. */
async function say(rig: Rig, body: string, now: Instant = noon) {
  const work = await resolve(rig, await text(rig, body, rig.clinic.mobile, now), now);
  await send(rig, work.toSend, now);
  return work;
}

async function send({ clinic: { clinicId }, deps }: Rig, ids: readonly NotificationId[], now: Instant = noon) {
  for (const notificationId of ids) await handOver(deps, { clinicId, notificationId }, { now, by: 'planner' });
}

function finish({ clinic: { clinicId } }: Rig, inboundMessageId: InboundMessageId, outcomes: AnswerOutcome[]) {
  return finishText(world.db, { clinicId, inboundMessageId, outcomes, now: noon });
}

async function replies({ clinic }: Rig) {
  const rows = await world.sql<{ content: { variant: string; questions?: { codes: { code: string }[] }[] } }[]>`
    select content from notifications where clinic_id = ${clinic.clinicId} and kind = 'reply' order by created_at, id`;
  return rows.map(({ content }) => content);
}

/** By name: the clock of these tests stands still. */
const variants = async (rig: Rig) => (await replies(rig)).map(({ variant }) => variant).toSorted();

async function tasks({ clinic }: Rig) {
  const rows = await world.sql<{ kind: string }[]>`select kind from tasks where clinic_id = ${clinic.clinicId}`;
  return rows.map(({ kind }) => kind);
}

describe('a code', () => {
  it('acts on what it names, once: read again it is the same request', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit(pending);
    const { id: questionId, codes } = await ask(rig, visit, 'confirm');
    const id = await text(rig, `${codes[0]!.code}.`);
    const first = await resolve(rig, id);
    expect(first).toMatchObject({ understoodAs: 'answers', toSend: [] });
    expect(first.actions).toMatchObject([{ questionId, answer: 'confirm', ...visit, offer: null }]);
    expect(await resolve(rig, id)).toEqual(first);
    expect(await variants(rig)).toEqual([]);
  });

  it('means nothing from another phone, to another clinic, or after thirty days', async () => {
    const [rig, other] = [await world.rig(), await world.rig()];
    const { codes } = await ask(rig, await rig.addVisit({ ...pending, startsAt: noon + 60 * ELAPSED_DAY }), 'confirm');
    const body = codes[0]!.code;
    expect(await resolve(rig, await text(rig, body, rig.clinic.otherMobile))).toMatchObject({ actions: [] });
    expect(await resolve(other, await text(other, body, rig.clinic.mobile))).toMatchObject({ actions: [] });
    expect((await say(rig, body, noon + 30 * ELAPSED_DAY + 1)).actions).toEqual([]);
    expect((await say(rig, body, noon + 30 * ELAPSED_DAY - 1)).actions).toHaveLength(1);
  });

  it('of several questions acts on each', async () => {
    const rig = await world.rig();
    const one = await ask(rig, await rig.addVisit(pending), 'confirm');
    const two = await ask(rig, await rig.addVisit({ startsAt: noon + 72 * HOUR }), 'attend');
    const { actions } = await say(rig, `${one.codes[0]!.code} ja ${two.codes[0]!.code}`);
    expect(actions.map(({ answer }) => answer)).toEqual(['confirm', 'cannotCome']);
  });

  it('that was given already is answered so, and another one of its question is asked back', async () => {
    const rig = await world.rig();
    const { codes } = await ask(rig, await rig.addVisit(pending), 'confirm');
    const id = await text(rig, codes[0]!.code);
    const [action] = (await resolve(rig, id)).actions;
    await finish(rig, id, [{ questionId: action!.questionId, answer: 'confirm', outcome: 'done' }]);
    await say(rig, codes[0]!.code);
    await say(rig, codes[1]!.code);
    expect(await variants(rig)).toEqual(['confirmCancel', 'repeated']);
    expect((await say(rig, 'yes', noon + 1)).actions).toMatchObject([{ answer: 'cancel' }]);
  });

  it('about a time that the visit no longer has is not taken for the new one, which is asked about', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit(pending);
    const { codes } = await ask(rig, visit, 'confirm');
    await world.sql`update appointments set version = 2 where id = ${visit.appointmentId}`;
    expect((await say(rig, codes[0]!.code)).actions).toEqual([]);
    const [again] = await replies(rig);
    expect(again).toMatchObject({ variant: 'superseded' });
    const fresh = again!.questions![0]!.codes[0]!.code;
    expect(fresh).not.toBe(codes[0]!.code);
    expect((await say(rig, fresh)).actions).toMatchObject([{ answer: 'confirm', version: 2 }]);
  });

  it('about a time that the visit no longer has tells the new one to nobody else’s phone', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit(pending);
    const { codes } = await ask(rig, visit, 'confirm');
    await world.sql`update appointments set version = 2 where id = ${visit.appointmentId}`;
    await world.sql`update patients set mobile = '+358401234567' where id = ${rig.clinic.patientId}`;
    expect((await say(rig, codes[0]!.code)).actions).toEqual([]);
    expect([await variants(rig), await tasks(rig)]).toEqual([['callUs'], ['inboundText']]);
  });

  it.each(['expired', 'cancelled', 'completed'] as const)(
    'that comes when the visit is %s is too late, and told so',
    async (status) => {
      const rig = await world.rig();
      const visit = await rig.addVisit(pending);
      const { codes } = await ask(rig, visit, 'confirm');
      await world.sql`update appointments set status = ${status}, confirm_by = null where id = ${visit.appointmentId}`;
      expect((await say(rig, codes[0]!.code)).actions).toEqual([]);
      expect(await variants(rig)).toEqual(['tooLate']);
    },
  );

  it('that is over is told so though it comes with other words, which staff see', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit(pending);
    const { codes } = await ask(rig, visit, 'confirm');
    await world.sql`update appointments set status = 'expired', confirm_by = null where id = ${visit.appointmentId}`;
    expect((await say(rig, `${codes[0]!.code} please, is it free?`)).actions).toEqual([]);
    expect([await variants(rig), await tasks(rig)]).toEqual([['tooLate'], ['inboundText']]);
  });

  it('that was refused may be given again; late cancels are for staff', async () => {
    const rig = await world.rig();
    const { codes } = await ask(rig, await rig.addVisit(), 'attend');
    const id = await text(rig, codes[0]!.code);
    const [{ questionId, answer } = { questionId: undefined!, answer: undefined! }] = (await resolve(rig, id)).actions;
    const refused = [{ questionId, answer, outcome: 'refused', code: 'TOO_LATE_TO_CANCEL' }] as const;
    const finished = await finish(rig, id, [...refused]);
    expect(finished.toSend).toHaveLength(1);
    expect(await finish(rig, id, [...refused])).toEqual(finished);
    expect([await variants(rig), await tasks(rig)]).toEqual([['tooLateToCancel'], ['lateCancel']]);
    expect((await say(rig, codes[0]!.code)).actions).toHaveLength(1);
  });

  it('that cancels what only staff may cancel is asked to phone, and staff know', async () => {
    const rig = await world.rig();
    const { codes } = await ask(rig, await rig.addVisit(), 'attend');
    const id = await text(rig, codes[0]!.code);
    const [action] = (await resolve(rig, id)).actions;
    const answer = { questionId: action!.questionId, answer: action!.answer };
    await finish(rig, id, [{ ...answer, outcome: 'refused', code: 'STAFF_ONLY' }]);
    expect([await variants(rig), await tasks(rig)]).toEqual([['callUs'], ['lateCancel']]);
  });

  it('with other words changes nothing: we ask back once, and staff see it each time', async () => {
    const rig = await world.rig();
    const { codes } = await ask(rig, await rig.addVisit(pending), 'confirm');
    for (const body of [`${codes[0]!.code} but can I come later?`, `${codes[0]!.code}?`]) {
      expect((await say(rig, body)).actions).toEqual([]);
    }
    expect([await variants(rig), await tasks(rig)]).toEqual([['unclear'], ['inboundText', 'inboundText']]);
  });
});

describe('a yes or a no', () => {
  it('answers the one open question', async () => {
    const rig = await world.rig();
    await ask(rig, await rig.addVisit(pending), 'confirm');
    expect((await say(rig, 'Kyllä kiitos!')).actions).toMatchObject([{ answer: 'confirm' }]);
  });

  it('is more than an "ok", which is one only to what we have said last', async () => {
    const rig = await world.rig();
    await ask(rig, await rig.addVisit(pending), 'confirm');
    await rig.run(await rig.addVisit(), step('booked'), { now: noon + MINUTE });
    for (const body of ['Ok thanks', '👍']) {
      expect(await say(rig, body, noon + 2 * MINUTE)).toMatchObject({ understoodAs: 'courtesy', actions: [] });
    }
    expect((await say(rig, 'Ok yes', noon + 2 * MINUTE)).actions).toMatchObject([{ answer: 'confirm' }]);
  });

  it('is for staff where they have written since, in words that may have asked something', async () => {
    const rig = await world.rig();
    await ask(rig, await rig.addVisit(pending), 'confirm');
    await rig.run(await rig.addVisit(), step('booked'), { now: noon + MINUTE });
    const { clinicId } = rig.clinic;
    await world.sql`update notifications set kind = 'freeText' where clinic_id = ${clinicId} and kind = 'booked'`;
    expect(await say(rig, 'No', noon + 2 * MINUTE)).toMatchObject({ understoodAs: 'staff', actions: [] });
    expect(await tasks(rig)).toEqual(['inboundText']);
  });

  it('may be an "ok" that was on its way before we said more', async () => {
    const rig = await world.rig();
    await ask(rig, await rig.addVisit(pending), 'confirm');
    const id = await text(rig, 'Ok', rig.clinic.mobile, noon + MINUTE);
    await rig.run(await rig.addVisit(), step('booked'), { now: noon + 2 * MINUTE });
    expect((await resolve(rig, id, noon + 2 * MINUTE)).actions).toMatchObject([{ answer: 'confirm' }]);
  });

  it('is asked back once where several are open, and then left to staff', async () => {
    const rig = await world.rig();
    await ask(rig, await rig.addVisit(pending), 'confirm');
    await ask(rig, await rig.addVisit({ ...pending, startsAt: noon + 96 * HOUR }), 'confirm');
    await say(rig, 'kyllä');
    expect([await variants(rig), await tasks(rig)]).toEqual([['which'], []]);
    expect((await replies(rig))[0]!.questions).toHaveLength(2);
    await say(rig, 'kyllä');
    expect([await variants(rig), await tasks(rig)]).toEqual([['which'], ['inboundText']]);
  });

  it('is asked back again where something has been asked since', async () => {
    const rig = await world.rig();
    await ask(rig, await rig.addVisit(pending), 'confirm');
    await ask(rig, await rig.addVisit({ ...pending, startsAt: noon + 96 * HOUR }), 'confirm');
    await say(rig, 'kyllä');
    await ask(rig, await rig.addVisit({ ...pending, startsAt: noon + 99 * HOUR }), 'confirm');
    await say(rig, 'kyllä');
    expect([await variants(rig), await tasks(rig)]).toEqual([['which', 'which'], []]);
    await say(rig, 'kyllä');
    expect(await tasks(rig)).toEqual(['inboundText']);
  });

  it('that was asked back may be answered for thirty days more', async () => {
    const rig = await world.rig();
    const far = { ...pending, startsAt: noon + 90 * ELAPSED_DAY };
    const [one] = [
      await ask(rig, await rig.addVisit(far), 'confirm'),
      await ask(rig, await rig.addVisit(far), 'confirm'),
    ];
    const asksBack = noon + 29 * ELAPSED_DAY;
    await say(rig, 'kyllä', asksBack);
    expect(await variants(rig)).toEqual(['which']);
    const { actions } = await say(rig, one.codes[0]!.code, asksBack + 29 * ELAPSED_DAY);
    expect(actions).toMatchObject([{ questionId: one.id, answer: 'confirm' }]);
  });

  it('never cancels a booked visit without asking back', async () => {
    const rig = await world.rig();
    await ask(rig, await rig.addVisit(), 'attend');
    expect((await say(rig, 'ei')).actions).toEqual([]);
    expect(await variants(rig)).toEqual(['confirmCancel']);
    expect((await say(rig, 'kyllä', noon + 1)).actions).toMatchObject([{ answer: 'cancel' }]);
  });

  it('leaves a visit as it is where that is the answer to our asking back, and says so', async () => {
    const rig = await world.rig();
    await ask(rig, await rig.addVisit(), 'attend');
    await say(rig, 'ei');
    expect((await say(rig, 'ei', noon + 1)).actions).toEqual([]);
    expect(await variants(rig)).toEqual(['confirmCancel', 'stands']);
    expect((await replies(rig)).find(({ variant }) => variant === 'stands')).toMatchObject({
      startsAt: noon + 48 * HOUR,
    });
    expect((await say(rig, 'kyllä', noon + 2)).actions).toEqual([]);
    expect(await tasks(rig)).toEqual([]);
  });

  it('that says twice that somebody cannot come is seen by staff, and asked back once more', async () => {
    const rig = await world.rig();
    await ask(rig, await rig.addVisit(), 'attend');
    for (const minute of [1, 2, 3]) {
      expect((await say(rig, 'en pääse', noon + minute * MINUTE)).actions).toEqual([]);
    }
    expect([await variants(rig), await tasks(rig)]).toEqual([
      ['confirmCancel', 'unclear'],
      ['inboundText', 'inboundText'],
    ]);
    expect((await say(rig, 'kyllä', noon + 4 * MINUTE)).actions).toMatchObject([{ answer: 'cancel' }]);
  });

  it('cancels nothing before our asking back has left, nor where it was refused', async () => {
    const rig = await world.rig();
    await ask(rig, await rig.addVisit(), 'attend');
    const asked = await resolve(rig, await text(rig, 'ei'));
    expect((await say(rig, 'kyllä', noon + 1)).actions).toEqual([]);
    const { answer } = rig.transport;
    rig.transport.answer = () => Promise.resolve({ outcome: 'rejected', errorCode: '30008' });
    await send(rig, asked.toSend, noon + 2);
    expect((await say(rig, 'kyllä', noon + 3)).actions).toEqual([]);
    rig.transport.answer = answer;
    await say(rig, 'ei', noon + 4);
    const early = await text(rig, 'kyllä', rig.clinic.mobile, noon + 3);
    expect((await resolve(rig, early, noon + 5)).actions).toEqual([]);
    expect((await say(rig, 'kyllä', noon + 5)).actions).toMatchObject([{ answer: 'cancel' }]);
  });

  it('is none to a new time that was asked about while it was on its way', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit(pending);
    await ask(rig, visit, 'confirm');
    const id = await text(rig, 'Yes', rig.clinic.mobile, noon + MINUTE);
    await world.sql`update appointments set version = 2 where id = ${visit.appointmentId}`;
    await ask(rig, { ...visit, version: 2 }, 'confirm', noon + 2 * MINUTE);
    expect((await resolve(rig, id, noon + 3 * MINUTE)).actions).toEqual([]);
    expect((await say(rig, 'Yes', noon + 4 * MINUTE)).actions).toMatchObject([{ answer: 'confirm', version: 2 }]);
  });

  it('of two at once is asked back as one of them alone would be, though we ask back meanwhile', async () => {
    const rig = await world.rig();
    await ask(rig, await rig.addVisit(pending), 'confirm');
    await ask(rig, await rig.addVisit({ startsAt: noon + 96 * HOUR }), 'attend', noon + MINUTE);
    const second = await text(rig, 'yes please', rig.clinic.mobile, noon + 2 * MINUTE);
    await say(rig, 'yes', noon + 3 * MINUTE);
    expect((await resolve(rig, second, noon + 4 * MINUTE)).actions).toEqual([]);
    expect([await variants(rig), await tasks(rig)]).toEqual([['which'], ['inboundText']]);
  });

  it('that comes to a reminder cancels nothing of which we had asked back before', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit({ startsAt: noon + 72 * HOUR });
    await ask(rig, visit, 'attend');
    await say(rig, 'ei');
    const code = (await replies(rig))[0]!.questions![0]!.codes[0]!.code;
    await ask(rig, visit, 'attend', noon + HOUR);
    for (const body of ['Ok', 'Ok kiitos', 'kyllä']) {
      expect(await say(rig, body, noon + 2 * HOUR)).toMatchObject({ understoodAs: 'courtesy', actions: [] });
    }
    expect((await say(rig, code, noon + 2 * HOUR)).actions).toMatchObject([{ answer: 'cancel' }]);
  });

  it.each(['Yes', 'No thanks'])('that comes too late is told so, once: "%s"', async (body) => {
    const rig = await world.rig();
    const visit = await rig.addVisit(pending);
    await ask(rig, visit, 'confirm');
    await world.sql`update appointments set status = 'expired', confirm_by = null where id = ${visit.appointmentId}`;
    await say(rig, 'ok thanks', noon + 1);
    expect([await variants(rig), await tasks(rig)]).toEqual([[], []]);
    await say(rig, body, noon + 1);
    expect([await variants(rig), await tasks(rig)]).toEqual([['tooLate'], []]);
    await say(rig, body, noon + 2);
    expect([await variants(rig), await tasks(rig)]).toEqual([['tooLate'], ['inboundText']]);
  });

  it('that comes after the word of it is told so once more, and then is for staff', async () => {
    const rig = await world.rig();
    const visit = await rig.addVisit(pending);
    await ask(rig, visit, 'confirm');
    await world.sql`update appointments set status = 'expired', confirm_by = null where id = ${visit.appointmentId}`;
    await rig.run(visit, step('expired'), { now: noon + MINUTE });
    await say(rig, 'No', noon + 2 * MINUTE);
    expect([await variants(rig), await tasks(rig)]).toEqual([[], []]);
    await say(rig, 'Yes', noon + 2 * MINUTE);
    expect([await variants(rig), await tasks(rig)]).toEqual([['tooLate'], []]);
    await say(rig, 'Yes', noon + 3 * MINUTE);
    expect([await variants(rig), await tasks(rig)]).toEqual([['tooLate'], ['inboundText']]);
  });

  it('of two texts at once is taken once', async () => {
    const rig = await world.rig();
    const { codes } = await ask(rig, await rig.addVisit(pending), 'confirm');
    const [confirm, giveUp] = codes.map(({ code }) => code);
    const ids = await Promise.all([confirm!, giveUp!, confirm!, 'yes', 'no'].map((body) => text(rig, body)));
    const all = await Promise.all(ids.map((id) => resolve(rig, id)));
    expect(all.flatMap(({ actions }) => actions)).toHaveLength(1);
  });
});

describe('a clinic with several numbers', () => {
  /** A second one, from which the patient was asked whether they cannot come. */
  async function askedFromSecond() {
    const rig = await world.rig();
    const { clinicId, sender: first, mobile: phone, patientId } = rig.clinic;
    const second = `${first}9`;
    await world.sql`insert into senders (clinic_id, id, channel, address) values (${clinicId}, gen_random_uuid(), 'sms', ${second})`;
    const about = { clinicId, sender: second, phone, kind: 'attend', patientId, ...(await rig.addVisit()) } as const;
    const { codes } = await inClinic(world.db, clinicId, (tx) => askQuestion(tx, { ...about, now: noon }));
    await asIfSaid(world.sql, rig.clinic);
    const write = async (to: string, body: string) =>
      resolve(rig, await text({ ...rig, clinic: { ...rig.clinic, sender: to } }, body));
    const giveUp = () => world.sql`update senders set is_active = false where address = ${second}`;
    return { rig, first, second, code: codes[0]!.code, write, giveUp };
  }

  const askedBy = ({ clinic }: Rig) =>
    world.sql`select kind, sender from questions where clinic_id = ${clinic.clinicId} order by kind desc, sender`;

  it('answers from the number that was written to, which alone knows its codes', async () => {
    const { rig, first, second, code, write } = await askedFromSecond();
    expect((await write(first, code)).actions).toEqual([]);
    await write(second, 'no');
    expect(await replies(rig)).toMatchObject([{ variant: 'confirmCancel', from: second }]);
    expect(await askedBy(rig)).toMatchObject([{ kind: 'cancel', sender: second }, { kind: 'attend' }]);
    expect((await write(second, code)).actions).toMatchObject([{ answer: 'cannotCome' }]);
  });

  it('asks under another number where it sends from that one no more, and lists no codes that mean nothing there', async () => {
    const { rig, first, second, code, write, giveUp } = await askedFromSecond();
    await giveUp();
    await write(second, `${code} but later?`);
    expect([await variants(rig), await tasks(rig)]).toEqual([[], ['inboundText']]);
    await write(second, 'no');
    expect(await askedBy(rig)).toMatchObject([{ kind: 'cancel', sender: first }, { kind: 'attend' }]);
  });
});

describe('a stop word', () => {
  it('is confirmed by the carrier where it is the carrier’s own, and by nobody again while it stands', async () => {
    const rig = await world.rig();
    await say(rig, 'STOP');
    await say(rig, 'lopeta', noon + 1);
    expect(await variants(rig)).toEqual([]);
  });

  it('is confirmed once, whatever stop words follow, and anew where a start word came in between', async () => {
    const rig = await world.rig();
    const id = await text(rig, 'lopeta');
    expect((await resolve(rig, id)).toSend).toHaveLength(1);
    await resolve(rig, id);
    for (const [index, word] of ['seis', 'STOP', 'lopeta'].entries()) await say(rig, word, noon + 1 + index);
    expect(await variants(rig)).toEqual(['optedOut']);
    await say(rig, 'aloita', noon + 10);
    await say(rig, 'lopeta', noon + 11);
    expect(await variants(rig)).toEqual(['optedIn', 'optedOut', 'optedOut']);
  });

  it('that stands beside a code is not alone: nothing is taken, and it is asked back', async () => {
    const rig = await world.rig();
    const { codes } = await ask(rig, await rig.addVisit(pending), 'confirm');
    expect(await say(rig, `STOP ${codes[0]!.code}`)).toMatchObject({ understoodAs: 'unclear', actions: [] });
    expect([await variants(rig), await tasks(rig)]).toEqual([['unclear'], ['inboundText']]);
  });

  it('comes before any code', async () => {
    const rig = await world.rig();
    await ask(rig, await rig.addVisit(pending), 'confirm');
    expect((await say(rig, 'Stop!')).actions).toEqual([]);
  });
});
