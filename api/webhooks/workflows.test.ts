import { describe, expect, it } from 'vitest';
import { type ClinicId, asId } from '../../domain/ids.ts';
import { backgroundTeller } from './workflows.ts';

const about = { clinicId: asId<ClinicId>('clinic'), messageId: 'message' };

function rig() {
  const warned: string[] = [];
  const log = { info: () => {}, error: () => {}, warn: (message: string) => void warned.push(message) };
  return { warned, teller: backgroundTeller(log) };
}

describe('workflows that are told in the background', () => {
  it('keep nobody waiting, and are all told before the end', async () => {
    const { teller } = rig();
    const told: number[] = [];
    let letGo!: () => void;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    for (let number = 0; number < 40; number++) {
      teller.tell(about, async () => {
        await held;
        told.push(number);
      });
    }
    expect(told).toEqual([]);
    letGo();
    await teller.stop();
    expect(told).toHaveLength(40);
  });

  it('that cannot be told are left to the sweep, and keep no other waiting', async () => {
    const { teller, warned } = rig();
    const told: string[] = [];
    teller.tell(about, () => Promise.reject(new Error('Temporal is away')));
    teller.tell(about, async () => void told.push('second'));
    await teller.stop();
    expect([warned.length, told]).toEqual([1, ['second']]);
  });

  it('are not hoarded: of a flood beyond all measure the sweep takes care', async () => {
    const { teller, warned } = rig();
    let told = 0;
    for (let number = 0; number < 10_100; number++) teller.tell(about, async () => void (told += 1));
    await teller.stop();
    expect(told + warned.length).toBe(10_100);
    expect(warned.length).toBeGreaterThan(50);
  });
});
