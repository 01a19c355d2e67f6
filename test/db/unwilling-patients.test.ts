import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { handOver } from '../../activities/messaging/hand-over.ts';
import { withdrawOpening } from '../../db/commands/openings/end.ts';
import { storeText } from '../../db/inbox/texts.ts';
import { type NotificationId, type OpeningId, type PatientId, type RequestId, asId } from '../../domain/ids.ts';
import { HOUR, MINUTE } from '../../domain/interval.ts';
import { publicUrl, recordingTransport } from './messaging.ts';
import { NOW, THURSDAY, openingDesk } from './opening-desk.ts';

const desk = await openingDesk({ openings: { waveSize: 1, offersPerWeek: 50 } });
const { api, clinic, sql, db } = desk;
const { clinicId, sender } = clinic;
const otherSender = `${sender}9`;
await sql`insert into senders (clinic_id, id, channel, address) values (${clinicId}, gen_random_uuid(), 'sms', ${otherSender})`;

const { transport } = recordingTransport<'sms'>();
const { transport: mail } = recordingTransport<'email'>();
const accepts = transport.answer;
const deps = { db, transports: { sms: transport, email: mail }, publicUrl };

beforeEach(async () => {
  transport.answer = accepts;
  // Nobody waits whom a test has not added.
  await sql`update waiting_list set ended_at = now(), ended_as = 'removed' where ended_at is null`;
});

const send = (notificationId: NotificationId) =>
  handOver(deps, { clinicId, notificationId }, { now: NOW, by: 'planner' });

let used = 0;
/** A time of its own, in the hours. */
const freshTime = () => THURSDAY + (used % 8) * HOUR + Math.floor(used++ / 8) * 24 * HOUR;

/** Two openings of which one patient is asked about both; the text about the second has not left yet. */
async function twoOffers() {
  const openingIds: OpeningId[] = [];
  for (let made = 0; made < 2; made++) openingIds.push(await desk.freed(freshTime()));
  const [first, second] = openingIds as [OpeningId, OpeningId];
  const patientId = await desk.waiting();
  await send((await desk.wave(first)).toSend[0]!);
  const [unsent] = (await desk.wave(second)).toSend;
  const [patient] = await sql<{ mobile: string }[]>`select mobile from patients where id = ${patientId}`;
  return { first, second, unsent: unsent!, patientId, phone: patient!.mobile };
}

async function statuses(openingId: OpeningId): Promise<string[]> {
  return (await desk.offersOf(openingId)).map(({ status }) => status);
}

/** Each has heard that it is to ask somebody else, and does. */
async function expectVoid(openingIds: readonly OpeningId[]): Promise<void> {
  for (const openingId of openingIds) {
    expect(await statuses(openingId)).toEqual(['void']);
    expect(await desk.opening(openingId)).toMatchObject({ revision: 2, seen: 1 });
    const next = await desk.waiting();
    await desk.wave(openingId, NOW + MINUTE);
    expect(await desk.offersOf(openingId)).toMatchObject([{ status: 'void' }, { status: 'planned', patientId: next }]);
  }
}

function say(patientId: PatientId, changes: Record<string, string> = {}) {
  const said = { category: 'offers', channel: 'sms', state: 'withdrawn', source: 'staff', wording: 'no more' };
  return api.call(clinic.staffKey, 'POST', `/v1/patients/${patientId}/consents`, { ...said, ...changes });
}

function stop(phone: string, recipient: string) {
  const words = { sender: phone, recipient, body: 'STOP', carrierSays: null, now: NOW };
  return storeText(db, { clinicId, transport: 'twilio', providerMessageId: `SM${randomUUID()}`, ...words });
}

describe('who takes back the consent to offers by text', () => {
  it('has no chance any more: others are asked, and they hear nothing of how it ends', async () => {
    const { first, second, patientId } = await twoOffers();
    expect((await say(patientId)).status).toBe(201);
    await expectVoid([first, second]);
    await withdrawOpening(db, { clinicId, openingId: first, requestId: asId<RequestId>(randomUUID()), now: NOW });
    expect(await sql`select from notifications where patient_id = ${patientId} and kind = 'offerGone'`).toHaveLength(0);
  });

  it.each([
    ['another kind of message', { category: 'recalls' }],
    ['another channel', { channel: 'email' }],
    ['nothing, but agrees again', { state: 'given' }],
  ])('keeps it where they take back %s', async (_what, changes) => {
    const { first, second, patientId } = await twoOffers();
    expect((await say(patientId, changes)).status).toBe(201);
    expect([await statuses(first), await statuses(second)]).toEqual([['asked'], ['planned']]);
  });
});

describe('who wants no more texts from a number of ours', () => {
  it('has no chance any more at what they were offered from there', async () => {
    const { first, second, phone } = await twoOffers();
    await stop(phone, sender);
    await expectVoid([first, second]);
  });

  it('keeps the chances that they have from another number', async () => {
    const { first, second, phone } = await twoOffers();
    await stop(phone, otherSender);
    expect([await statuses(first), await statuses(second)]).toEqual([['asked'], ['planned']]);
  });

  it('has none either where the carrier says so, whichever text it refuses', async () => {
    const { first, second, unsent } = await twoOffers();
    transport.answer = () => Promise.resolve({ outcome: 'rejected', errorCode: '21610' });
    expect(await send(unsent)).toEqual({ result: 'done', isUnsaid: true });
    await expectVoid([first, second]);
  });
});
