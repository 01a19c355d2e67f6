import { MINUTE } from './interval.ts';
import type { Instant } from './interval.ts';
import type { Caps } from './policy.ts';

/** Messages that were begun lately; another try at one of them is not a new one. */
export interface SendingLoad {
  /** To this address in the last hour. */
  toRecipient: number;
  /** By the whole clinic in the last minute. */
  byClinic: number;
}

/**
 * Decides whether one message more may leave now. A flood at one phone is stopped for good, since it helps nobody there;
 * a clinic's flood only waits for the next minute of the clock.
 */
export function capDecision(load: SendingLoad, caps: Caps, now: Instant): 'send' | 'heldBack' | { later: Instant } {
  if (load.toRecipient >= caps.messagesPerRecipientAndHour) return 'heldBack';
  if (load.byClinic >= caps.messagesPerMinute) return { later: (Math.floor(now / MINUTE) + 1) * MINUTE };
  return 'send';
}
