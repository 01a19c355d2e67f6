import { describe, expect, it } from 'vitest';
import type { Activities } from '../../activities/index.ts';
import type { OutgoingText } from '../../activities/messaging/transports/transport.ts';
import { MINUTE } from '../../domain/interval.ts';
import { nowhere, startMessages } from './messages.ts';

const { product, sql, transports, begin, behave, book, untilMessage, tasksOf, deliver, sent, text } =
  await startMessages();
const { temporal, clinic, apiUrl } = product;

describe('a provider that answers plainly', () => {
  it('that is busy is asked again until it is not', async () => {
    await begin();
    await behave('rateLimited:2');
    const { id, workflowId } = await book();
    await untilMessage(id, { attempts: ['busy'] });
    await temporal.advance(workflowId, { by: 2 * MINUTE });
    await untilMessage(id, { status: 'delivered', attempts: ['busy', 'busy', 'accepted'] });
    expect(await sent()).toHaveLength(1);
  });

  it('that cannot be reached is tried again', async () => {
    let refused = 1;
    const [reached, unreachable] = [transports().sms!, transports(apiUrl, nowhere).sms!];
    const flaky = {
      ...reached,
      send: (message: OutgoingText) => (refused-- > 0 ? unreachable : reached).send(message),
    };
    await begin({ transports: () => ({ sms: flaky }) });
    const { id, workflowId } = await book();
    await untilMessage(id, { attempts: ['busy'] });
    await temporal.advance(workflowId, { by: MINUTE });
    await untilMessage(id, { status: 'delivered', attempts: ['busy', 'accepted'] });
  });

  it.each([
    ['optedOut', 'optedOut'],
    ['invalid', 'rejected'],
  ])('that refuses is not asked again, and staff are told: %s', async (behaviour, reason) => {
    await begin();
    await behave(behaviour);
    const { id } = await book();
    await untilMessage(id, { status: 'rejected', notification: 'suppressed', reason, attempts: ['rejected'] });
    expect(await tasksOf(id)).toEqual(['undeliverable']);
    await sql`update opt_outs set lifted_at = now()`;
  });

  it('that loses the receipt leaves the message as sent, not as delivered', async () => {
    await begin();
    await behave('noReceipt');
    const { id } = await book();
    await untilMessage(id, { status: 'sent', notification: 'handedOver' });
    expect(await tasksOf(id)).toEqual([]);
  });

  it('that could not deliver makes a task', async () => {
    await begin();
    await behave('undelivered:30005');
    const { id } = await book();
    await untilMessage(id, { status: 'undelivered', notification: 'handedOver' });
    expect(await tasksOf(id)).toEqual(['undeliverable']);
  });

  it.each(['duplicateReceipts', 'reversedReceipts'])(
    'that is muddled still leaves the message delivered: %s',
    async (behaviour) => {
      await begin();
      await behave(behaviour);
      await untilMessage((await book()).id, { status: 'delivered', attempts: ['accepted'] });
    },
  );
});

describe('every activity of the pipe, run twice each time,', () => {
  /** As after a crash between an activity's work and the engine's record of it. */
  const twice =
    <In, Out>(activity: (input: In) => Promise<Out>) =>
    async (input: In): Promise<Out> => {
      await activity(input);
      return activity(input);
    };

  const doubled = (real: Activities): Activities => ({
    ...real,
    sendNotification: twice(real.sendNotification),
    lookUpMessage: twice(real.lookUpMessage),
    repeatMessage: twice(real.repeatMessage),
    handleInboundText: twice(real.handleInboundText),
  });

  it('says a thing once', async () => {
    await begin({ activities: doubled });
    await untilMessage((await book()).id, { status: 'delivered', attempts: ['accepted'] });
    expect(await sent()).toHaveLength(1);
  });

  it('says a lost thing once more, once', async () => {
    await begin({ activities: doubled });
    await behave('errorNotSent:1');
    const { id } = await book();
    await deliver(await untilMessage(id, { status: 'unknown' }));
    await untilMessage(id, { status: 'delivered', attempts: ['notFound', 'accepted'] });
    expect(await sent()).toHaveLength(1);
  });

  it('gives a text to staff once', async () => {
    await begin({ activities: doubled });
    await text('Twice?');
    expect(await sql`select from tasks where detail->>'inboundMessageId' is not null`).toHaveLength(1);
  });
});

describe('a text from a patient', () => {
  it('reaches staff', async () => {
    await begin();
    expect(await text('Can I come at nine?')).toMatchObject({ understood_as: 'staff', task: 'inboundText' });
  });

  it('stops all texts, and starts them again', async () => {
    await begin();
    const standing = async () =>
      (await sql`select from opt_outs where phone = ${clinic.otherMobile} and lifted_at is null`).length;
    expect(await text('Stop')).toMatchObject({ understood_as: 'optOut', task: null });
    expect(await standing()).toBe(1);
    expect(await text('start')).toMatchObject({ understood_as: 'optIn' });
    expect(await standing()).toBe(0);
  });
});
