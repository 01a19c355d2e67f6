import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { handOver } from '../../activities/messaging/hand-over.ts';
import type { Moment } from '../../activities/messaging/plan.ts';
import { inClinic } from '../../db/client.ts';
import { recordOutcome } from '../../db/commands/messages/record-outcome.ts';
import { type PlannedDirect, planDirect } from '../../db/commands/notifications/plan-direct.ts';
import { withdrawOpening } from '../../db/commands/openings/end.ts';
import { askQuestion } from '../../db/commands/questions/ask.ts';
import { recordReceipt } from '../../db/inbox/receipts.ts';
import { loadTimeline } from '../../db/queries/timeline.ts';
import type { DirectContent, Reply } from '../../domain/direct-message.ts';
import {
  type FreeTextId,
  type NotificationId,
  type OfferId,
  type OpeningId,
  type ProposalId,
  type RequestId,
  asId,
} from '../../domain/ids.ts';
import { HOUR, MINUTE } from '../../domain/interval.ts';
import { messagingDatabase, noon } from './messaging.ts';

const world = await messagingDatabase();
type Rig = Awaited<ReturnType<typeof world.rig>>;

const startsAt = noon + 24 * HOUR;
const night = Date.parse('2026-11-22T21:00Z');
const morning = Date.parse('2026-11-23T06:00Z');

interface OfferMade {
  openingId: OpeningId;
  offerId: OfferId;
  content: DirectContent;
}

/** An opening with the patient's offer at it, and their consent. */
async function addOffer({ clinic }: Rig, { consent = 'given' } = {}): Promise<OfferMade> {
  const { clinicId, providerId, visitTypeId, patientId } = clinic;
  const [openingId, offerId, entryId] = [asId<OpeningId>(randomUUID()), asId<OfferId>(randomUUID()), randomUUID()];
  const [start, end, until] = [startsAt, startsAt + HOUR / 2, startsAt - 2 * HOUR].map((at) => new Date(at));
  await world.sql.begin(async (tx) => {
    await tx`insert into waiting_list (clinic_id, id, patient_id, visit_type_id, created_at)
      values (${clinicId}, ${entryId}, ${patientId}, ${visitTypeId}, now())`;
    await tx`insert into openings (clinic_id, id, provider_id, visit_type_id, starts_at, ends_at, during, status, cause, depth,
        offer_until, wave, is_released, revision, seen_revision, created_at)
      values (${clinicId}, ${openingId}, ${providerId}, ${visitTypeId}, ${start!}, ${end!}, tstzrange(${start!}, ${end!}),
        'offering', 'manual', 0, ${until!}, 1, false, 1, 1, now())`;
    await tx`insert into offers (clinic_id, id, opening_id, patient_id, waiting_list_entry_id, wave, position, status, reasons, created_at)
      values (${clinicId}, ${offerId}, ${openingId}, ${patientId}, ${entryId}, 1, 1, 'planned', '{}', now())`;
    await tx`insert into consents (clinic_id, patient_id, category, channel, state, source, wording, recorded_at)
      values (${clinicId}, ${patientId}, 'offers', 'sms', 'given', 'staff', 'yes', now()),
        (${clinicId}, ${patientId}, 'offers', 'sms', ${consent}, 'staff', 'and then', now())`;
  });
  return { openingId, offerId, content: { kind: 'offer', offerId, startsAt, ownStartsAt: null } };
}

function plan({ clinic }: Rig, content: DirectContent, patch: Partial<PlannedDirect> = {}): Promise<NotificationId> {
  const { clinicId, patientId } = clinic;
  const planned = {
    clinicId,
    dedupeKey: randomUUID(),
    content,
    patientId,
    address: null,
    usefulUntil: startsAt,
    now: noon,
  };
  return inClinic(world.db, clinicId, (tx) => planDirect(tx, { ...planned, ...patch }));
}

function send(rig: Rig, notificationId: NotificationId, moment: Partial<Moment> = {}) {
  const due = { clinicId: rig.clinic.clinicId, notificationId };
  return handOver(rig.deps, due, { now: noon, by: 'planner', ...moment });
}

