import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HandOverResult } from '../../domain/delivery.ts';
import { type ClinicId, type NotificationId, asId } from '../../domain/ids.ts';
import { busyFailure } from './outcome.ts';
import { sendAll } from './send-all.ts';

const clinicId = asId<ClinicId>('0b5f2a52-0000-4000-8000-000000000001');
const ids = (count: number) => Array.from({ length: count }, (_, index) => asId<NotificationId>(String(index)));

function run(count: number, send: (id: number) => Promise<HandOverResult>, activity = new MockActivityEnvironment()) {
  const input = { clinicId, notificationIds: ids(count) };
  return activity.run(() => sendAll(input, (one) => send(Number(one.notificationId))));
}

afterEach(() => void vi.useRealTimers());

describe('sendAll', () => {
  it('answers the earliest instant at which one is to be tried again', async () => {
    const later: Record<number, number> = { 3: 900, 7: 500 };
    const send = async (id: number): Promise<HandOverResult> =>
      id in later ? { result: 'later', at: later[id] ?? 0 } : { result: 'done' };
    expect(await run(10, send)).toEqual({ later: 500 });
    expect(await run(3, send)).toEqual({ later: null });
    expect(await run(0, send)).toEqual({ later: null });
  });

  it('tells where one did not leave and will not', async () => {
    const send = async (id: number): Promise<HandOverResult> =>
      id === 4 ? { result: 'done', isUnsaid: true } : { result: 'done' };
    expect(await run(10, send)).toEqual({ later: null, isIncomplete: true });
  });

  it('tells where one was no longer true', async () => {
    const send = async (id: number): Promise<HandOverResult> =>
      id === 2 ? { result: 'superseded' } : { result: 'done' };
    expect(await run(4, send)).toEqual({ later: null, isSuperseded: true });
  });

  it('fails only after all others are done', async () => {
    const begun: number[] = [];
    const send = async (id: number): Promise<HandOverResult> => {
      begun.push(id);
      if (id === 0) throw new Error('busy');
      return { result: 'done' };
    };
    await expect(run(40, send)).rejects.toThrow('busy');
    expect(begun).toHaveLength(40);
  });

  it('sends no more than sixteen at once, each of them once', async () => {
    const begun: number[] = [];
    const waiting: (() => void)[] = [];
    const send = (id: number) => {
      begun.push(id);
      return new Promise<HandOverResult>((resolve) => waiting.push(() => resolve({ result: 'done' })));
    };
    const sent = run(20, send);
    await expect.poll(() => begun.length).toBe(16);
    expect(waiting).toHaveLength(16);
    waiting.shift()?.();
    await expect.poll(() => begun.length).toBe(17);
    while (begun.length < 20 || waiting.length > 0) {
      waiting.shift()?.();
      await Promise.resolve();
    }
    expect(await sent).toEqual({ later: null });
    expect(begun.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, id) => id));
  });

  it('tries again in a moment what the provider has no room for', async () => {
    vi.useFakeTimers();
    let tries = 0;
    const sent = run(1, async () => {
      tries += 1;
      if (tries < 3) throw busyFailure({ errorCode: '20429' }, tries);
      return { result: 'done' };
    });
    await vi.advanceTimersByTimeAsync(40);
    expect(tries).toBe(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(await sent).toEqual({ later: null });
    expect(tries).toBe(3);
  });

  it('leaves it to the next run, soon, where there is no room for seconds', async () => {
    vi.useFakeTimers();
    let tries = 0;
    const failure = run(1, () => Promise.reject(busyFailure({ errorCode: '20429' }, ++tries))).catch(
      (error: unknown) => error,
    );
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await failure).toMatchObject({ type: 'TRANSPORT_BUSY', nextRetryDelay: 15_000 });
    expect(tries).toBe(6);
  });

  it.each(['20003', 'ECONNREFUSED'])('does not insist where the reason is %s', async (errorCode) => {
    let tries = 0;
    const sent = run(1, () => Promise.reject(busyFailure({ errorCode }, ++tries)));
    await expect(sent).rejects.toMatchObject({ type: 'TRANSPORT_BUSY' });
    expect(tries).toBe(1);
  });

  it('begins nothing more when its worker is about to end, and leaves the others to another', async () => {
    const activity = new MockActivityEnvironment();
    const begun: number[] = [];
    const send = async (id: number): Promise<HandOverResult> => {
      begun.push(id);
      if (id === 3) activity.cancel('WORKER_SHUTDOWN');
      return { result: 'done' };
    };
    await expect(run(40, send, activity)).rejects.toThrow('WORKER_SHUTDOWN');
    expect(begun.length).toBeLessThanOrEqual(16);
  });
});
