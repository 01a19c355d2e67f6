import {
  type ApplicationFailure,
  allHandlersFinished,
  condition,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { KeptProposal, ProposalStatus } from '../../domain/proposal.ts';
import { databaseWrite, telling } from '../activity-options.ts';
import { refusalFrom } from '../refusals.ts';
import { sayDirectly } from '../send-directs.ts';
import { type ProposalInput, type ProposalOutcome, proposalAnsweredSignal, proposeUpdate } from './messages.ts';

const { makeProposal, expireProposal } = proxyLocalActivities<Activities>(databaseWrite);
const { tellOpenings } = proxyActivities<Activities>(telling);

/**
 * The life of one proposal: keeps its times, sends them to the patient, and gives them back where no answer comes in time.
 * It ends with whether one came; times that could not be kept are such an end too.
 */
export async function proposalWorkflow(input: ProposalInput): Promise<ProposalOutcome> {
  let begun: Begun | undefined;
  const news: News = { isAnswered: false, isGivenBack: false };
  setHandler(
    proposeUpdate,
    async () => {
      await condition(() => begun !== undefined);
      if ('refusal' in begun!) throw begun.refusal;
    },
    { description: 'Answers once the times are kept, or could not be.' },
  );
  setHandler(proposalAnsweredSignal, () => void (news.isAnswered = true), {
    description: 'One of the times is taken, or none is wanted.',
  });

  begun = await begin(input);
  if ('refusal' in begun) {
    const code = begun.refusal.type ?? 'TEMPORARILY_UNAVAILABLE';
    setCurrentDetails(`**Refused** with \`${code}\`: nothing is kept.`);
    await condition(allHandlersFinished);
    return { outcome: 'refused', code };
  }
  const { kept } = begun;
  const [outcome] = await Promise.all([untilOver(input, kept, news), tell(input, kept, news)]);
  await condition(allHandlersFinished);
  return { outcome };
}

/** What ends the wait. `isGivenBack`: the visit changed before its patient was told, and the times are free again. */
interface News {
  isAnswered: boolean;
  isGivenBack: boolean;
}

type Begun = { kept: KeptProposal } | { refusal: ApplicationFailure };

async function begin(input: ProposalInput): Promise<Begun> {
  try {
    return { kept: await makeProposal({ ...input, now: Date.now() }) };
  } catch (error) {
    const refusal = refusalFrom(error);
    if (refusal) return { refusal };
    throw error;
  }
}

async function tell(
  { clinicId }: ProposalInput,
  { openingIds, notificationId, sendAt }: KeptProposal,
  news: News,
): Promise<void> {
  if (openingIds.length > 0) await tellOpenings({ clinicId, openingIds });
  const notificationIds = [notificationId];
  news.isGivenBack = await sayDirectly({ clinicId, notificationIds, summary: 'proposal', from: sendAt });
}

/** Waits for an answer or the end of the time for it; at the last instant it is still in time. */
async function untilOver(
  { clinicId, proposalId }: ProposalInput,
  { expiresAt, local }: KeptProposal,
  news: News,
): Promise<Exclude<ProposalStatus, 'waiting'>> {
  setCurrentDetails(`Kept until ${local} clinic time.`);
  let status: ProposalStatus = 'waiting';
  while (status === 'waiting') {
    const left = Math.max(1, expiresAt + 1 - Date.now());
    const summary = `the times are free again at ${local}`;
    const isOver = await condition(() => news.isAnswered || news.isGivenBack, left, { summary });
    status = isOver && news.isAnswered ? 'answered' : await expireProposal({ clinicId, proposalId, now: Date.now() });
  }
  setCurrentDetails(
    status === 'answered' ? '**Answered**: no time is kept any more.' : '**Expired**: the times are free again.',
  );
  return status;
}
