import type { Database } from '../db/client.ts';
import { appointmentActivities } from './appointment.ts';
import { type MessagingDependencies, messagingActivities } from './messaging/index.ts';

export interface ActivityDependencies extends MessagingDependencies {
  db: Database;
}

/** Everything that workflows may ask of the outside world. */
export function createActivities(deps: ActivityDependencies) {
  return { ...appointmentActivities(deps.db), ...messagingActivities(deps) };
}

export type Activities = ReturnType<typeof createActivities>;