async function sayOffer(rig: Rig, offer: OfferMade, moment: Partial<Moment> = {}) {
  return send(rig, await plan(rig, offer.content), moment);
}

const say = async (rig: Rig, content: DirectContent, patch?: Partial<PlannedDirect>, moment?: Partial<Moment>) =>
  send(rig, await plan(rig, content, patch), moment);

const reply = (said: Reply): DirectContent => ({ kind: 'reply', ...said });

async function offerState({ clinic }: Rig) {
  const [row] = await world.sql`
    select o.status, o.asked_at, p.revision from offers o join openings p on p.id = o.opening_id
    where o.clinic_id = ${clinic.clinicId}`;
  return { ...row };
}

async function notificationsOf({ clinic }: Rig) {
  const rows = await world.sql`
    select n.kind, n.status, n.status_reason as reason, m.status as message
    from notifications n left join messages m on m.notification_id = n.id where n.clinic_id = ${clinic.clinicId}`;
  return rows.map((row) => ({ ...row }) as { kind: string });
}

async function tasksOf({ clinic }: Rig) {
  return (await world.sql`select kind from tasks where clinic_id = ${clinic.clinicId}`).map(
    (row) => row['kind'] as string,
  );
}

async function optOut({ clinic }: Rig) {
  await world.sql`insert into opt_outs (clinic_id, id, sender, phone, source, since)
    values (${clinic.clinicId}, gen_random_uuid(), ${clinic.sender}, ${clinic.mobile}, 'text', now())`;
}

/** Another number of the clinic's; the first one stays the first. */
async function addSender({ clinic: { clinicId, sender } }: Rig): Promise<string> {
  const address = `${sender}9`;
  await world.sql`insert into senders (clinic_id, id, channel, address) values (${clinicId}, gen_random_uuid(), 'sms', ${address})`;
  return address;
}

const done = { result: 'done' };

describe('what is planned by itself', () => {
  it('is planned once under its key, and shows with the visit that it is about', async () => {
    const rig = await world.rig();
    const { appointmentId } = await rig.addVisit();
    const taken = reply({ variant: 'taken' });
    const ids = [];
    for (let i = 0; i < 2; i++) ids.push(await plan(rig, taken, { dedupeKey: 'one', appointmentId, version: 3 }));
    expect(ids[0]).toBe(ids[1]);
    expect(
      await world.sql`select version, step_key from notification_subjects where appointment_id = ${appointmentId}`,
    ).toMatchObject([{ version: 3, step_key: `direct:${ids[0]}` }]);
    const shown = () => inClinic(world.db, rig.clinic.clinicId, (tx) => loadTimeline(tx, appointmentId));
    expect(await shown()).toMatchObject({ messages: [], unsaid: [] });
    await send(rig, ids[0]!);
    expect(await shown()).toMatchObject({ messages: [{ kind: 'reply', status: 'queued' }], unsaid: [] });
  });

  it('is sent once, however many runs there are', async () => {
    const rig = await world.rig();
    const id = await plan(rig, (await addOffer(rig)).content);
    const runs = await Promise.all([send(rig, id), send(rig, id), send(rig, id)]);
    expect(runs).toContainEqual(done);
    expect(await send(rig, id)).toMatchObject(done);
    expect(rig.sent).toHaveLength(1);
    expect(await notificationsOf(rig)).toEqual([
      { kind: 'offer', status: 'handedOver', reason: null, message: 'queued' },
    ]);
  });

  it('is left to be found out where it may have left', async () => {
    const rig = await world.rig();
    const id = await plan(rig, (await addOffer(rig)).content);
    rig.transport.answer = () => Promise.resolve({ outcome: 'unknown', errorCode: 'ECONNABORTED' });
    const uncertain = { result: 'uncertain', messageId: expect.any(String) as string };
    expect([await send(rig, id), await send(rig, id)]).toEqual([uncertain, uncertain]);
    await world.sql`update message_attempts set outcome = 'notFound' where clinic_id = ${rig.clinic.clinicId}`;
    expect(await send(rig, id, { by: 'delivery' })).toMatchObject(done);
    expect(rig.sent).toHaveLength(1);
    expect([await tasksOf(rig), (await offerState(rig))['status']]).toEqual([[], 'asked']);
  });

  it('is not taken for an earlier text of the same words', async () => {
    const rig = await world.rig();
    const help = () => plan(rig, { kind: 'reply', variant: 'help' });
    await send(rig, await help());
    const idOf = ({ messageId }: { messageId: string }) => `SM-${messageId}-1`;
    rig.transport.find = (_to, isIt) => {
      const found = rig.sent.toReversed().find((one) => isIt(one.text, idOf(one)));
      return Promise.resolve(found ? { providerMessageId: idOf(found), status: 'delivered', errorCode: '' } : null);
    };
    rig.transport.answer = () => Promise.resolve({ outcome: 'unknown', errorCode: 'ECONNABORTED' });
    const uncertain = await send(rig, await help());
    const { messageId } = uncertain as Extract<typeof uncertain, { result: 'uncertain' }>;
    rig.sent.pop();
    expect(await rig.lookUp(messageId)).toBe('lost');
  });

  it('goes once more where it is the word that a time is gone', async () => {
    const rig = await world.rig();
    const { offerId } = await addOffer(rig);
    const id = await plan(rig, { kind: 'offerGone', offerId, startsAt, ownStartsAt: null });
    rig.transport.answer = () => Promise.resolve({ outcome: 'unknown', errorCode: 'ECONNABORTED' });
    await send(rig, id);
    await world.sql`update message_attempts set outcome = 'notFound' where clinic_id = ${rig.clinic.clinicId}`;
    await send(rig, id, { by: 'delivery' });
    expect(rig.sent).toHaveLength(2);
  });
});

