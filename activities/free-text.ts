import type { Database } from '../db/client.ts';
import { type PlanFreeText, planFreeText } from '../db/commands/free-texts/plan.ts';
import type { NotificationId } from '../domain/ids.ts';
import { asActivityResult } from './refusal.ts';

/** What staff write themselves. */
export function freeTextActivities(db: Database) {
  return {
    /** Plans the message. Twice is harmless: the text's id is its key. */
    planFreeText: (text: PlanFreeText): Promise<NotificationId> => asActivityResult(planFreeText(db, text)),
  };
}
