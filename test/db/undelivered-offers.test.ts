import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { inClinic } from '../../db/client.ts';
import { resolveText } from '../../db/commands/inbound/resolve.ts';
import { markUnasked, markUndeliverable } from '../../db/commands/offers/record-delivery.ts';
import { withdrawOpening } from '../../db/commands/openings/end.ts';
import { askQuestion } from '../../db/commands/questions/ask.ts';
import { storeText } from '../../db/inbox/texts.ts';
import { type AppointmentId, type OpeningId, type RequestId, asId } from '../../domain/ids.ts';
import { HOUR, MINUTE } from '../../domain/interval.ts';
import type { QuestionKind } from '../../domain/question.ts';
import { asIfSaid } from './messaging.ts';
import { NOW, type OfferRow, THURSDAY, openingDesk } from './opening-desk.ts';

const desk = await openingDesk({ openings: { waveSize: 2 } });
const { db, sql, clinic } = desk;
const { clinicId, sender } = clinic;

interface Lost {
  openingId: OpeningId;
  startsAt: number;
  lost: OfferRow;
  others: readonly OfferRow[];
  phone: string;
  code: string;
}

let times = 0;
const freshTime = () => THURSDAY + (times++ % 9) * HOUR + Math.floor(times / 9) * 24 * HOUR;

/** The first offer of an opening's first wave, for which so many wait, with its code. */
async function firstOffer(waiting: number) {
  const startsAt = freshTime();
  const openingId = await desk.freed(startsAt);
  await desk.crowdWaiting(waiting);
  await desk.wave(openingId);
  await desk.markAsked(openingId);
  const [first] = await desk.offersOf(openingId);
  const phone = await phoneOf(first!);
  const code = await ask({ phone, kind: 'offer', patientId: first!.patientId, offerId: first!.id });
  return { openingId, startsAt, first: first!, phone, code };
}

/** An opening that has asked two; of the first the carrier says that the text was lost, so a third has been asked. */
async function lostOffer(): Promise<Lost> {
  await sql`update waiting_list set ended_at = now(), ended_as = 'removed' where ended_at is null`;
  const { openingId, startsAt, first, phone, code } = await firstOffer(3);
  expect(await lose(first)).toBe(openingId);
  await desk.wave(openingId, NOW + MINUTE);
  await desk.markAsked(openingId);
  const [lost, ...others] = await desk.offersOf(openingId);
  expect([lost, ...others].map((offer) => offer!.status)).toEqual(['undeliverable', 'asked', 'asked']);
  return { openingId, startsAt, lost: lost!, others, phone, code };
}

async function phoneOf({ patientId }: OfferRow): Promise<string> {
  const [patient] = await sql<{ mobile: string }[]>`select mobile from patients where id = ${patientId}`;
  return patient!.mobile;
}

type Subject = Pick<Parameters<typeof askQuestion>[1], 'phone' | 'patientId' | 'offerId' | 'appointmentId' | 'version'>;

async function ask(subject: Subject & { kind: QuestionKind }): Promise<string> {
  const { codes } = await inClinic(db, clinicId, (tx) => askQuestion(tx, { clinicId, sender, now: NOW, ...subject }));
  await asIfSaid(sql, clinic);
  return codes[0]!.code;
}

const lose = (offer: OfferRow) => inClinic(db, clinicId, (tx) => markUndeliverable(tx, offer.id));

async function say({ phone }: Pick<Lost, 'phone'>, body: string, receivedAt = NOW + 2 * MINUTE) {
  const words = { sender: phone, recipient: sender, body, carrierSays: null, now: receivedAt };
  const text = { clinicId, transport: 'twilio', providerMessageId: `SM${randomUUID()}`, ...words };
  const { id: inboundMessageId } = await storeText(db, text);
  return resolveText(db, { clinicId, inboundMessageId, now: NOW + 2 * MINUTE });
}

async function statuses({ openingId }: Lost): Promise<string[]> {
  return (await desk.offersOf(openingId)).map(({ status }) => status);
}

async function repliesTo({ phone }: Lost): Promise<string[]> {
  const rows = await sql<{ variant: string }[]>`
    select content->>'variant' as variant from notifications where kind = 'reply' and address = ${phone} order by created_at`;
  return rows.map(({ variant }) => variant);
}

