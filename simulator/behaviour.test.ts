import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endingOf, formatOutcome, outcomeKinds, outcomeWord, parseOutcome, reservedOutcome } from './behaviour.ts';
import { patient, startRig } from './testing.ts';
import type { Rig } from './testing.ts';

describe('outcomes', () => {
  it.each(outcomeKinds)('reads %s from its word', (kind) => {
    const outcome = parseOutcome(outcomeWord(kind));
    expect(outcome && formatOutcome(outcome)).toBe(outcomeWord(kind));
  });

  it.each(outcomeKinds.filter(endingOf))('reads %s from its reserved ending', (kind) => {
    expect(reservedOutcome(`+35840123${endingOf(kind)}`)).toEqual(parseOutcome(outcomeWord(kind)));
  });

  it('gives every ending one meaning', () => {
    const endings = outcomeKinds.map(endingOf).filter((ending) => ending !== undefined);
    expect(new Set(endings).size).toBe(endings.length);
  });

  it.each(['', 'undelivered', 'undelivered:3', 'delivered:2', 'rateLimited:0', 'rateLimited:x', 'constructor'])(
    'does not read %j',
    (text) => expect(parseOutcome(text)).toBeNull(),
  );
});

describe('numbers that misbehave', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await startRig();
  });
  afterEach(() => rig.close());

  it.each([
    ['optedOut', '9902', 21610],
    ['invalid', '9903', 21211],
  ])('refuses a number told to be %s, and one that ends in %s', async (outcome, ending, code) => {
    await rig.control('/behaviour', { to: patient, outcome });
    await expect(rig.send()).rejects.toMatchObject({ status: 400, code });
    await expect(rig.send({ to: `+35840123${ending}` })).rejects.toMatchObject({ status: 400, code });
    expect(await rig.client.messages.list()).toEqual([]);
  });

  it('limits the rate as often as it was told, then accepts', async () => {
    await rig.control('/behaviour', { to: patient, outcome: 'rateLimited:2' });
    for (const _ of [1, 2]) await expect(rig.send()).rejects.toMatchObject({ status: 429, code: 20429 });
    expect((await rig.send()).status).toBe('queued');
    expect(await rig.client.messages.list()).toHaveLength(1);
  });

  it('fails without sending as often as it was told, then accepts', async () => {
    await rig.control('/behaviour', { to: patient, outcome: 'errorNotSent:1' });
    await expect(rig.send()).rejects.toMatchObject({ status: 500 });
    expect(await rig.client.messages.list()).toEqual([]);
    expect((await rig.send()).status).toBe('queued');
  });

  it('behaves again when told to deliver, reserved ending or not', async () => {
    await rig.control('/behaviour', { to: '+358401239903', outcome: 'delivered' });
    expect((await rig.send({ to: '+358401239903' })).status).toBe('queued');
  });
});
