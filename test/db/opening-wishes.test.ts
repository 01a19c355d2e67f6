import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { inClinic } from '../../db/client.ts';
import { resolveText } from '../../db/commands/inbound/resolve.ts';
import { askQuestion } from '../../db/commands/questions/ask.ts';
import { storeText } from '../../db/inbox/texts.ts';
import type { OpeningId, PatientId } from '../../domain/ids.ts';
import { HOUR, MINUTE } from '../../domain/interval.ts';
import { NOW, type OfferRow, THURSDAY, openingDesk } from './opening-desk.ts';

const DAY = 24 * HOUR;
const desk = await openingDesk({ openings: { waveSize: 1, offersPerWeek: 50 } });
const { clinic, sql, db } = desk;
const { clinicId, sender } = clinic;

// Nobody waits whom a test has not added.
beforeEach(() => sql`update waiting_list set ended_at = now(), ended_as = 'removed' where ended_at is null`);

interface Chance {
  openingId: OpeningId;
  startsAt: number;
  offer: OfferRow;
}

let days = 0;
/** Two times of one day, the later one first, offered to one patient for the same wish. */
async function twoChances({ isMove = false } = {}): Promise<[Chance, Chance]> {
  const day = THURSDAY + days++ * DAY;
  const times = [day + 3 * HOUR, day];
  const openingIds = [await desk.freed(times[0]), await desk.freed(times[1])];
  const patientId = await desk.waiting();
  if (isMove) {
    const insteadOf = await desk.booked(day + 60 * DAY, { patientId });
    await sql`update waiting_list set instead_of = ${insteadOf} where patient_id = ${patientId}`;
  }
  const [first, second] = await Promise.all(
    openingIds.map(async (openingId, index) => {
      await desk.wave(openingId);
      await desk.markAsked(openingId);
      const [offer] = await desk.offersOf(openingId);
      expect(offer).toMatchObject({ patientId, status: 'asked' });
      return { openingId, startsAt: times[index]!, offer: offer! };
    }),
  );
  return [first!, second!];
}

const take = ({ openingId, startsAt, offer }: Chance, changes = {}) =>
  desk.take(openingId, offer, { startsAt, ...changes });
const statuses = async ({ openingId }: Chance) => (await desk.offersOf(openingId)).map(({ status }) => status);

async function visitsOf(patientId: PatientId): Promise<number> {
  return (await sql`select from appointments where patient_id = ${patientId} and status = 'booked'`).length;
}

describe('who has got a time that they waited for', () => {
  it.each([
    ['as a new visit', false],
    ['by a move', true],
  ])('%s cannot take another one for the same wish, and that goes on to the next', async (_how, isMove) => {
    const [first, second] = await twoChances({ isMove });
    const won = await take(first);
    expect(won.openingIds?.slice(0, 2)).toEqual([first.openingId, second.openingId]);
    expect(await statuses(second)).toEqual(['void']);
    await expect(take(second, isMove ? { revision: 2 } : {})).rejects.toMatchObject({ code: 'OPENING_CLOSED' });
    expect(await visitsOf(second.offer.patientId)).toBe(1);
    const next = await desk.waiting();
    await desk.wave(second.openingId, NOW + MINUTE);
    expect(await desk.offersOf(second.openingId)).toMatchObject([{ status: 'void' }, { patientId: next, wave: 1 }]);
    expect(await desk.opening(second.openingId)).toMatchObject({ status: 'offering' });
  });

  it('has one of two that they take in the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const chances = await twoChances();
      const results = await Promise.allSettled(chances.map((chance) => take(chance)));
      const codes = results.map((result) => (result.status === 'rejected' ? result.reason.code : 'done')) as string[];
      expect(codes.toSorted()).toEqual(['OPENING_CLOSED', 'done']);
      expect(await visitsOf(chances[0].offer.patientId)).toBe(1);
    }
  });

  it('is refused also what they were offered in that very moment, or what arrived after all', async () => {
    const [first, second] = await twoChances();
    await take(first);
    await sql`update offers set status = 'asked' where id = ${second.offer.id}`;
    await expect(take(second)).rejects.toMatchObject({ code: 'OPENING_CLOSED' });
  });

  it('may take a time for another wish', async () => {
    const [first, second] = await twoChances();
    const { patientId } = second.offer;
    const other = { id: randomUUID(), createdAt: new Date(NOW) };
    await sql`insert into waiting_list (clinic_id, id, patient_id, visit_type_id, created_at)
      values (${clinicId}, ${other.id}, ${patientId}, ${clinic.visitTypeId}, ${other.createdAt})`;
    await sql`update offers set waiting_list_entry_id = ${other.id} where id = ${second.offer.id}`;
    await take(first);
    expect((await take(second)).appointment).toMatchObject({ status: 'booked', startsAt: second.startsAt });
  });

  it('is told that it is too late where they want another, and staff need not look', async () => {
    const [first, second] = await twoChances();
    const { id: offerId, patientId } = second.offer;
    const [patient] = await sql<{ mobile: string }[]>`select mobile from patients where id = ${patientId}`;
    const phone = patient!.mobile;
    const question = { clinicId, sender, phone, kind: 'offer', patientId, offerId, now: NOW } as const;
    const { codes } = await inClinic(db, clinicId, (tx) => askQuestion(tx, question));
    await take(first);
    const words = { sender: phone, recipient: sender, body: codes[0]!.code, carrierSays: null, now: NOW + MINUTE };
    const text = { clinicId, transport: 'twilio', providerMessageId: `SM${randomUUID()}`, ...words };
    const { id: inboundMessageId } = await storeText(db, text);
    expect(await resolveText(db, { clinicId, inboundMessageId, now: NOW + MINUTE })).toMatchObject({ actions: [] });
    const replies = await sql`
      select content->>'variant' as variant from notifications where kind = 'reply' and address = ${phone}`;
    expect(replies).toEqual([{ variant: 'tooLate' }]);
    expect(await sql`select from tasks where patient_id = ${patientId}`).toHaveLength(0);
  });
});