describe('an offer', () => {
  it('asks with a code, and is on record as asked before it leaves', async () => {
    const rig = await world.rig();
    const offer = await addOffer(rig);
    const { answer } = rig.transport;
    rig.transport.answer = async (message) => {
      expect(await offerState(rig)).toMatchObject({ status: 'asked', asked_at: new Date(noon), revision: 1 });
      return answer(message);
    };
    expect(await sayOffer(rig, offer)).toMatchObject(done);
    const [question] =
      await world.sql`select kind, offer_id, codes from questions where clinic_id = ${rig.clinic.clinicId}`;
    expect(question).toMatchObject({ kind: 'offer', offer_id: offer.offerId, codes: [{ answer: 'take' }] });
    const { code } = (question as unknown as { codes: [{ code: string }] }).codes[0];
    expect(rig.sent[0]?.text).toContain(`Mon 23 Nov at 12:00, Test Street 1. Reply ${code} to take it`);
    expect(rig.sent[0]?.validForSeconds).toBe(24 * 3600);
  });

  it('goes again where the provider was busy, with the same code', async () => {
    const rig = await world.rig();
    const id = await plan(rig, (await addOffer(rig)).content);
    const { answer } = rig.transport;
    rig.transport.answer = () => Promise.resolve({ outcome: 'busy', errorCode: '20429' });
    await expect(send(rig, id)).rejects.toMatchObject({ type: 'TRANSPORT_BUSY' });
    rig.transport.answer = answer;
    await send(rig, id);
    expect(rig.sent[0]?.text).toBe(rig.sent[1]?.text);
  });

  it('that a busy provider did not take was no asking, and its patient hears nothing when the time is gone', async () => {
    const rig = await world.rig();
    const { openingId, content } = await addOffer(rig);
    const id = await plan(rig, content);
    rig.transport.answer = () => Promise.resolve({ outcome: 'busy', errorCode: 'ECONNREFUSED' });
    await expect(send(rig, id)).rejects.toMatchObject({ type: 'TRANSPORT_BUSY' });
    expect(await offerState(rig)).toMatchObject({ status: 'planned', asked_at: null });
    const requestId = asId<RequestId>(randomUUID());
    await withdrawOpening(world.db, { clinicId: rig.clinic.clinicId, openingId, requestId, now: noon });
    expect(await send(rig, id)).toEqual({ result: 'superseded' });
    expect(await offerState(rig)).toMatchObject({ status: 'lapsed' });
    expect((await notificationsOf(rig)).map(({ kind }) => kind)).toEqual(['offer']);
  });

  it('stays asked where a try before the busy one may have left', async () => {
    const rig = await world.rig();
    rig.transport.answer = () => Promise.resolve({ outcome: 'unknown', errorCode: '500' });
    await sayOffer(rig, await addOffer(rig));
    const { clinicId } = rig.clinic;
    const { messageId } = rig.sent[0]!;
    await world.sql`insert into message_attempts (clinic_id, message_id, number, body_digest, started_at)
      select clinic_id, message_id, 2, body_digest, started_at from message_attempts where message_id = ${messageId}`;
    const outcome = { outcome: 'busy', errorCode: '20429' } as const;
    await recordOutcome(world.db, { clinicId, messageId, attempt: 2, outcome, now: noon });
    expect(await offerState(rig)).toMatchObject({ status: 'asked', asked_at: new Date(noon) });
  });

  it.each([
    ['was filled', `update openings set status = 'filled', closed_at = now(), winner_offer_id = gen_random_uuid()`],
    ['is too near', `update openings set offer_until = '2026-11-22T10:00Z'`],
    ['is nothing for them any more', `update offers set status = 'void'`],
    ['was offered by another message', `update offers set status = 'asked'`],
  ])('does not leave where the time %s, and nobody else is asked for it', async (_, change) => {
    const rig = await world.rig();
    const offer = await addOffer(rig);
    await world.sql.unsafe(`${change} where clinic_id = '${rig.clinic.clinicId}'`);
    const before = await offerState(rig);
    expect(await sayOffer(rig, offer)).toEqual({ result: 'superseded' });
    expect(rig.sent).toEqual([]);
    expect(await offerState(rig)).toEqual(before);
  });

  const obstacles: [string, string, (rig: Rig) => Promise<unknown>][] = [
    ['optedOut', 'wants no texts', optOut],
    [
      'noChannel',
      'has no mobile',
      ({ clinic }) => world.sql`update patients set mobile = null where clinic_id = ${clinic.clinicId}`,
    ],
    [
      'noChannel',
      'cannot reply to a name',
      ({ clinic }) =>
        world.sql`update senders set address = ${clinic.slug} where channel = 'sms' and clinic_id = ${clinic.clinicId}`,
    ],
    [
      'heldBack',
      'has had too many',
      async (rig) => {
        await world.sql`update clinics set policy = '{"caps": {"messagesPerRecipientAndHour": 1}}'
          where clinic_id = ${rig.clinic.clinicId}`;
        await say(rig, reply({ variant: 'help' }));
      },
    ],
  ];
  it.each(obstacles)(
    'is undeliverable (%s) to a patient who %s: the opening is to ask another',
    async (reason, _, arrange) => {
      const rig = await world.rig();
      const offer = await addOffer(rig);
      await arrange(rig);
      expect(await sayOffer(rig, offer)).toMatchObject(done);
      expect(rig.sent.map(({ text }) => text).join()).not.toContain('free');
      expect(await offerState(rig)).toMatchObject({ status: 'undeliverable', revision: 2 });
      const said = await notificationsOf(rig);
      expect(said.filter(({ kind }) => kind === 'offer')).toMatchObject([{ status: 'suppressed', reason }]);
      expect(await tasksOf(rig)).toEqual(reason === 'heldBack' ? ['heldBack'] : []);
    },
  );

  it('is not for who took their consent back', async () => {
    const rig = await world.rig();
    await sayOffer(rig, await addOffer(rig, { consent: 'withdrawn' }));
    expect(rig.sent).toEqual([]);
    expect(await notificationsOf(rig)).toMatchObject([{ status: 'suppressed', reason: 'noConsent' }]);
    expect(await offerState(rig)).toMatchObject({ status: 'undeliverable', revision: 2 });
  });

  it('that the carrier refuses is undeliverable, and no task', async () => {
    const rig = await world.rig();
    rig.transport.answer = () => Promise.resolve({ outcome: 'rejected', errorCode: '21211' });
    await sayOffer(rig, await addOffer(rig));
    expect(await offerState(rig)).toMatchObject({ status: 'undeliverable', revision: 2 });
    expect(await tasksOf(rig)).toEqual([]);
  });

  it('that does not arrive is undeliverable once, and its opening is to be told', async () => {
    const rig = await world.rig();
    const { openingId, content } = await addOffer(rig);
    await send(rig, await plan(rig, content));
    const { clinicId } = rig.clinic;
    const { messageId } = rig.sent[0]!;
    const report = (status: string, errorCode = '') =>
      recordReceipt(world.db, {
        clinicId,
        messageId,
        attempt: 1,
        providerMessageId: 'SM1',
        status,
        errorCode,
        now: noon,
      });
    expect(await report('sent')).toEqual({ settled: false, opening: null });
    expect(await report('undelivered', '30003')).toEqual({ settled: false, opening: { clinicId, openingId } });
    expect(await report('undelivered', '30003')).toEqual({ settled: false, opening: null });
    expect(await offerState(rig)).toMatchObject({ status: 'undeliverable', revision: 2 });
    expect(await tasksOf(rig)).toEqual([]);
    // A correction: the patient has the text, and is to hear how it ends.
    expect(await report('delivered')).toEqual({ settled: false, opening: null });
    expect(await offerState(rig)).toMatchObject({ status: 'asked' });
  });

  it('that was won stays won, whatever its receipt says', async () => {
    const rig = await world.rig();
    const { content } = await addOffer(rig);
    await send(rig, await plan(rig, content));
    const { clinicId } = rig.clinic;
    await world.sql`update offers set status = 'won' where clinic_id = ${clinicId}`;
    const { messageId } = rig.sent[0]!;
    const failed = { status: 'failed', errorCode: '30008', providerMessageId: 'SM1', attempt: 1 };
    expect(await recordReceipt(world.db, { clinicId, messageId, ...failed, now: noon })).toMatchObject({
      opening: null,
    });
    expect(await offerState(rig)).toMatchObject({ status: 'won', revision: 1 });
  });

  it('waits for a claim that is being made, and then does not leave', async () => {
    const rig = await world.rig();
    const offer = await addOffer(rig);
    const sending = await world.sql.begin(async (tx) => {
      await tx`update openings set status = 'withdrawn', closed_at = now() where id = ${offer.openingId}`;
      const running = sayOffer(rig, offer);
      const blocked = () =>
        world.sql`select from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like '%openings%no key update%'`;
      await expect.poll(async () => (await blocked()).length).toBe(1);
      return { running };
    });
    expect(await sending.running).toEqual({ result: 'superseded' });
    expect(rig.sent).toEqual([]);
  });

  it('of which many cannot be made at once is undeliverable without a deadlock', async () => {
    const rig = await world.rig();
    const { openingId } = await addOffer(rig);
    const { clinicId } = rig.clinic;
    await world.sql`update patients set mobile = null where clinic_id = ${clinicId}`;
    const offerIds = await Promise.all(Array.from({ length: 12 }, (_, index) => anotherOffer(rig, openingId, index)));
    const sent = offerIds.map(({ offerId, patientId }) =>
      say(rig, { kind: 'offer', offerId, startsAt, ownStartsAt: null }, { patientId }),
    );
    expect(await Promise.all(sent)).toMatchObject(Array(12).fill(done));
    expect(await world.sql`select revision from openings where id = ${openingId}`).toMatchObject([{ revision: 13 }]);
  });
});

