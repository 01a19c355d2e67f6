import { Context, getClient, heartbeat } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Database } from '../db/client.ts';
import { markRuleChangeTold } from '../db/commands/rule-changes/mark-told.ts';
import { openAppointments } from '../db/queries/open-appointments.ts';
import { type AppointmentId, type ClinicId, type RuleChangeId, appointmentWorkflowId } from '../domain/ids.ts';
import type { Instant } from '../domain/interval.ts';
import { asActivityResult } from './refusal.ts';

export interface TellOpenAppointments {
  clinicId: ClinicId;
  ruleChangeId: RuleChangeId;
  /** The last one that was told before. */
  after: AppointmentId | null;
}

export interface ToldPage {
  told: number;
  last: AppointmentId | null;
  left: number;
}

const PAGE = 200;
const AT_ONCE = 10;

/** What becomes of a change of what plans are made from. */
export function ruleChangeActivities(db: Database) {
  return {
    /** Tells a page of the open appointments that it concerns to plan anew. Twice is harmless: told again, one plans the same again. */
    tellOpenAppointments: async ({ clinicId, ruleChangeId, after }: TellOpenAppointments): Promise<ToldPage> => {
      const { ids, left } = await asActivityResult(
        openAppointments(db, { clinicId, ruleChangeId, after, atMost: PAGE }),
      );
      const toldBefore = Context.current().info.heartbeatDetails as AppointmentId | undefined;
      const untold = ids.filter((id) => toldBefore === undefined || id > toldBefore);
      for (let first = 0; first < untold.length; first += AT_ONCE) {
        const some = untold.slice(first, first + AT_ONCE);
        await Promise.all(some.map((id) => tell(appointmentWorkflowId(clinicId, id), ruleChangeId)));
        heartbeat(some.at(-1));
      }
      return { told: ids.length, last: ids.at(-1) ?? null, left };
    },

    /** Writes down that all have been told. Twice is harmless: the first time stands. */
    markRuleChangeTold: (change: { clinicId: ClinicId; ruleChangeId: RuleChangeId; now: Instant }): Promise<void> =>
      asActivityResult(markRuleChangeTold(db, change)),
  };
}

async function tell(workflowId: string, ruleChangeId: RuleChangeId): Promise<void> {
  try {
    await getClient().workflow.getHandle(workflowId).signal('rulesChanged', { ruleChangeId });
  } catch (error) {
    // Over since the page was read: there is nothing left to plan.
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
