import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordReceipt } from '../../db/inbox/receipts.ts';
import type { MessageId } from '../../domain/ids.ts';
import { messagingDatabase, noon, step } from './messaging.ts';

const world = await messagingDatabase();
type Rig = Awaited<ReturnType<typeof world.rig>>;

/** A message that was sent, with what the provider says of it. */
async function sentMessage(rig: Rig) {
  await rig.run(await rig.addVisit(), step('booked'));
  const { messageId } = rig.sent.at(-1)!;
  const { clinicId } = rig.clinic;
  return {
    messageId,
    report: (status: string, errorCode = '', attempt = 1) =>
      recordReceipt(world.db, {
        clinicId,
        messageId,
        attempt,
        providerMessageId: `SM-${messageId}-${attempt}`,
        status,
        errorCode,
        now: noon,
      }),
  };
}

async function stateOf(messageId: MessageId) {
  const [row] = await world.sql`
    select m.status, m.error_code, n.status as notification, a.outcome, a.provider_message_id as sid,
      (select count(*)::integer from message_events e where e.message_id = m.id) as events,
      (select array_agg(t.status) from tasks t where t.detail->>'messageId' = m.id::text) as tasks
    from messages m join notifications n on n.id = m.notification_id
      join message_attempts a on a.message_id = m.id and a.number = 1
    where m.id = ${messageId}`;
  return { ...row };
}

describe('receipts', () => {
  it('end in the same status in whatever order and however often they come', async () => {
    const rig = await world.rig();
    const reports = [
      ['queued', ''],
      ['sent', ''],
      ['undelivered', '30003'],
      ['delivered', ''],
      ['some_new_word', ''],
    ] as const;
    const highest = { delivered: 4, undelivered: 3, sent: 2, queued: 1 };
    const someReports = fc.array(fc.constantFrom(...reports), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(someReports, async (history) => {
        const { messageId, report } = await sentMessage(rig);
        for (const [status, errorCode] of history) await report(status, errorCode);
        const words = history.map(([status]) => status);
        const expected = Object.keys(highest).find((status) => words.some((word) => word === status)) ?? 'queued';
        const state = await stateOf(messageId);
        expect(state).toMatchObject({ status: expected, events: new Set(words).size });
        expect((state['tasks'] as string[] | null)?.includes('open') ?? false).toBe(expected === 'undelivered');
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it('settle together what comes at the same moment', async () => {
    const { messageId, report } = await sentMessage(await world.rig());
    await Promise.all(['sent', 'delivered', 'queued', 'delivered', 'sent'].map((status) => report(status)));
    expect(await stateOf(messageId)).toMatchObject({ status: 'delivered', events: 3 });
  });

  it('ask staff to look once after a message that did not arrive, and no more when it did after all', async () => {
    const { messageId, report } = await sentMessage(await world.rig());
    await report('undelivered', '30003');
    await report('undelivered', '30005');
    expect(await stateOf(messageId)).toMatchObject({ status: 'undelivered', error_code: '30003', tasks: ['open'] });
    await report('delivered');
    expect(await stateOf(messageId)).toMatchObject({ status: 'delivered', error_code: null, tasks: ['resolved'] });
  });

  it('store an opt-out that the carrier knows of', async () => {
    const rig = await world.rig();
    const { report } = await sentMessage(rig);
    await report('failed', '21610');
    expect(await world.sql`select phone, sender from opt_outs where clinic_id = ${rig.clinic.clinicId}`).toMatchObject([
      { phone: rig.clinic.mobile, sender: rig.clinic.sender },
    ]);
  });

  it('prove that an unknown try went through, and hand over its id', async () => {
    const rig = await world.rig();
    rig.transport.answer = () => Promise.resolve({ outcome: 'unknown', errorCode: 'ECONNABORTED' });
    const { messageId, report } = await sentMessage(rig);
    expect(await stateOf(messageId)).toMatchObject({
      status: 'unknown',
      notification: 'sending',
      outcome: 'unknown',
      sid: null,
    });
    expect(await report('sent')).toEqual({ settled: true, opening: null });
    expect(await report('sent')).toEqual({ settled: false, opening: null });
    expect(await report('delivered')).toEqual({ settled: false, opening: null });
    expect(await stateOf(messageId)).toMatchObject({
      notification: 'handedOver',
      outcome: 'accepted',
      sid: `SM-${messageId}-1`,
    });
  });

  it('may come before the answer to the send, which then changes nothing', async () => {
    const rig = await world.rig();
    const { clinicId } = rig.clinic;
    rig.transport.answer = async ({ messageId }) => {
      await recordReceipt(world.db, {
        clinicId,
        messageId,
        attempt: 1,
        providerMessageId: 'SM-early',
        status: 'delivered',
        errorCode: '',
        now: noon,
      });
      return { outcome: 'unknown', errorCode: 'ECONNABORTED' };
    };
    const { messageId } = await sentMessage(rig);
    expect(await stateOf(messageId)).toMatchObject({
      status: 'delivered',
      outcome: 'accepted',
      notification: 'handedOver',
      sid: 'SM-early',
    });
  });

  it('about a message of another clinic change nothing', async () => {
    const { messageId } = await sentMessage(await world.rig());
    const { clinicId } = (await world.rig()).clinic;
    const receipt = {
      clinicId,
      messageId,
      attempt: 1,
      providerMessageId: 'SM-1',
      status: 'delivered',
      errorCode: '',
      now: noon,
    };
    expect(await recordReceipt(world.db, receipt)).toEqual({ settled: false, opening: null });
    expect(await stateOf(messageId)).toMatchObject({ status: 'queued', events: 0 });
  });
});