async function anotherOffer({ clinic }: Rig, openingId: OpeningId, index: number) {
  const [offerId, patientId] = [asId<OfferId>(randomUUID()), asId<Rig['clinic']['patientId']>(randomUUID())];
  await world.sql`insert into patients (clinic_id, id, first_name, last_name, created_at, updated_at)
    values (${clinic.clinicId}, ${patientId}, 'One', ${`Of many ${index}`}, now(), now())`;
  await world.sql`insert into consents (clinic_id, patient_id, category, channel, state, source, wording, recorded_at)
    values (${clinic.clinicId}, ${patientId}, 'offers', 'sms', 'given', 'staff', 'yes', now())`;
  await world.sql`insert into offers (clinic_id, id, opening_id, patient_id, waiting_list_entry_id, wave, position, status, reasons, created_at)
    select ${clinic.clinicId}, ${offerId}, ${openingId}, ${patientId}, id, 1, ${index + 2}, 'planned', '{}', now()
    from waiting_list where clinic_id = ${clinic.clinicId}`;
  return { offerId, patientId };
}

describe('at night', () => {
  it('no offer leaves: it waits for the morning, if it is still of use then', async () => {
    const rig = await world.rig();
    const offer = await addOffer(rig);
    expect(await sayOffer(rig, offer, { now: night })).toEqual({ result: 'later', at: morning });
    expect(await offerState(rig)).toMatchObject({ status: 'planned', revision: 1 });
    expect(await say(rig, offer.content, { usefulUntil: morning - 1 }, { now: night })).toMatchObject(done);
    expect(await offerState(rig)).toMatchObject({ status: 'undeliverable', revision: 2 });
    expect([rig.sent, await tasksOf(rig)]).toEqual([[], []]);
  });

  it('an answer leaves at once, and so does the word that a time is gone', async () => {
    const rig = await world.rig();
    const { offerId } = await addOffer(rig);
    await say(rig, reply({ variant: 'taken' }), {}, { now: night });
    await say(rig, { kind: 'offerGone', offerId, startsAt, ownStartsAt: noon + 48 * HOUR }, {}, { now: night });
    expect(rig.sent.map(({ text }) => text)).toEqual([
      'Test Clinic: sorry, that time has already been taken.',
      'Test Clinic: sorry, Mon 23 Nov at 12:00 has been taken. Your own appointment on Tue 24 Nov at 12:00 stands.',
    ]);
  });

  it('what staff wrote waits, unless they say that it is not to', async () => {
    const rig = await world.rig();
    const waits = await say(rig, await freeText(rig, 'hello'), {}, { now: night });
    expect(waits).toEqual({ result: 'later', at: morning });
    await say(rig, { ...(await freeText(rig, 'now')), sendNow: true }, {}, { now: night });
    expect(rig.sent.map(({ text }) => text)).toEqual(['Test Clinic: now']);
  });
});

