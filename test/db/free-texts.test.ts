import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createActivities } from '../../activities/index.ts';
import { inClinic } from '../../db/client.ts';
import { recordOptOut } from '../../db/commands/opt-outs/record.ts';
import { type FreeTextId, asId } from '../../domain/ids.ts';
import { ELAPSED_DAY, HOUR } from '../../domain/interval.ts';
import { testApi } from '../support/api.ts';
import { type TestClinic, addClinic } from '../support/clinic.ts';
import { testDatabase } from '../support/database.ts';
import { noon } from './messaging.ts';

const { adminUrl, appUrl } = await testDatabase();
const api = testApi(appUrl);
const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
afterAll(() => sql.end());
api.clock.at = noon;

let clinic: TestClinic;
beforeEach(async () => {
  clinic = await addClinic(adminUrl);
  api.temporal.isAway = false;
});

function write(text: Record<string, unknown>, key: string = randomUUID(), apiKey = clinic.staffKey) {
  const body = { channel: 'sms', body: 'Hello', ...text };
  return api.call(apiKey, 'POST', '/v1/messages', body, { 'idempotency-key': key });
}

const stored = () =>
  sql`select patient_id, channel, address, body from free_texts where clinic_id = ${clinic.clinicId}`;

const isMailed = { channel: 'email' };

describe('what staff write', () => {
  it('is stored and sent once for each key', async () => {
    const key = randomUUID();
    const text = { patientId: clinic.patientId, body: '  Hello\nyou ' };
    const answers = await Promise.all([write(text, key), write(text, key)]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await stored()).toEqual([
      { patient_id: clinic.patientId, channel: 'sms', address: null, body: 'Hello\nyou' },
    ]);
    expect(await write({ ...text, body: 'Bye' }, key)).toMatchObject({ body: { code: 'IDEMPOTENCY_KEY_REUSED' } });
  });

  it('is not accepted while nobody can send it, and is by the same request later', async () => {
    const key = randomUUID();
    const text = { patientId: clinic.patientId };
    api.temporal.isAway = true;
    expect(await write(text, key)).toMatchObject({ status: 503, body: { code: 'TEMPORARILY_UNAVAILABLE' } });
    api.temporal.isAway = false;
    const { status, body } = await write(text, key);
    expect(status).toBe(202);
    expect(api.temporal.texts.at(-1)).toEqual({ clinicId: clinic.clinicId, freeTextId: body.id, sendNow: false });
    expect(await stored()).toHaveLength(1);
  });

  it.each([
    ['a number of this country', { to: '050 987 6543' }, '+358509876543'],
    ['a number of another', { to: '+49 1511 0000001' }, '+4915110000001'],
    ['an address', { to: ' Some.Body@Mail.example ', ...isMailed }, 'Some.Body@Mail.example'],
  ])('goes to %s', async (_, text, address) => {
    expect((await write(text)).status).toBe(202);
    expect(await stored()).toMatchObject([{ patient_id: null, address }]);
  });

  it.each([
    ['to nobody', {}, '/to'],
    ['to two at once', { to: '0509876543', patientId: randomUUID() }, '/to'],
    ['to an unknown patient', { patientId: randomUUID() }, '/patientId'],
    ['by mail to a patient without an address', { patient: 'own', ...isMailed }, '/patientId'],
    ['to what is no number', { to: '12' }, '/to'],
    ['to a landline', { to: '+358 9 1234567' }, '/to'],
    ['to what is no address', { to: 'somebody', ...isMailed }, '/to'],
    ['without words', { patient: 'own', body: ' \n' }, '/body'],
    ['of too many words', { patient: 'own', body: 'x'.repeat(1001) }, '/body'],
    ['on another channel', { patient: 'own', channel: 'fax' }, '/channel'],
  ])('%s is refused, and nothing is kept', async (_, { patient, ...text }: Record<string, unknown>, pointer) => {
    const key = randomUUID();
    const sent = api.temporal.texts.length;
    const answer = await write(patient ? { ...text, patientId: clinic.patientId } : text, key);
    expect(answer).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED', errors: [{ pointer }] } });
    expect([await stored(), api.temporal.texts.length]).toEqual([[], sent]);
    expect((await write({ to: '0509876543' }, key)).status).toBe(202);
  });

  it('goes to nobody who wants no texts, be it as a patient or as a number', async () => {
    const optOut = { sender: clinic.sender, phone: clinic.mobile, source: 'text', now: noon } as const;
    await inClinic(api.db, clinic.clinicId, (tx) => recordOptOut(tx, clinic.clinicId, optOut));
    expect((await write({ patientId: clinic.patientId })).body.errors).toMatchObject([{ pointer: '/patientId' }]);
    expect((await write({ to: clinic.mobile })).body.errors).toMatchObject([{ pointer: '/to' }]);
    expect((await write({ to: clinic.otherMobile })).status).toBe(202);
  });

  it('goes to who wrote to another of our numbers than the one that they want no texts from', async () => {
    const { clinicId, sender, mobile, patientId } = clinic;
    const optOut = { sender, phone: mobile, source: 'text', now: noon } as const;
    await inClinic(api.db, clinicId, (tx) => recordOptOut(tx, clinicId, optOut));
    const second = `${sender}9`;
    await sql`insert into senders (clinic_id, id, channel, address) values (${clinicId}, gen_random_uuid(), 'sms', ${second})`;
    expect((await write({ patientId })).status).toBe(422);
    await sql`insert into inbound_messages (clinic_id, id, transport, provider_message_id, sender, recipient, body, received_at)
      values (${clinicId}, gen_random_uuid(), 'twilio', gen_random_uuid(), ${mobile}, ${second}, 'Hello?', now())`;
    expect((await write({ patientId })).status).toBe(202);
  });

  it('needs a number or an address to be sent from', async () => {
    await sql`update senders set is_active = false where clinic_id = ${clinic.clinicId}`;
    expect((await write({ to: '0509876543' })).body.errors).toMatchObject([{ pointer: '/to' }]);
  });

  it("is for the clinic's own staff and patients", async () => {
    expect((await write({ to: '0509876543' }, randomUUID(), clinic.webKey)).body.code).toBe('FORBIDDEN');
    const { patientId } = await addClinic(adminUrl);
    expect((await write({ patientId })).body.errors).toMatchObject([{ pointer: '/patientId' }]);
  });

  it('is planned once, however often, and helps nobody a day later', async () => {
    const { body } = await write({ to: '0509876543' });
    const freeTextId = asId<FreeTextId>(body.id);
    const { planFreeText } = createActivities({ db: api.db, transports: {}, publicUrl: '' });
    const text = { clinicId: clinic.clinicId, freeTextId, sendNow: true, now: noon };
    const planned = await planFreeText(text);
    expect(await planFreeText({ ...text, now: noon + HOUR })).toBe(planned);
    const [row] = await sql`select kind, address, useful_until from notifications where id = ${planned}`;
    expect(row).toEqual({ kind: 'freeText', address: '+358509876543', useful_until: new Date(noon + ELAPSED_DAY) });
  });
});
