import { Client, Connection } from '@temporalio/client';
import { connectionTo } from '../../config/temporal.ts';
import type { ruleChangeWorkflow } from '../../workflows/index.ts';
import { type RuleChangeInput, ruleChangeStart } from '../../workflows/rule-change/messages.ts';
import type { AdminSettings } from './settings.ts';

/** Starts telling at once, where Temporal can be reached; otherwise the worker's sweep finds the change untold. */
export async function startRuleChange(change: RuleChangeInput, temporal: AdminSettings['temporal']): Promise<boolean> {
  if (!temporal) return false;
  const { namespace, taskQueue } = temporal;
  const connection = Connection.lazy({ ...connectionTo(temporal), connectTimeout: 3_000 });
  const client = new Client({ connection, namespace });
  try {
    await connection.withDeadline(Date.now() + 5_000, () =>
      client.workflow.start<typeof ruleChangeWorkflow>('ruleChangeWorkflow', ruleChangeStart(change, taskQueue)),
    );
    return true;
  } catch {
    return false;
  } finally {
    await connection.close();
  }
}
