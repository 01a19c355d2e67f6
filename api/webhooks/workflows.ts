import PQueue from 'p-queue';
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

/** What is told of: ids for the log. */
interface About {
  clinicId: ClinicId;
  messageId: string;
}

/** Tells workflows what has been stored, after the provider has its answer. */
export interface Teller {
  tell(about: About, call: () => Promise<void>): void;
  /** Ends when all that waits has been told, or could not be. */
  stop(): Promise<void>;
}

/** Few at once: what is answered now comes before what is told soon. One that Temporal does not answer gives up in seconds. */
const AT_ONCE = 4;
/** Of a flood that is longer than this the sweep takes care. */
const MOST_WAITING = 10_000;

/**
 * Everything is stored before it is told, and found again by timer or sweep: so the provider waits for our tables alone, and a
 * flood of texts or a slow engine costs it nothing.
 */
export function backgroundTeller(log: Log): Teller {
  const queue = new PQueue({ concurrency: AT_ONCE });
  return {
    tell: ({ clinicId, messageId }, call) => {
      const missed = (error?: unknown) =>
        log.warn('stored, but the workflow was not told', { clinicId, messageId }, error);
      if (queue.size >= MOST_WAITING) return missed();
      void queue.add(call).catch(missed);
    },
    stop: () => queue.onIdle(),
  };
}
