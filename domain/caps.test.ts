import { describe, expect, it } from 'vitest';
import { capDecision } from './caps.ts';
import { resolvePolicy } from './policy.ts';

const { caps } = resolvePolicy(null);
const now = Date.parse('2026-11-22T10:00:20.500Z');
const nextMinute = { later: Date.parse('2026-11-22T10:01Z') };

describe('capDecision', () => {
  it.each([
    [9, 599, 'send'],
    [10, 0, 'heldBack'],
    [0, 600, nextMinute],
    [10, 600, 'heldBack'],
  ])('with %d messages to a phone in an hour and %d of a clinic in a minute', (toRecipient, byClinic, decision) => {
    expect(capDecision({ toRecipient, byClinic }, caps, now)).toEqual(decision);
  });

  it('waits for a minute that is to come, at its very beginning too', () => {
    expect(capDecision({ toRecipient: 0, byClinic: 600 }, caps, Date.parse('2026-11-22T10:00Z'))).toEqual(nextMinute);
  });

  it('follows what the clinic has set', () => {
    const { caps: own } = resolvePolicy({ caps: { messagesPerRecipientAndHour: 2 } });
    expect(capDecision({ toRecipient: 2, byClinic: 0 }, own, now)).toBe('heldBack');
    expect(own.messagesPerMinute).toBe(600);
  });
});
