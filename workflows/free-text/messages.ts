import { type ClinicId, type FreeTextId, freeTextWorkflowId } from '../../domain/ids.ts';
import { clinicIdAttribute } from '../search-attributes.ts';

/** What the workflow is started with: the text itself stays in the database. */
export interface FreeTextInput {
  clinicId: ClinicId;
  freeTextId: FreeTextId;
  /** It does not wait for the morning. */
  sendNow: boolean;
}

/** How it is started: a repeat joins the first, and one that has ended stays so. */
export function freeTextStart(input: FreeTextInput, taskQueue: string) {
  return {
    workflowId: freeTextWorkflowId(input.clinicId, input.freeTextId),
    taskQueue,
    args: [input] as [FreeTextInput],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    staticSummary: 'a message that staff wrote',
    typedSearchAttributes: [{ key: clinicIdAttribute, value: input.clinicId }],
  };
}
