import type { ClinicId, InboundMessageId } from '../../domain/ids.ts';

/** What the workflow is started with, by the webhook that stored the text or by the sweep that found it. */
export interface InboundMessageInput {
  clinicId: ClinicId;
  inboundMessageId: InboundMessageId;
}
