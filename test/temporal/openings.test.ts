import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/product.ts';
import { startOpenings } from './openings.ts';

const world = await startOpenings();
const { product, freshTime, waitFor, freeTime, untilAsked, answer, endOf, offerOf, toldTo, visitNow, openingOf } =
  world;

beforeAll(async () => {
  const worker = await product.startWorker();
  return () => worker.stop();
});

describe('a time that somebody gives up', () => {
  it('goes to who answers first, whose later visit moves there, and the others hear that it is gone', async () => {
    const startsAt = freshTime();
    const [first, second, third] = await waitFor(startsAt, 3, { visit: true });
    const opening = await freeTime(startsAt);
    await untilAsked(opening, 3);
    await answer(opening, await offerOf(opening, second!));
    expect(await endOf(opening)).toEqual({ outcome: 'filled', reason: null });
    expect(await visitNow(second!.visit!)).toMatchObject({ status: 'booked', startsAt: startsAt.replace('.000', '') });
    expect(await visitNow(first!.visit!)).toMatchObject({ startsAt: first!.visit!.startsAt });
    await eventually('what is said', async () => (await toldTo(second!)).length === 2);
    expect(await toldTo(second!)).toEqual(['offer', 'offerWon']);
    for (const loser of [first!, third!]) expect(await toldTo(loser)).toEqual(['offer', 'offerGone']);
  });
});
