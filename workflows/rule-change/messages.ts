import { type AppointmentId, type ClinicId, type RuleChangeId, ruleChangeWorkflowId } from '../../domain/ids.ts';
import { clinicIdAttribute } from '../search-attributes.ts';

/** What the workflow is started with, by whoever changed the rules or by the sweep that found the change untold. */
export interface RuleChangeInput {
  clinicId: ClinicId;
  ruleChangeId: RuleChangeId;
  /** How far it has come, where it goes on as new. */
  progress?: RuleChangeProgress;
}

export interface RuleChangeProgress {
  told: number;
  /** The last appointment that was told. */
  after: AppointmentId;
}

/** How it ended: so many appointments were open and were told. */
export interface RuleChangeOutcome {
  told: number;
}

/** How it is started, by all alike: a repeat joins the one that runs. */
export function ruleChangeStart(input: RuleChangeInput, taskQueue: string) {
  const { clinicId, ruleChangeId } = input;
  return {
    workflowId: ruleChangeWorkflowId(clinicId, ruleChangeId),
    taskQueue,
    args: [{ clinicId, ruleChangeId }] as [RuleChangeInput],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    staticSummary: 'other reminder rules, told to every open appointment',
    typedSearchAttributes: [{ key: clinicIdAttribute, value: clinicId }],
  };
}
