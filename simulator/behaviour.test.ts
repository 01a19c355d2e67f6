import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  endingOf,
  formatOutcome,
  outcomeKinds,
  outcomeKindsOf,
  outcomeWord,
  parseOutcome,
  reservedOutcome,
} from './behaviour.ts';
import { patient, startRig } from './testing.ts';
import type { Rig } from './testing.ts';

describe.each([
  ['text', '+35840123', ''],
  ['mail', 'eino', '@example.org'],
] as const)('the outcomes of a %s', (channel, before, after) => {
  const kinds = outcomeKindsOf(channel);

  it.each(kinds)('are read from their word: %s', (kind) => {
    const outcome = parseOutcome(outcomeWord(kind, channel), channel);
    expect(outcome && formatOutcome(outcome)).toBe(outcomeWord(kind, channel));
  });

  it.each(kinds.filter(endingOf))('are read from their reserved ending: %s', (kind) => {
    const outcome = reservedOutcome(`${before}${endingOf(kind)}${after}`);
    expect(outcome).toEqual(parseOutcome(outcomeWord(kind, channel), channel));
  });

  it.each(['', 'undelivered', 'undelivered:3', 'delivered:2', 'rateLimited:0', 'rateLimited:x', 'constructor'])(
    'are not %j',
    (text) => expect(parseOutcome(text, channel)).toBeNull(),
  );
});

describe('outcomes', () => {
  it('gives every ending one meaning', () => {
    const endings = outcomeKinds.map(endingOf).filter((ending) => ending !== undefined);
    expect(new Set(endings).size).toBe(endings.length);
  });

  it('keep to the codes of their channel', () => {
    expect(parseOutcome('undelivered:30003', 'mail')).toBeNull();
    expect(parseOutcome('undelivered:5.1.1', 'text')).toBeNull();
    expect(parseOutcome('deferred', 'text')).toBeNull();
  });
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
