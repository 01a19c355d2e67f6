import { createHmac, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { answerError } from '../../api/faults.ts';
import { routes } from '../../api/openapi.ts';
import { twilioWebhooks } from '../../api/webhooks/twilio.ts';
import { backgroundTeller } from '../../api/webhooks/workflows.ts';
import { openDatabase } from '../../db/client.ts';
import { messagingDatabase, noon, step } from './messaging.ts';

const world = await messagingDatabase();
const publicUrl = 'https://public.vuoro.test/behind';
const token = 'the-token';
const log = { info: () => {}, warn: () => {}, error: () => {} };

function api({ db = world.db, fails = false, authTokens = [token] } = {}) {
  const calls: string[][] = [];
  const call = (name: string) => async (_: string, id: string) => {
    calls.push([name, id]);
    if (fails) throw new Error('Temporal is away');
  };
  const workflows = {
    receiptArrived: call('receiptArrived'),
    openingChanged: call('openingChanged'),
    startInbound: call('startInbound'),
  };
  const app = routes();
  app.onError(answerError({ log }));
  const teller = backgroundTeller(log);
  app.route('/webhooks/twilio', twilioWebhooks({ db, workflows, teller, log, now: () => noon, publicUrl, authTokens }));
  return {
    calls,
    post: async (path: string, form: Form, options: Signing = {}) => {
      const answer = await app.request(path, signed(path, form, options));
      await teller.stop();
      return answer;
    },
  };
}

type Form = [string, string][];
interface Signing {
  with?: string;
  over?: string;
  sent?: Form;
}

/** As Twilio describes it: address, then each field's name and value in order of names, all of it keyed with the token. */
function signed(
  path: string,
  form: Form,
  { with: key = token, over = publicUrl + path, sent = form }: Signing,
): RequestInit {
  const fields = form.map(([name, value]) => name + value).toSorted();
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': createHmac('sha1', key)
        .update([over, ...fields].join(''))
        .digest('base64'),
    },
    body: new URLSearchParams(sent).toString(),
  };
}

async function sentMessage() {
  const rig = await world.rig();
  await rig.run(await rig.addVisit(), step('booked'));
  const { messageId } = rig.sent[0]!;
  const statusOf = async () =>
    (await world.sql`select status from messages where id = ${messageId}`)[0]?.['status'] as string;
  return { rig, messageId, statusOf, path: `/webhooks/twilio/status?m=${messageId}&a=1` };
}

const receipt = (status: string): Form => [
  ['MessageSid', 'SM1'],
  ['MessageStatus', status],
  ['RawDlrDoneDate', ''],
];
const inbound = (from: string, to: string, body: string): Form => [
  ...([
    ['MessageSid', `SM${randomUUID()}`],
    ['From', from],
    ['To', to],
    ['Body', body],
    ['FromCity', ''],
  ] as Form),
];

describe('the signature', () => {
  it('covers the public address, the query and every field, repeated and empty ones too', async () => {
    const { path, statusOf } = await sentMessage();
    const form: Form = [...receipt('delivered'), ['Tag', 'b'], ['Tag', 'a'], ['Empty', '']];
    expect((await api().post(path, form)).status).toBe(204);
    expect(await statusOf()).toBe('delivered');
  });

  it('may be made with either token while one is being changed', async () => {
    const { path } = await sentMessage();
    const both = api({ authTokens: ['new-token', token] });
    expect((await both.post(path, receipt('sent'), { with: 'new-token' })).status).toBe(204);
    expect((await both.post(path, receipt('sent'), { with: token })).status).toBe(204);
  });

  it.each<[string, Signing]>([
    ['of another account', { with: 'guessed' }],
    ['of another address', { over: 'https://elsewhere.test/webhooks/twilio/status' }],
    [
      'of other fields',
      {
        sent: [
          ['MessageSid', 'SM1'],
          ['MessageStatus', 'failed'],
        ],
      },
    ],
  ])('is refused when it is %s, and nothing is stored', async (_, signing) => {
    const { path, statusOf, rig } = await sentMessage();
    const { post, calls } = api();
    const answer = await post(path, receipt('delivered'), signing);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([403, 'application/problem+json']);
    expect(await answer.json()).toMatchObject({ code: 'SIGNATURE_INVALID' });
    const text = await post('/webhooks/twilio/messages', inbound('+358401', rig.clinic.sender, 'hi'), {
      with: 'guessed',
    });
    expect(text.status).toBe(403);
    expect(await statusOf()).toBe('queued');
    expect(await world.sql`select from inbound_messages where clinic_id = ${rig.clinic.clinicId}`).toHaveLength(0);
    expect(calls).toEqual([]);
  });
});

