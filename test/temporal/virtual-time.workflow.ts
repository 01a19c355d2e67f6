import { condition, defineSignal, setHandler, sleep } from '@temporalio/workflow';

/** Sleeps for each length in turn; answers its clock after each. */
export async function naps(lengthsMs: number[]): Promise<number[]> {
  const wokenAt: number[] = [];
  for (const length of lengthsMs) {
    await sleep(length);
    wokenAt.push(Date.now());
  }
  return wokenAt;
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
