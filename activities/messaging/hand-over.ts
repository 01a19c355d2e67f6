import { type Verdict, planHandOver } from '../../db/commands/notifications/hand-over.ts';
import { recordOutcome } from '../../db/commands/messages/record-outcome.ts';
import type { Database } from '../../db/client.ts';
import type { HandOver, HandOverResult } from '../../domain/delivery.ts';
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
 * step's key, so a second run sends nothing of which the first may have sent.
 */
export async function handOver(deps: MessagingDependencies, input: HandOver, moment: Moment): Promise<HandedOver> {
  const { now } = moment;
  const decide = planHandOver(deps.db, input, now, (facts) => judge(input, facts, moment, deps));
  const decided = await asActivityResult(decide);
  if (decided.verdict === 'later') return { result: 'later', at: decided.at };
  if (decided.verdict === 'uncertain') return { result: 'uncertain', messageId: decided.messageId };
  if (decided.verdict !== 'attempt') return { result: isSuperseded(decided) ? 'superseded' : 'done' };

  const { attempt } = decided;
  const { messageId, number } = attempt;
  const { transports } = deps;
  const outcome = await sendOnce(attempt, { transports, now, usefulUntil: input.step.usefulUntil });
  const record = { clinicId: input.clinicId, messageId, attempt: number, outcome, now };
  await asActivityResult(recordOutcome(deps.db, record));
  if (outcome.outcome === 'busy') throw busyFailure(outcome, number);
  return outcome.outcome === 'unknown' ? { result: 'uncertain', messageId } : { result: 'done' };
}

function isSuperseded(decided: Verdict): boolean {
  return decided.verdict === 'close' && decided.closing.reason === 'superseded';
}