describe('a receipt', () => {
  it('wakes the workflow that waits for it, and only where nobody knew whether the message had left', async () => {
    const { path, messageId } = await sentMessage();
    const { post, calls } = api();
    await post(path, receipt('sent'));
    expect(calls).toEqual([]);
    await world.sql`update message_attempts set outcome = 'unknown' where message_id = ${messageId}`;
    await post(path, receipt('delivered'));
    expect(calls).toEqual([['receiptArrived', messageId]]);
  });

  it.each(['', '?m=not-an-id&a=1', `?m=${randomUUID()}&a=1`, `?m=${randomUUID()}&a=0`])(
    'for no message of ours is taken and forgotten ("%s")',
    async (query) => expect((await api().post(`/webhooks/twilio/status${query}`, receipt('sent'))).status).toBe(204),
  );
});

describe('a text', () => {
  it('is stored under the clinic that was texted, and its workflow started', async () => {
    const { clinic } = await world.rig();
    const { post, calls } = api();
    const form = inbound(clinic.mobile, clinic.sender, 'Hello');
    expect((await post('/webhooks/twilio/messages', form)).status).toBe(204);
    expect((await post('/webhooks/twilio/messages', form)).status).toBe(204);
    const rows = await world.sql`select id, sender, body from inbound_messages where clinic_id = ${clinic.clinicId}`;
    expect(rows).toMatchObject([{ sender: clinic.mobile, body: 'Hello' }]);
    expect(calls).toEqual([
      ['startInbound', rows[0]?.['id']],
      ['startInbound', rows[0]?.['id']],
    ]);
  });

  it('is the opt-out that the carrier took it for', async () => {
    const { clinic } = await world.rig();
    await api().post('/webhooks/twilio/messages', [
      ...inbound(clinic.mobile, clinic.sender, 'arret'),
      ['OptOutType', 'STOP'],
    ]);
    expect(await world.sql`select from opt_outs where clinic_id = ${clinic.clinicId}`).toHaveLength(1);
  });

  it('to a number that is not ours is stored nowhere', async () => {
    const { post, calls } = api();
    expect((await post('/webhooks/twilio/messages', inbound('+358401234567', '+358400000000', 'Hello'))).status).toBe(
      204,
    );
    expect(calls).toEqual([]);
  });
});

describe('an outage', () => {
  it('of Temporal costs nothing: what is stored is found again', async () => {
    const { clinic } = await world.rig();
    const answer = await api({ fails: true }).post(
      '/webhooks/twilio/messages',
      inbound(clinic.mobile, clinic.sender, 'Hello'),
    );
    expect(answer.status).toBe(204);
    expect(
      await world.sql`select from inbound_messages where clinic_id = ${clinic.clinicId} and handled_at is null`,
    ).toHaveLength(1);
  });

  it('of the database is told, so that the provider tries again', async () => {
    const { path } = await sentMessage();
    const db = openDatabase('postgres://nobody:nothing@127.0.0.1:1/none');
    const answer = await api({ db }).post(path, receipt('sent'));
    await db.close();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '3']);
  });
});
