import { describe, expect, it } from 'vitest';
import { messageStatuses, rises } from './message.ts';
import { channels } from './plan.ts';

describe('rises', () => {
  it.each(channels)('never falls, nor stays where it is: %s', (channel) => {
    for (const one of messageStatuses) {
      for (const other of messageStatuses) {
        expect(rises(channel, one, other) && rises(channel, other, one)).toBe(false);
        expect(rises(channel, one, other) || rises(channel, other, one)).toBe(one !== other);
      }
    }
  });

  it('takes a delivery of a text for the correction of a failure, and a bounce of a mail for that of a delivery', () => {
    expect(rises('sms', 'undelivered', 'delivered')).toBe(true);
    expect(rises('email', 'delivered', 'undelivered')).toBe(true);
  });
});
