import {
  continueAsNew,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { SECOND } from '../../domain/interval.ts';
import { databaseWrite, longRound } from '../activity-options.ts';
import type { RuleChangeInput, RuleChangeOutcome } from './messages.ts';

const { tellOpenAppointments } = proxyActivities<Activities>(longRound);
const { markRuleChangeTold } = proxyLocalActivities<Activities>(databaseWrite);

/** Longer than the transaction of a reservation that began by the rules before: its appointment is there to be told then. */
const UNTIL_ALL_ARE_THERE = 15 * SECOND;

/**
 * Tells every open appointment of a clinic once that the reminder rules are others, page by page. Ends when all have been
 * told; appointments that are made meanwhile have the new rules by themselves.
 */
export async function ruleChangeWorkflow({
  clinicId,
  ruleChangeId,
  progress,
}: RuleChangeInput): Promise<RuleChangeOutcome> {
  let { told, after } = progress ?? { told: 0, after: null };
  if (!progress) {
    setCurrentDetails('Waits for reservations that began by the rules before.');
    await sleep(UNTIL_ALL_ARE_THERE, { summary: 'reservations by the old rules' });
  }
  for (;;) {
    const page = await tellOpenAppointments({ clinicId, ruleChangeId, after });
    told += page.told;
    setCurrentDetails(`${count(told)} of ${count(told + page.left)} told.`);
    if (page.left === 0 || page.last === null) break;
    after = page.last;
    if (workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof ruleChangeWorkflow>({ clinicId, ruleChangeId, progress: { told, after } });
    }
  }
  await markRuleChangeTold({ clinicId, ruleChangeId, now: Date.now() });
  return { told };
}

/** "1,300". By hand: `Intl` stays out of workflows. */
function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}