/** The patients who are told that the time is gone. */
async function toldGone({ openingId }: Lost): Promise<string[]> {
  const rows = await sql<{ patientId: string }[]>`
    select f.patient_id as "patientId" from offers f join notifications n on n.dedupe_key = 'offerGone:' || f.id
    where f.opening_id = ${openingId} order by f.position`;
  return rows.map(({ patientId }) => patientId);
}

async function tasksOf({ lost }: Lost): Promise<string[]> {
  const rows = await sql<{ kind: string }[]>`select kind from tasks where patient_id = ${lost.patientId}`;
  return rows.map(({ kind }) => kind);
}

const withdraw = ({ openingId }: Lost) =>
  withdrawOpening(db, { clinicId, openingId, requestId: asId<RequestId>(randomUUID()), now: NOW + 2 * MINUTE });

describe('an offer of which the carrier says that it was lost', () => {
  it('is taken by its code, which proves the contrary; whoever was asked instead hears that it is gone', async () => {
    const opening = await lostOffer();
    const { openingId, startsAt, lost, others } = opening;
    expect((await say(opening, opening.code)).actions).toMatchObject([{ answer: 'take', offer: { openingId } }]);
    expect(await statuses(opening)).toEqual(['asked', 'asked', 'asked']);
    await desk.take(openingId, lost, { startsAt });
    await desk.wave(openingId, NOW + 3 * MINUTE);
    expect(await statuses(opening)).toEqual(['won', 'gone', 'gone']);
    expect(await toldGone(opening)).toEqual(others.map(({ patientId }) => patientId));
  });

  it('stands again as one too many: nobody more is asked before the next wave', async () => {
    const opening = await lostOffer();
    await desk.crowdWaiting(2);
    await say(opening, opening.code);
    expect((await desk.wave(opening.openingId, NOW + 3 * MINUTE)).toSend).toEqual([]);
    expect(await statuses(opening)).toHaveLength(3);
  });

  it('is not lost any more once it is answered, whatever the carrier says then', async () => {
    const opening = await lostOffer();
    await say(opening, opening.code);
    expect(await lose(opening.lost)).toBeNull();
    expect((await statuses(opening))[0]).toBe('asked');
  });

  it('is asked back where its code comes with other words', async () => {
    const opening = await lostOffer();
    expect((await say(opening, `${opening.code} but can I come later?`)).actions).toEqual([]);
    expect(await repliesTo(opening)).toEqual(['unclear']);
  });

  it('is not taken by a bare yes, which may be meant for anything, and which answers what else was asked', async () => {
    const opening = await lostOffer();
    const { patientId } = opening.lost;
    expect((await say(opening, 'yes')).actions).toEqual([]);
    const appointmentId = asId<AppointmentId>(await desk.booked(THURSDAY + 100 * HOUR, { patientId }));
    await sql`update appointments set status = 'pending', confirm_by = ${new Date(NOW + HOUR)} where id = ${appointmentId}`;
    await ask({ phone: opening.phone, kind: 'confirm', patientId, appointmentId, version: 1 });
    expect((await say(opening, 'yes')).actions).toMatchObject([{ answer: 'confirm', appointmentId }]);
    expect((await statuses(opening))[0]).toBe('undeliverable');
  });

  it('comes too late where another was first, and is told so; without its code nobody hears of it', async () => {
    const [answering, silent] = [await lostOffer(), await lostOffer()];
    for (const { openingId, startsAt, others } of [answering, silent]) {
      await desk.take(openingId, others[1]!, { startsAt });
      await desk.wave(openingId, NOW + 2 * MINUTE);
    }
    await say(silent, 'yes');
    expect((await say(answering, answering.code)).actions).toEqual([]);
    expect([await repliesTo(answering), await repliesTo(silent)]).toEqual([['taken'], []]);
    expect(await statuses(answering)).toEqual(['undeliverable', 'gone', 'won']);
    expect(await toldGone(silent)).toEqual([silent.others[0]!.patientId]);
  });

  it('that is answered when nobody has taken the time is for staff, who may still give it', async () => {
    const opening = await lostOffer();
    await desk.wave(opening.openingId, opening.startsAt - HOUR);
    expect((await say(opening, opening.code)).actions).toEqual([]);
    expect([await repliesTo(opening), await tasksOf(opening)]).toEqual([['tooLate'], ['lateAnswer']]);
  });

  it('is either taken up or told to be gone where the offering ends in the same moment', async () => {
    for (let round = 0; round < 8; round++) {
      const opening = await lostOffer();
      const [{ actions }] = await Promise.all([say(opening, opening.code), withdraw(opening)]);
      const wasTakenUp = actions.length === 1;
      expect([(await statuses(opening))[0], await repliesTo(opening)]).toEqual(
        wasTakenUp ? ['gone', []] : ['undeliverable', ['taken']],
      );
      expect((await toldGone(opening)).includes(opening.lost.patientId)).toBe(wasTakenUp);
    }
  });
});