async function freeText({ clinic }: Rig, body: string, channel = 'sms') {
  const freeTextId = asId<FreeTextId>(randomUUID());
  await world.sql`insert into free_texts (clinic_id, id, request_id, channel, body, created_at)
    values (${clinic.clinicId}, ${freeTextId}, gen_random_uuid(), ${channel}, ${body}, now())`;
  return { kind: 'freeText', freeTextId, sendNow: false } as const;
}

describe('a reply', () => {
  it('goes to the phone that wrote, be it a patient’s or not', async () => {
    const rig = await world.rig();
    const address = '+358409998877';
    await say(rig, reply({ variant: 'help' }), { address, patientId: null });
    expect(rig.sent).toMatchObject([{ to: address, from: rig.clinic.sender }]);
    expect(await world.sql`select patient_id from messages where clinic_id = ${rig.clinic.clinicId}`).toMatchObject([
      { patient_id: null },
    ]);
  });

  it('to a phone of several speaks the language that all of them have, else the clinic’s', async () => {
    const rig = await world.rig({ languages: ['en', 'sv'] });
    const { clinicId, mobile: address, otherPatientId } = rig.clinic;
    await world.sql`update patients set mobile = ${address}, language = 'sv' where clinic_id = ${clinicId}`;
    await say(rig, reply({ variant: 'help' }), { address, patientId: null });
    await world.sql`update patients set language = 'fi' where id = ${otherPatientId}`;
    await say(rig, reply({ variant: 'help' }), { address, patientId: null });
    const told = await world.sql`select language from messages where clinic_id = ${clinicId}`;
    expect(told.map(({ language }) => language as string).toSorted()).toEqual(['en', 'sv']);
  });

  it('leaves from the number that it answers for, as long as that is one of ours to send from', async () => {
    const rig = await world.rig();
    const { clinicId, sender: first } = rig.clinic;
    const [second, theirs] = [await addSender(rig), (await world.rig()).clinic.sender];
    const from = (sender: string): DirectContent => ({ kind: 'reply', variant: 'taken', from: sender });
    for (const sender of [second, first, theirs]) await say(rig, from(sender));
    await world.sql`update senders set is_active = false where clinic_id = ${clinicId} and address = ${second}`;
    await say(rig, from(second));
    expect(rig.sent.map((message) => message.from)).toEqual([second, first, first, first]);
  });

  it('reaches who wants no texts from another of our numbers', async () => {
    const rig = await world.rig();
    const second = await addSender(rig);
    await optOut(rig);
    await say(rig, { kind: 'reply', variant: 'help', from: second });
    expect(rig.sent).toMatchObject([{ from: second }]);
  });

  it('reaches a phone that wants no more texts only to say so, and nobody is told of another', async () => {
    const rig = await world.rig();
    await optOut(rig);
    const { mobile: address, patientId } = rig.clinic;
    await say(rig, reply({ variant: 'optedOut' }), { address });
    await say(rig, reply({ variant: 'taken' }), { address });
    await say(
      rig,
      { kind: 'offerGone', offerId: (await addOffer(rig)).offerId, startsAt, ownStartsAt: null },
      { patientId },
    );
    expect(rig.sent.map(({ text }) => text)).toEqual([
      'Test Clinic: you will get no more texts from us. Questions? Call +358401999000',
    ]);
    expect(await tasksOf(rig)).toEqual(['undeliverable']);
  });

  it('is in the language of the patient who wrote, else of the clinic', async () => {
    const rig = await world.rig({ languages: ['sv', 'en'] });
    await world.sql`update patients set language = 'de' where id = ${rig.clinic.patientId}`;
    const { mobile: address } = rig.clinic;
    await say(rig, reply({ variant: 'taken' }), { address });
    await say(rig, reply({ variant: 'taken' }), { address: '+358409998877', patientId: null });
    expect(rig.sent.map(({ text }) => text)).toEqual([
      'Test Clinic: Dieser Termin ist leider schon vergeben.',
      'Test Clinic: tyvärr är den tiden redan tagen.',
    ]);
  });
});

