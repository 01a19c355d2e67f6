import { afterEach, beforeEach, expect, it } from 'vitest';
import { startRig } from './testing.ts';
import type { Rig } from './testing.ts';

let rig: Rig;
let now: number;

beforeEach(async () => {
  now = Date.parse('2026-11-22T10:00:00Z');
  rig = await startRig({ now: () => now });
});
afterEach(() => rig.close());

const tooMany = { status: 429, code: 20429 };
const sendTo = (to: string) => rig.send({ to });

it('takes as many texts in a second as it was told, whoever they are for, and turns the others away', async () => {
  await rig.control('/carrier', { textsPerSecond: 2 });
  await sendTo('+358401111111');
  await sendTo('+358402222222');
  await expect(sendTo('+358403333333')).rejects.toMatchObject(tooMany);
  now += 999;
  await expect(sendTo('+358403333333')).rejects.toMatchObject(tooMany);
  now += 1;
  await sendTo('+358403333333');
  expect(await rig.client.messages.list()).toHaveLength(3);
});

it.each([
  ['it is lifted', () => rig.control('/carrier', { textsPerSecond: null })],
  ['everything is forgotten', () => rig.control('/messages', undefined, 'DELETE')],
])('limits nothing any more once %s', async (_, lift) => {
  await rig.control('/carrier', { textsPerSecond: 1 });
  await rig.send();
  await lift();
  await rig.send();
  await rig.send();
});

it('answers with all that is set, and leaves alone what is not named', async () => {
  await rig.control('/carrier', { advancedOptOut: true });
  const response = await rig.control('/carrier', { textsPerSecond: 100 });
  expect(await response.json()).toEqual({ textsPerSecond: 100, advancedOptOut: true });
});
