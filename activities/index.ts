import type { Database } from '../db/client.ts';
import { appointmentActivities } from './appointment.ts';
import { type MessagingDependencies, messagingActivities } from './messaging/index.ts';
import { ruleChangeActivities } from './rule-change.ts';

export interface ActivityDependencies extends MessagingDependencies {
  db: Database;
}

/** Everything that workflows may ask of the outside world. */
export function createActivities(deps: ActivityDependencies) {
  return { ...appointmentActivities(deps.db), ...messagingActivities(deps), ...ruleChangeActivities(deps.db) };
}

export type Activities = ReturnType<typeof createActivities>;