describe('a proposal', () => {
  async function propose(rig: Rig, status = 'waiting') {
    const { clinicId, sender, mobile: phone, patientId, visitTypeId, providerId } = rig.clinic;
    const proposalId = asId<ProposalId>(randomUUID());
    await world.sql`insert into proposals (clinic_id, id, request_id, patient_id, visit_type_id, status, created_at, send_at, expires_at)
      values (${clinicId}, ${proposalId}, gen_random_uuid(), ${patientId}, ${visitTypeId}, ${status}, now(), now(), ${new Date(noon + 4 * HOUR)})`;
    const subject = { clinicId, sender, phone, kind: 'proposal', patientId, proposalId, count: 2, now: noon } as const;
    const { codes } = await inClinic(world.db, clinicId, (tx) => askQuestion(tx, subject));
    for (const [index, { code }] of codes.entries()) {
      const at = new Date(startsAt + index * HOUR);
      await world.sql`insert into proposal_times (clinic_id, proposal_id, position, code, provider_id, starts_at, ends_at)
        values (${clinicId}, ${proposalId}, ${index + 1}, ${code}, ${providerId}, ${at}, ${at})`;
    }
    return { codes, content: { kind: 'proposal', proposalId, ownStartsAt: null, sendNow: false } as const };
  }

  it('names its times with the codes that staff saw', async () => {
    const rig = await world.rig();
    const { codes, content } = await propose(rig);
    await say(rig, content, {}, { now: noon + MINUTE });
    expect(codes.map(({ answer }) => answer)).toEqual(['time1', 'time2']);
    expect(rig.sent[0]?.text).toBe(
      'Test Clinic, Test Street 1: please choose a time and reply with its code by Sun 22 Nov at 16:00.' +
        `\n${codes[0]?.code}: Mon 23 Nov at 12:00\n${codes[1]?.code}: Mon 23 Nov at 13:00`,
    );
    expect(await world.sql`select asked_at from questions where clinic_id = ${rig.clinic.clinicId}`).toMatchObject([
      { asked_at: new Date(noon + MINUTE) },
    ]);
  });

  it('that a busy provider did not take was no asking', async () => {
    const rig = await world.rig();
    const { content } = await propose(rig);
    const knownSince = async () =>
      (await world.sql`select known_since from questions where clinic_id = ${rig.clinic.clinicId}`)[0]!['known_since'];
    const { answer } = rig.transport;
    rig.transport.answer = () => Promise.resolve({ outcome: 'busy', errorCode: '20429' });
    const id = await plan(rig, content);
    await expect(send(rig, id)).rejects.toMatchObject({ type: 'TRANSPORT_BUSY' });
    expect(await knownSince()).toBeNull();
    rig.transport.answer = answer;
    await send(rig, id, { now: noon + MINUTE });
    expect(await knownSince()).toEqual(new Date(noon + MINUTE));
  });

  it('does not leave once it is answered', async () => {
    const rig = await world.rig();
    await say(rig, (await propose(rig, 'answered')).content);
    expect(rig.sent).toEqual([]);
  });
});

