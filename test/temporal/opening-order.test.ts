import { expect, it } from 'vitest';
import { startOpenings } from './openings.ts';

const { product, freshTime, waitFor, freeTime, offerOf, untilAsked, answer, toldTo, endOf, whoHas } =
  await startOpenings();

it.each([
  ['the first to be asked', [0, 1]],
  ['the last to be asked', [1, 0]],
])('gives the time to who answered first while no worker was there: %s', async (_, order) => {
  const startsAt = freshTime();
  const people = await waitFor(startsAt, 2, { visit: false });
  const worker = await product.startWorker();
  const opening = await freeTime(startsAt);
  await untilAsked(opening, 2);
  await worker.stop();
  const [winner, loser] = order.map((index) => people[index]!);
  for (const person of [winner!, loser!]) await answer(opening, await offerOf(opening, person));

  const successor = await product.startWorker();
  expect(await endOf(opening)).toEqual({ outcome: 'filled', reason: null });
  expect(await whoHas(startsAt)).toEqual([winner!.patientId]);
  expect(await toldTo(loser!)).toEqual(['offer', 'offerGone']);
  await successor.stop();
});
