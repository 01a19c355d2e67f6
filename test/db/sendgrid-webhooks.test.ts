import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerError } from '../../api/faults.ts';
import { routes } from '../../api/openapi.ts';
import { listen } from '../../api/serve.ts';
import { sendGridWebhooks } from '../../api/webhooks/sendgrid.ts';
import { backgroundTeller } from '../../api/webhooks/workflows.ts';
import { openDatabase } from '../../db/client.ts';
import { MINUTE, SECOND } from '../../domain/interval.ts';
import { mailAccount } from '../../simulator/account.ts';
import { startRig } from '../../simulator/testing.ts';
import { eventually } from '../support/product.ts';
import { messagingDatabase, noon, step } from './messaging.ts';

const world = await messagingDatabase();
const log = { info: () => {}, warn: () => {}, error: () => {} };
const [ours, newer, stranger] = [keyPair(), keyPair(), keyPair()];

function keyPair() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64') };
}

function api({ db = world.db, fails = false, publicKeys = [ours.publicKey] } = {}) {
  const woken: string[] = [];
  const receiptArrived = async (_: string, id: string) => {
    woken.push(id);
    if (fails) throw new Error('Temporal is away');
  };
  const app = routes();
  app.onError(answerError({ log }));
  const teller = backgroundTeller(log);
  const workflows = { receiptArrived, openingChanged: receiptArrived };
  const deps = { db, workflows, teller, log, now: () => noon, publicKeys };
  app.route('/webhooks/sendgrid', sendGridWebhooks(deps));
  const post = async (body: unknown, signing: Signing = {}) => {
    const answer = await app.request('/webhooks/sendgrid/events', signed(body, signing));
    await teller.stop();
    return answer;
  };
  return { app, woken, post };
}

interface Signing {
  by?: typeof ours;
  /** What was signed, where it is not what is sent. */
  over?: string;
  at?: number;
  timestamp?: string;
  headers?: Record<string, string>;
}

/** As SendGrid describes it: the time and the raw body, signed as one. */
function signed(body: unknown, { by = ours, over, at = noon, timestamp, headers = {} }: Signing): RequestInit {
  const time = timestamp ?? String(Math.floor(at / SECOND));
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const signature = sign('sha256', Buffer.from(over ?? time + text), by.privateKey).toString('base64');
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/json;charset=utf-8',
      'x-twilio-email-event-webhook-signature': signature,
      'x-twilio-email-event-webhook-timestamp': time,
      ...headers,
    },
    body: text,
  };
}

async function sentMail() {
  const rig = await world.rig();
  await rig.run(await rig.addVisit(), step('booked'));
  const { messageId } = rig.sent.at(-1)!;
  await world.sql`
    update messages set channel = 'email', transport = 'sendgrid', recipient = 'eino@example.org', status = 'queued'
    where id = ${messageId}`;
  const event = (word: string, more: Record<string, unknown> = {}) => ({
    email: 'eino@example.org',
    event: word,
    timestamp: Math.floor(noon / SECOND),
    sg_event_id: randomUUID(),
    sg_message_id: `SG${messageId}.recvd-1-2.0`,
    vuoro_message: messageId,
    vuoro_attempt: '1',
    ...more,
  });
  return { rig, messageId, event, state: () => stateOf(messageId) };
}

async function stateOf(messageId: string) {
  const [row] = await world.sql`
    select m.status, m.error_code as error,
      (select array_agg(e.status order by e.id) from message_events e where e.message_id = m.id) as events,
      (select array_agg(t.status) from tasks t where t.detail->>'messageId' = m.id::text) as tasks
    from messages m where m.id = ${messageId}`;
  return { ...row };
}

