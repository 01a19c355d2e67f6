import { hostname } from 'node:os';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, startProduct } from '../support/product.ts';
import { countActions, listing, sizeOf, totalOf, withoutTimeSkipping } from './actions.ts';
import { comparison } from './comparison.ts';
import { type Cost, type PricedLife, costs } from './costs.ts';

const sms = ['sms' as const];
const reminderRules = [
  { id: 'sms-7d', before: '7d', at: '09:00', channels: sms },
  { id: 'sms-2d', before: '2d', at: '13:00', channels: sms },
];
const statements = { api: 0, worker: 0 };
// No quiet hours: a message that waits for the morning would cost a timer more at night.
const product = await startProduct({
  clinic: { policy: { quietHours: null, reminderRules } },
  onQuery: (by) => (statements[by] += 1),
});

const { taskQueue } = product.temporal;
const names = new Map([
  [taskQueue, 'vuoro'],
  [`${process.pid}@${hostname()}`, '1@worker'],
]);

// A connection of its own: what the test asks costs the product nothing.
const sql = postgres(product.adminUrl, { max: 1 });
afterAll(() => sql.end());

beforeAll(async () => {
  const worker = await product.startWorker();
  return () => worker.stop();
});

describe.each(Object.entries(costs))('%s', (name, life) => {
  let measured: Awaited<ReturnType<typeof measure>>;

  beforeAll(async () => {
    measured = await measure(life);
  });

  it('costs exactly what the table says', () => {
    expect(comparison(name, life, measured.cost)).toBe('');
  });

  it('stays within its bounds', () => {
    const { cost, size, events } = measured;
    const actual = { actions: totalOf(cost.actions), ...size };
    const over = Object.entries(life.atMost).filter(([what, bound]) => actual[what as keyof typeof actual] > bound);
    expect(over, `${JSON.stringify(actual)}\n${listing(events)}`).toEqual([]);
  });
});

async function measure({ script }: PricedLife) {
  let eventsBefore = 0;
  const forget = (): void => void Object.assign(statements, { api: 0, worker: 0 });
  forget();
  const workflowId = await script(product, async (id) => {
    eventsBefore = (await eventsOf(id)).length;
    await untilDelivered();
    forget();
  });
  await untilDelivered();
  const events = (await eventsOf(workflowId)).slice(eventsBefore);
  const cost: Cost = { actions: countActions(events), statements: { ...statements } };
  return { cost, size: sizeOf(events, names), events };
}

async function eventsOf(workflowId: string) {
  return withoutTimeSkipping(await product.temporal.client.workflow.getHandle(workflowId).fetchHistory());
}

/** The last receipt of a message comes a second after it. */
async function untilDelivered(): Promise<void> {
  const underWay = () => sql`select from messages where status <> 'delivered'`;
  await eventually('the receipts', async () => (await underWay()).length === 0);
}
