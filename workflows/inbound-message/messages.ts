import { type ClinicId, type InboundMessageId, inboundWorkflowId } from '../../domain/ids.ts';
import { clinicIdAttribute } from '../search-attributes.ts';

/** What the workflow is started with, by the webhook that stored the text or by the sweep that found it. */
export interface InboundMessageInput {
  clinicId: ClinicId;
  inboundMessageId: InboundMessageId;
}

/** How it is started, by both alike: a repeat joins the first, and one that has ended stays so. */
export function inboundStart(input: InboundMessageInput, taskQueue: string) {
  return {
    workflowId: inboundWorkflowId(input.clinicId, input.inboundMessageId),
    taskQueue,
    args: [input] as [InboundMessageInput],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    staticSummary: 'what an inbound text means',
    typedSearchAttributes: [{ key: clinicIdAttribute, value: input.clinicId }],
  };
}