describe('the signature', () => {
  it('covers the time and every byte of the body', async () => {
    const { event, state } = await sentMail();
    const spaced = JSON.stringify([event('delivered', { response: 'höchste Zeit' })], null, 2);
    expect((await api().post(spaced)).status).toBe(204);
    expect(await state()).toMatchObject({ status: 'delivered', events: ['delivered'] });
  });

  it('may be made with either key while one is being replaced', async () => {
    const { event, state } = await sentMail();
    const { post } = api({ publicKeys: [newer.publicKey, ours.publicKey] });
    expect((await post([event('processed')], { by: newer })).status).toBe(204);
    expect((await post([event('delivered')], { by: ours })).status).toBe(204);
    expect(await state()).toMatchObject({ events: ['processed', 'delivered'] });
  });

  it('may be ten minutes old, and five minutes ahead of our clock', async () => {
    const { event } = await sentMail();
    expect((await api().post([event('processed')], { at: noon - 10 * MINUTE })).status).toBe(204);
    expect((await api().post([event('processed')], { at: noon + 5 * MINUTE })).status).toBe(204);
  });

  it.each<[string, Signing]>([
    ['of another key', { by: stranger }],
    ['of another body', { over: `${noon / SECOND}[]` }],
    ['of another time', { timestamp: String(noon / SECOND), over: `${noon / SECOND - 1}[]` }],
    ['older than ten minutes', { at: noon - 10 * MINUTE - SECOND }],
    ['more than five minutes ahead', { at: noon + 5 * MINUTE + SECOND }],
    ['of no time', { timestamp: '' }],
    ['of a time that is no number', { timestamp: 'now' }],
    ['no signature', { headers: { 'x-twilio-email-event-webhook-signature': 'AAAA' } }],
    ['missing', { headers: { 'x-twilio-email-event-webhook-signature': '' } }],
  ])('is refused when it is %s, and nothing is stored', async (_, signing) => {
    const { event, state } = await sentMail();
    const { post, woken } = api();
    const answer = await post([event('delivered')], signing);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([403, 'application/problem+json']);
    expect(await answer.json()).toMatchObject({ code: 'SIGNATURE_INVALID' });
    expect(await state()).toMatchObject({ status: 'queued', events: null });
    expect(woken).toEqual([]);
  });

  it('is never right where no key is known', async () => {
    const { event } = await sentMail();
    expect((await api({ publicKeys: [] }).post([event('delivered')])).status).toBe(403);
  });

  it('is not looked at when the body is too large to be one of SendGrid', async () => {
    expect((await api().post('x'.repeat(5 * 1024 * 1024))).status).toBe(413);
  });
});

