import { Context, getClient } from '@temporalio/activity';
import type { ErrorCode } from '../domain/errors.ts';
import {
  type ProposalInput,
  type ProposalOutcome,
  proposalStart,
  proposeUpdate,
} from '../workflows/proposal/messages.ts';
import { answerOf } from './ask-appointment.ts';

/** What became of a proposal: its times are kept, or were; or why they could not be. */
export type Proposed = { outcome: 'done' } | { outcome: 'refused'; code: ErrorCode };

/** Starts a proposal's life, or joins it, and waits until its times are kept. Twice is harmless: the first one's times count. */
export async function askForProposal(input: ProposalInput): Promise<Proposed> {
  const { workflow } = getClient();
  const start = proposalStart(input, Context.current().info.taskQueue);
  const asked = await answerOf(async () => {
    const life = await workflow.start('proposalWorkflow', start);
    return life.executeUpdate(proposeUpdate, { updateId: 'propose' });
  });
  if (asked.outcome !== 'closed') return asked;
  const ended = (await workflow.getHandle(start.workflowId).result()) as ProposalOutcome;
  return ended.outcome === 'refused' ? { outcome: 'refused', code: ended.code as ErrorCode } : { outcome: 'done' };
}
