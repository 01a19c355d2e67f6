import { describe, expect, it } from 'vitest';
import { explainOffer } from './offer-reasons.ts';

describe('why somebody was asked', () => {
  it('is told in a sentence, with what decided the order', () => {
    const reasons = { waitingSince: '2027-01-02', isInCare: true, lastAskedOn: null, insteadOf: null };
    expect(explainOffer(reasons)).toBe(
      'Waiting since 2027-01-02, would like a visit; in care here; never asked before.',
    );
    const again = { ...reasons, isInCare: false, lastAskedOn: '2027-01-05', insteadOf: 'Mon 1 Feb 2027 09:00' };
    expect(explainOffer(again)).toBe(
      'Waiting since 2027-01-02, would like to come earlier than on Mon 1 Feb 2027 09:00; not in care here yet; last asked on 2027-01-05.',
    );
  });
});
