import { Worker, NativeConnection } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ELAPSED_DAY, HOUR, MINUTE, SECOND } from '../../domain/interval.ts';
import { bundleQuietly } from '../support/bundle.ts';
import { testTemporal } from '../support/temporal.ts';
import { naps, waitsForWake, wakeSignal, worksBetweenNaps } from './virtual-time.workflow.ts';

const temporal = await testTemporal();
let stop: () => Promise<void>;

beforeAll(async () => {
  const connection = await NativeConnection.connect({ address: temporal.address });
  const { taskQueue } = temporal;
  const workflowBundle = await bundleQuietly(new URL('./virtual-time.workflow.ts', import.meta.url));
  const activities = { work: () => setTimeout(100) };
  const worker = await Worker.create({ connection, taskQueue, workflowBundle, activities });
  const running = worker.run();
  stop = async () => {
    worker.shutdown();
    await running;
    await connection.close();
  };
});

afterAll(() => stop());

const start = (lengths: number[]) =>
  temporal.client.workflow.start(naps, { workflowId: randomUUID(), taskQueue: temporal.taskQueue, args: [lengths] });

describe('the clock of a workflow', () => {
  it('travels weeks in seconds and lets the workflow work at every timer on the way', async () => {
    const handle = await start([10 * ELAPSED_DAY, 20 * ELAPSED_DAY, 10 * ELAPSED_DAY]);
    const began = Date.now();
    await temporal.advance(handle.workflowId, { by: 41 * ELAPSED_DAY });
    const wokenAt = await handle.result();
    expect(wokenAt.map((at) => Math.round((at - began) / HOUR))).toEqual([240, 720, 960]);
    expect(Date.now() - began).toBeLessThan(15 * SECOND);
  });

  it('arrives at the very instant it is sent to, and again from there', async () => {
    const handle = await start([90 * ELAPSED_DAY]);
    const first = Date.now() + 40 * ELAPSED_DAY + 1;
    const second = first + 10 * ELAPSED_DAY;
    expect(Math.abs((await temporal.advance(handle.workflowId, { to: first })) - first)).toBeLessThan(10 * SECOND);
    expect(Math.abs((await temporal.advance(handle.workflowId, { to: second })) - second)).toBeLessThan(10 * SECOND);
    expect(Math.abs((await temporal.clockOf(handle.workflowId)) - second)).toBeLessThan(10 * SECOND);
    await handle.terminate();
  });

  it('goes no further than it is sent, also where a timer falls due just before', async () => {
    const target = Date.now() + ELAPSED_DAY;
    // The second naps begin in the last moments before the target.
    const travels = Array.from({ length: 200 }, async (_, index) => {
      const args: [number, number] = [target - index, 30 * ELAPSED_DAY];
      const { taskQueue } = temporal;
      const handle = await temporal.client.workflow.start(worksBetweenNaps, {
        workflowId: randomUUID(),
        taskQueue,
        args,
      });
      const arrived = await temporal.advance(handle.workflowId, { to: target });
      const clock = await temporal.clockOf(handle.workflowId);
      // One that went too far has ended by itself.
      await handle.terminate().catch(() => {});
      return Math.max(arrived, clock) - target;
    });
    const tooFar = (await Promise.all(travels)).filter((ms) => ms > MINUTE);
    expect(tooFar).toEqual([]);
  });

  it('does not move for a target in its past', async () => {
    const handle = await start([90 * ELAPSED_DAY]);
    await temporal.advance(handle.workflowId, { by: ELAPSED_DAY });
    await temporal.advance(handle.workflowId, { to: Date.now() });
    expect(await temporal.clockOf(handle.workflowId)).toBeGreaterThan(Date.now() + ELAPSED_DAY - 10 * SECOND);
    await handle.terminate();
  });

  it('has arrived when the workflow ends on the way, and when it had ended before', async () => {
    const handle = await start([ELAPSED_DAY]);
    const target = Date.now() + 30 * ELAPSED_DAY;
    expect(await temporal.advance(handle.workflowId, { to: target })).toBe(target);
    expect((await handle.describe()).status.name).toBe('COMPLETED');
    expect(await temporal.advance(handle.workflowId, { to: target })).toBe(target);
  });

  it('is what the workflow reads when a message comes later', async () => {
    const handle = await temporal.client.workflow.start(waitsForWake, {
      workflowId: randomUUID(),
      taskQueue: temporal.taskQueue,
    });
    const arrived = await temporal.advance(handle.workflowId, { by: 100 * ELAPSED_DAY });
    await handle.signal(wakeSignal);
    expect(Math.abs((await handle.result()) - arrived)).toBeLessThan(10 * SECOND);
  });

  it('says so when there is no such workflow', async () => {
    await expect(temporal.advance('nobody', { by: HOUR })).rejects.toThrow('workflow not found');
  });
});