describe('an offer that is made while a text is on its way', () => {
  it('is not what a yes was meant for', async () => {
    const [offer] = (await lostOffer()).others;
    const { id: offerId, patientId } = offer!;
    const phone = await phoneOf(offer!);
    await ask({ phone, kind: 'offer', patientId, offerId });
    expect((await say({ phone }, 'ok', NOW - 1)).actions).toEqual([]);
    expect((await say({ phone }, 'ok', NOW)).actions).toMatchObject([{ answer: 'take', offer: { offerId } }]);
  });
});

describe('an offer that somebody else has taken', () => {
  /** Of two who were asked the second has it; the first is about to be told. */
  async function goneOffer() {
    const opening = await lostOffer();
    const [gone, winner] = opening.others;
    const { id: offerId, patientId } = gone!;
    const phone = await phoneOf(gone!);
    const code = await ask({ phone, kind: 'offer', patientId, offerId });
    await desk.take(opening.openingId, winner!, { startsAt: opening.startsAt });
    await desk.wave(opening.openingId, NOW + 2 * MINUTE);
    return { ...opening, phone, code, key: `offerGone:${offerId}` };
  }

  /** The word of it, as it was handed over then. */
  async function tell({ key, phone }: { key: string; phone: string }, at: number) {
    await sql`update notifications set status = 'handedOver' where dedupe_key = ${key}`;
    await sql`insert into messages (clinic_id, id, notification_id, patient_id, channel, transport, sender, recipient, language,
        body, segments, status, created_at, status_at)
      select clinic_id, gen_random_uuid(), id, patient_id, 'sms', 'recording', ${sender}, ${phone}, 'en', '', 1, 'queued',
        ${new Date(at)}, ${new Date(at)} from notifications where dedupe_key = ${key}`;
  }

  it('is answered by the word that it is gone, where that is on its way or has left since', async () => {
    const offer = await goneOffer();
    await say(offer, offer.code);
    await tell(offer, NOW + 3 * MINUTE);
    await say(offer, offer.code);
    expect(await repliesTo(offer)).toEqual([]);
  });

  it('is answered by one short reply after that word', async () => {
    const offer = await goneOffer();
    await tell(offer, NOW + MINUTE);
    expect((await say(offer, offer.code)).toSend).toHaveLength(1);
    expect(await repliesTo(offer)).toEqual(['taken']);
  });

  it('is answered so after that word in words as well, and not where it is a no', async () => {
    const offer = await goneOffer();
    await tell(offer, NOW + MINUTE);
    expect((await say(offer, 'Ei kiitos')).toSend).toEqual([]);
    expect((await say(offer, 'Joo')).toSend).toHaveLength(1);
    expect(await repliesTo(offer)).toEqual(['taken']);
    expect(await tasksOf(offer)).toEqual([]);
  });

  it.each(['suppressed', 'missed'])('is answered each time where that word was %s', async (status) => {
    const offer = await goneOffer();
    await sql`update notifications set status = ${status}, status_reason = 'heldBack' where dedupe_key = ${offer.key}`;
    await say(offer, offer.code);
    await say(offer, 'yes');
    expect(await repliesTo(offer)).toEqual(['taken', 'taken']);
  });
});

it('an offer that a busy carrier turned away is taken by its code alone: a yes was meant for something else', async () => {
  const { openingId, first, phone, code } = await firstOffer(1);
  await inClinic(db, clinicId, (tx) => markUnasked(tx, first.id));
  expect((await say({ phone }, 'Joo kiitos')).actions).toEqual([]);
  // It leaves at last, and then comes a yes that was written before.
  await desk.markAsked(openingId);
  expect((await say({ phone }, 'Joo kiitos')).actions).toEqual([]);
  expect((await say({ phone }, code)).actions).toMatchObject([{ answer: 'take', offer: { openingId } }]);
});
