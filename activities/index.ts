import type { Database } from '../db/client.ts';
import { answerActivities } from './answers.ts';
import { appointmentActivities } from './appointment.ts';
import { freeTextActivities } from './free-text.ts';
import { type MessagingDependencies, messagingActivities } from './messaging/index.ts';
import { openingActivities } from './opening/index.ts';
import { proposalActivities } from './proposal.ts';
import { ruleChangeActivities } from './rule-change.ts';

export interface ActivityDependencies extends MessagingDependencies {
  db: Database;
}

/** Everything that workflows may ask of the outside world. */
export function createActivities(deps: ActivityDependencies) {
  return {
    ...appointmentActivities(deps.db),
    ...messagingActivities(deps),
    ...answerActivities(deps.db),
    ...openingActivities(deps.db),
    ...proposalActivities(deps.db),
    ...freeTextActivities(deps.db),
    ...ruleChangeActivities(deps.db),
  };
}

export type Activities = ReturnType<typeof createActivities>;
