import { type Closing, planHandOver } from '../../db/commands/notifications/hand-over.ts';
import { recordOutcome } from '../../db/commands/messages/record-outcome.ts';
import type { Database } from '../../db/client.ts';
import type { DirectHandOver, HandOver, HandOverResult } from '../../domain/delivery.ts';
import type { MessageId } from '../../domain/ids.ts';
import { asActivityResult } from '../refusal.ts';
import { busyFailure } from './outcome.ts';
import { type Means, type Moment, judge } from './plan.ts';
import { sendOnce } from './send.ts';

export interface MessagingDependencies extends Means {
  db: Database;
}

/** What became of a hand-over; `uncertain` may have left, and somebody must find out. */
export type HandedOver = HandOverResult | { result: 'uncertain'; messageId: MessageId };

/**
 * Plan, send once, record: the road of everything that goes out. What was committed before a crash is found again by the
 * step's key or the notification, so a second run sends nothing of which the first may have sent.
 */
export async function handOver(
  deps: MessagingDependencies,
  due: HandOver | DirectHandOver,
  moment: Moment,
): Promise<HandedOver> {
  const { now } = moment;
  const decided = await asActivityResult(planHandOver(deps.db, due, now, (facts) => judge(facts, moment, deps)));
  if (decided.verdict === 'later') return { result: 'later', at: decided.at };
  if (decided.verdict === 'uncertain') return { result: 'uncertain', messageId: decided.messageId };
  if (decided.verdict === 'close') return closed(decided.closing);
  if (decided.verdict === 'done') return { result: 'done' };

  const { attempt } = decided;
  const { messageId, number } = attempt;
  const outcome = await sendOnce(attempt, { transports: deps.transports, now });
  const record = { clinicId: due.clinicId, messageId, attempt: number, outcome, now };
  await asActivityResult(recordOutcome(deps.db, record));
  if (outcome.outcome === 'busy') throw busyFailure(outcome, number);
  if (outcome.outcome === 'unknown') return { result: 'uncertain', messageId };
  return outcome.outcome === 'rejected' ? { result: 'done', isUnsaid: true } : { result: 'done' };
}

function closed({ status, reason }: Closing): HandOverResult {
  if (reason === 'superseded') return { result: 'superseded' };
  return status === 'handedOver' ? { result: 'done' } : { result: 'done', isUnsaid: true };
}
