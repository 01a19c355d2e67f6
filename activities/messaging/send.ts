import { SECOND } from '../../domain/interval.ts';
import type { Instant } from '../../domain/interval.ts';
import type { Channel } from '../../domain/plan.ts';
import type { PlannedAttempt } from './composition.ts';
import type { SendOutcome, Transports } from './transports/transport.ts';

/** Makes one try. Whatever a transport throws may have left, so it counts as unknown. */
export async function sendOnce<C extends Channel>(
  attempt: PlannedAttempt<C>,
  { transports, now }: { transports: Transports; now: Instant },
): Promise<SendOutcome> {
  const transport = transports[attempt.channel];
  // Certain not to have left, and to be judged again by a worker that has the transport.
  if (!transport) return { outcome: 'busy', errorCode: 'NO_TRANSPORT' };
  try {
    return await transport.send({
      messageId: attempt.messageId,
      attempt: attempt.number,
      from: attempt.sender,
      to: attempt.recipient,
      validForSeconds: (attempt.usefulUntil - now) / SECOND,
      ...attempt.content,
    });
  } catch {
    return { outcome: 'unknown', errorCode: 'THROWN' };
  }
}
