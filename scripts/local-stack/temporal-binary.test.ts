import { expect, it } from 'vitest';
import { isUsable, parseVersion, temporalBinary } from './temporal-binary.ts';

it('reads the version that the Temporal CLI prints', () => {
  expect(parseVersion('temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)\n')).toEqual([1, 9, 1]);
  expect(parseVersion('temporal version 1.10.0-rc.2 (Server 1.33.0)')).toEqual([1, 10, 0]);
  expect(parseVersion('temporary version 2')).toBeUndefined();
  expect(parseVersion('')).toBeUndefined();
});

it.each([
  [[1, 9, 1], true],
  [[1, 9, 2], true],
  [[1, 10, 0], true],
  [[2, 0, 0], true],
  [[1, 9, 0], false],
  [[1, 8, 9], false],
  [[0, 99, 99], false],
] as const)('judges by number, not by letter, whether %j can skip time', (version, usable) => {
  expect(isUsable(version)).toBe(usable);
});

it('has no use for what is no Temporal CLI', () => {
  expect(isUsable(undefined)).toBe(false);
});

it('refuses a chosen binary that is none, and says how to get one', async () => {
  await expect(temporalBinary({ chosen: process.execPath })).rejects.toThrow(
    /is not a Temporal CLI.*docs\.temporal\.io/,
  );
});
