import { patched, proxyActivities, proxyLocalActivities, setCurrentDetails } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { AnswerOutcome } from '../../domain/inbound-outcome.ts';
import { databaseWrite, telling } from '../activity-options.ts';
import { sayDirectly } from '../send-directs.ts';
import type { InboundMessageInput } from './messages.ts';

const { handleInboundText, finishInboundText } = proxyLocalActivities<Activities>(databaseWrite);
const { carryOutAnswer, tellOpenings, proposeOtherTimes } = proxyActivities<Activities>(telling);

/**
 * Takes care of one inbound text: decides what it means, carries out its answers one after the other, replies where nothing
 * changed, and proposes other times where the clinic does so. Ends when all of that is written down and said.
 */
export async function inboundMessageWorkflow(input: InboundMessageInput) {
  const { clinicId } = input;
  const text = await handleInboundText({ ...input, now: Date.now() });
  // Texts that were handled before answers acted have neither.
  const { understoodAs, actions = [], toSend = [], openingIds = [] } = text as Partial<typeof text>;
  setCurrentDetails(`Understood as ${understoodAs}.`);
  if (openingIds.length > 0) await tellOpenings({ clinicId, openingIds });
  const outcomes: AnswerOutcome[] = [];
  for (const action of actions) {
    const summary = `${action.answer}: question ${action.questionId}`;
    const carryOut = { ...input, action, now: Date.now() };
    outcomes.push(await carryOutAnswer.executeWithOptions({ summary }, [carryOut]));
  }
  const replies = [...toSend];
  const reply = async () => {
    const notificationIds = replies.splice(0);
    if (notificationIds.length > 0) await sayDirectly({ clinicId, notificationIds, summary: 'reply' });
  };
  if (outcomes.length > 0) {
    const finished = await finishInboundText({ ...input, outcomes, now: Date.now() });
    replies.push(...finished.toSend.filter((id) => !replies.includes(id)));
    // Texts that were finished before times were proposed have none.
    const { otherTimesDue = [] } = finished;
    if (otherTimesDue.length > 0 && replies.length > 0 && patched('replies-first')) await reply();
    for (const due of otherTimesDue) {
      const summary = `other times in place of appointment ${due.appointmentId}`;
      await proposeOtherTimes.executeWithOptions({ summary }, [{ clinicId, ...due }]);
    }
  }
  await reply();
  return { understoodAs, outcomes };
}