describe('what staff wrote', () => {
  it('goes by e-mail where they say so, to whom they say', async () => {
    const rig = await world.rig();
    const content = await freeText(rig, 'Bring the papers.', 'email');
    await say(rig, content, { patientId: null, address: 'somebody@example.org' });
    expect(rig.mail.sent).toMatchObject([
      { to: 'somebody@example.org', subject: 'Message from Test Clinic', calendar: null },
    ]);
    expect(rig.mail.sent[0]?.text).toMatch(/^Bring the papers\.\n/);
    expect(rig.sent).toEqual([]);
  });

  it('leaves from the number that the phone wrote to last, of those that the clinic sends from', async () => {
    const rig = await world.rig();
    const { clinicId, sender: first, mobile, otherMobile, patientId } = rig.clinic;
    const second = await addSender(rig);
    const wrote = (recipient: string, at: number) =>
      world.sql`insert into inbound_messages (clinic_id, id, transport, provider_message_id, sender, recipient, body, received_at)
        values (${clinicId}, gen_random_uuid(), 'twilio', gen_random_uuid(), ${mobile}, ${recipient}, 'Hello?', ${new Date(at)})`;
    const answer = async (to: Parameters<typeof say>[2]) => say(rig, await freeText(rig, 'Bring the papers.'), to);
    await wrote(first, noon - HOUR);
    await wrote(second, noon - MINUTE);
    await answer({ patientId, address: null });
    await answer({ patientId: null, address: mobile });
    await answer({ patientId: null, address: otherMobile });
    await world.sql`update senders set is_active = false where clinic_id = ${clinicId} and address = ${second}`;
    await answer({ patientId, address: null });
    expect(rig.sent.map((message) => message.from)).toEqual([second, second, first, first]);
  });

  it('is for staff again where it cannot be sent', async () => {
    const rig = await world.rig();
    await say(rig, await freeText(rig, 'Bring the papers.', 'email'));
    expect(await notificationsOf(rig)).toMatchObject([{ status: 'suppressed', reason: 'noChannel' }]);
    expect(await tasksOf(rig)).toEqual(['undeliverable']);
  });
});
