import type { Log } from '../../config/log.ts';
import type { ClinicId, InboundMessageId, MessageId, OpeningId } from '../../domain/ids.ts';

/** What the webhooks ask of Temporal. All calls are safe to repeat. */
export interface WebhookWorkflows {
  /** Wakes the workflow that waits for news of this message; none is there if it has ended or not begun. */
  receiptArrived(clinicId: ClinicId, messageId: MessageId): Promise<void>;
  /** Tells the opening's workflow to look at the tables; none is there if it has ended. */
  openingChanged(clinicId: ClinicId, openingId: OpeningId): Promise<void>;
  /** Starts the workflow that takes care of an inbound text, or joins it. */
  startInbound(clinicId: ClinicId, inboundMessageId: InboundMessageId): Promise<void>;
}

/** What is stored is found again by timer or sweep, so the provider is not made to repeat it for our engine's sake. */
export async function tell(
  log: Log,
  { clinicId, messageId }: { clinicId: ClinicId; messageId: string },
  call: () => Promise<void>,
): Promise<void> {
  try {
    await call();
  } catch (error) {
    log.warn('stored, but the workflow was not told', { clinicId, messageId }, error);
  }
}
