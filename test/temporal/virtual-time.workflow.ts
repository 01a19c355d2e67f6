import { condition, defineSignal, proxyActivities, setHandler, sleep } from '@temporalio/workflow';

/** Sleeps for each length in turn; answers its clock after each. */
export async function naps(lengthsMs: number[]): Promise<number[]> {
  const wokenAt: number[] = [];
  for (const length of lengthsMs) {
    await sleep(length);
    wokenAt.push(Date.now());
  }
  return wokenAt;
}

const { work } = proxyActivities<{ work(): Promise<void> }>({ startToCloseTimeout: '1 minute' });

/** Works after a first sleep, until an instant, while it already waits for a second one. */
export async function worksBetweenNaps(wakesAt: number, thenLength: number): Promise<void> {
  await sleep(wakesAt - Date.now());
  const second = sleep(thenLength);
  await work();
  await second;
}

export const wakeSignal = defineSignal('wake');

/** Waits for the signal; answers what its clock showed when it came. */
export async function waitsForWake(): Promise<number> {
  let wokenAt: number | undefined;
  setHandler(wakeSignal, () => {
    wokenAt = Date.now();
  });
  await condition(() => wokenAt !== undefined);
  return wokenAt!;
}
