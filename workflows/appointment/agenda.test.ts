import { describe, expect, it } from 'vitest';
import type { PlannedMessage, PlannedStep } from '../../domain/plan.ts';
import { Agenda } from './agenda.ts';

const reminder: PlannedMessage = {
  at: 100,
  key: 'reminder:sms-2d:v1',
  kind: 'reminder',
  usefulUntil: 200,
  channels: ['sms'],
  local: 'Thu 31 Dec 2026 13:00',
};
const close: PlannedStep = { at: 300, key: 'close:v1', kind: 'close', local: 'Thu 7 Jan 2027 13:00' };

describe('an agenda of which much fell due while nothing ran', () => {
  const agenda = () => {
    const made = new Agenda();
    made.replace([reminder, close]);
    return made;
  };

  it('gives the earliest first, and nothing before its time', () => {
    const long = agenda();
    expect(long.takeDue(99, false)).toBeUndefined();
    expect(long.takeDue(1_000, false)).toBe(reminder);
    expect(long.takeDue(1_000, false)).toBe(close);
    expect(long.takeDue(1_000, false)).toBeUndefined();
  });

  it('keeps the close until nothing is being handed over, so that what was missed is found to be missed', () => {
    const long = agenda();
    long.takeDue(1_000, false);
    expect(long.takeDue(1_000, true)).toBeUndefined();
    expect(long.next).toBe(close);
    expect(long.takeDue(1_000, false)).toBe(close);
  });

  it('does not keep a message for that', () => {
    expect(agenda().takeDue(1_000, true)).toBe(reminder);
  });
});

describe('an agenda that is shown to people', () => {
  it('tells of all that changes it, and says when what was put off is due', () => {
    const told: string[] = [];
    const shown: Agenda = new Agenda(() => told.push(shown.steps.map(({ kind, local }) => `${kind} ${local}`).join()));
    shown.replace([reminder]);
    shown.takeDue(1_000, false);
    shown.postpone(reminder, Date.parse('2026-12-31T11:02:03Z'), shown.edition);
    expect(told).toEqual(['reminder Thu 31 Dec 2026 13:00', '', 'reminder 2026-12-31 11:02 UTC']);
  });
});