describe('events', () => {
  it('raise the status together or one by one, and are stored once however often they come', async () => {
    const { event, state } = await sentMail();
    const { post } = api();
    const [processed, delivered] = [event('processed'), event('delivered')];
    await post([processed, processed]);
    await post([processed, delivered]);
    await post([delivered]);
    expect(await state()).toEqual({
      status: 'delivered',
      error: null,
      events: ['processed', 'delivered'],
      tasks: null,
    });
  });

  it('end in the same state in whatever order they come: a bounce is the last word', async () => {
    const words = [
      ['processed', {}],
      ['deferred', { response: '451 later', attempt: '1' }],
      ['delivered', {}],
      ['bounce', { type: 'bounce', status: '5.1.1', reason: '550 5.1.1 no eino@example.org here' }],
      ['spamreport', {}],
    ] as const;
    const batches = fc.array(fc.subarray([...words], { minLength: 1 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(batches, async (history) => {
        const { event, state } = await sentMail();
        const { post } = api();
        for (const batch of history) await post(batch.map(([word, more]) => event(word, more)));
        const said = new Set(history.flat().map(([word]) => word));
        const arrived = said.has('delivered') ? 'delivered' : 'queued';
        expect(await state()).toMatchObject(
          said.has('bounce')
            ? { status: 'undelivered', error: '5.1.1', tasks: ['open'] }
            : { status: arrived, error: null, tasks: null },
        );
      }),
      { numRuns: 20 },
    );
  }, 60_000);

  it.each<[string, Record<string, unknown>, { status: string; error: string; why: string }]>([
    ['bounce', { type: 'blocked', status: '4.2.2' }, { status: 'undelivered', error: '4.2.2', why: 'temporary' }],
    ['dropped', { reason: 'Bounced Address' }, { status: 'failed', error: 'Bounced Address', why: 'address' }],
    [
      'dropped',
      { reason: 'Unsubscribed Address' },
      { status: 'failed', error: 'Unsubscribed Address', why: 'optedOut' },
    ],
  ])('tell staff why a mail did not arrive: %s %j', async (word, more, { status, error, why }) => {
    const { rig, event, state, messageId } = await sentMail();
    await api().post([event(word, more)]);
    expect(await state()).toMatchObject({ status, error, tasks: ['open'] });
    const [task] = await world.sql`select detail from tasks where detail->>'messageId' = ${messageId}`;
    expect(task?.['detail']).toMatchObject({ errorCode: error, why });
    expect(await world.sql`select from opt_outs where clinic_id = ${rig.clinic.clinicId}`).toHaveLength(0);
  });

  it('that are not about delivery are kept, and change nothing', async () => {
    const { event, state } = await sentMail();
    await api().post([event('delivered'), event('spamreport'), event('group_unsubscribe', { asm_group_id: 1 })]);
    expect(await state()).toMatchObject({
      status: 'delivered',
      events: ['delivered', 'spamreport', 'group_unsubscribe'],
      tasks: null,
    });
  });

  it('keep the id that the send was answered with', async () => {
    const { event, messageId } = await sentMail();
    await world.sql`
      update message_attempts set outcome = 'unknown', provider_message_id = null where message_id = ${messageId}`;
    await api().post([event('processed')]);
    expect(
      await world.sql`
        select a.outcome, a.provider_message_id as attempt, e.provider_message_id as event
        from message_attempts a join message_events e using (message_id) where message_id = ${messageId}`,
    ).toMatchObject([{ outcome: 'accepted', attempt: `SG${messageId}`, event: `SG${messageId}` }]);
  });

  it('wake the workflow that waits for them, and only where nobody knew whether the mail had left', async () => {
    const { event, messageId } = await sentMail();
    const { post, woken } = api();
    await post([event('processed')]);
    expect(woken).toEqual([]);
    await world.sql`update message_attempts set outcome = 'unknown' where message_id = ${messageId}`;
    await post([event('delivered')]);
    expect(woken).toEqual([messageId]);
  });

  it('about no mail of ours are forgotten, and do not stand in the way of the others', async () => {
    const { event, state } = await sentMail();
    const batch = [
      null,
      'delivered',
      {},
      event('delivered', { vuoro_message: undefined }),
      event('delivered', { vuoro_message: randomUUID() }),
      event('delivered', { vuoro_message: "'; drop table messages" }),
      event('delivered', { vuoro_attempt: '0' }),
      event('delivered', { vuoro_attempt: 1 }),
      event('delivered', { sg_message_id: '' }),
      event('processed'),
    ];
    expect((await api().post(batch)).status).toBe(204);
    expect(await state()).toMatchObject({ status: 'queued', events: ['processed'] });
  });

  it('change the mail that they name, whichever clinic sent it, and no other', async () => {
    const [kallio, markt] = [await sentMail(), await sentMail()];
    await api().post([kallio.event('delivered')]);
    expect(await kallio.state()).toMatchObject({ status: 'delivered' });
    expect(await markt.state()).toMatchObject({ status: 'queued', events: null });
  });

  it.each(['{}', '"delivered"', 'delivered', ''])('are a list: %j is refused', async (body) => {
    const answer = await api().post(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'MALFORMED_REQUEST' });
  });
});

describe('the simulator', () => {
  it('is believed, and tries again what was not taken', async () => {
    const { messageId, state } = await sentMail();
    const { app } = api({ publicKeys: [mailAccount.eventPublicKey] });
    const refusals = [503, 500];
    const calls: number[] = [];
    const gate = routes();
    gate.use(async (c, next) => {
      const refusal = refusals.shift();
      if (refusal) c.res = new Response(null, { status: refusal });
      else await next();
      calls.push(c.res.status);
    });
    gate.route('/', app);
    const serving = await listen(gate, { host: '127.0.0.1', port: 0 });
    onTestFinished(() => serving.stop());
    const rig = await startRig({ apiUrl: serving.url, now: () => noon });
    onTestFinished(() => rig.close());
    await rig.mail({ customArgs: { vuoro_message: messageId, vuoro_attempt: '1' } });
    await eventually('the delivery', async () => (await state())['status'] === 'delivered');
    expect(await state()).toMatchObject({ events: ['processed', 'delivered'] });
    expect(calls).toEqual([503, 500, 204, 204]);
  });
});

describe('an outage', () => {
  it('of Temporal costs nothing: what is stored is found again', async () => {
    const { event, state, messageId } = await sentMail();
    await world.sql`update message_attempts set outcome = 'unknown' where message_id = ${messageId}`;
    expect((await api({ fails: true }).post([event('delivered')])).status).toBe(204);
    expect(await state()).toMatchObject({ status: 'delivered' });
  });

  it('of the database is told, so that the provider tries again', async () => {
    const { event } = await sentMail();
    const db = openDatabase('postgres://nobody:nothing@127.0.0.1:1/none');
    const answer = await api({ db }).post([event('delivered')]);
    await db.close();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '3']);
  });
});
