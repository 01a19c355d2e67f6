import type { Log } from '../../config/log.ts';
import type { Database } from '../../db/client.ts';
import { clinicOfMessage } from '../../db/inbox/find-clinic.ts';
import { recordReceipt } from '../../db/inbox/receipts.ts';
import { type MessageId, asId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/interval.ts';
import type { Teller, WebhookWorkflows } from './workflows.ts';

export interface ReceiptDeps {
  db: Database;
  workflows: Pick<WebhookWorkflows, 'receiptArrived' | 'openingChanged'>;
  teller: Pick<Teller, 'tell'>;
  log: Log;
  now: () => Instant;
}

/** A provider's word about a message that we gave our own id and attempt to take along. */
export interface ReportedReceipt {
  message: string;
  attempt: string;
  providerMessageId: string;
  /** In the provider's own words; the code is empty where nothing went wrong. */
  status: string;
  errorCode: string;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const attemptNumber = /^[1-9]\d{0,3}$/;

/** Stores it and wakes whoever waits for it. What is about no message of ours is forgotten: repeating it would not help. */
export async function takeReceipt(deps: ReceiptDeps, reported: ReportedReceipt): Promise<void> {
  const { message, attempt, ...receipt } = reported;
  const isWhole = receipt.providerMessageId !== '' && receipt.status !== '';
  const isOurs = uuid.test(message) && attemptNumber.test(attempt) && isWhole;
  const messageId = asId<MessageId>(message);
  const clinicId = isOurs ? await clinicOfMessage(deps.db, messageId) : undefined;
  if (!clinicId) return deps.log.warn('a receipt for no message of ours');
  const about = { clinicId, messageId, attempt: Number(attempt), now: deps.now() };
  const { settled, opening } = await recordReceipt(deps.db, { ...about, ...receipt });
  if (settled) deps.teller.tell(about, () => deps.workflows.receiptArrived(clinicId, messageId));
  if (opening) deps.teller.tell(about, () => deps.workflows.openingChanged(clinicId, opening.openingId));
}
