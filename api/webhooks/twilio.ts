import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Log } from '../../config/log.ts';
import type { Database } from '../../db/client.ts';
import { clinicOfMessage, clinicOfSender } from '../../db/inbox/find-clinic.ts';
import { recordReceipt } from '../../db/inbox/receipts.ts';
import { storeText } from '../../db/inbox/texts.ts';
import { type ClinicId, type InboundMessageId, type MessageId, asId } from '../../domain/ids.ts';
import type { InboundWord } from '../../domain/inbound-words.ts';
import type { Instant } from '../../domain/interval.ts';
import { tooLarge } from '../faults.ts';
import { type TwilioEnv, type TwilioSignature, verifySignature } from './twilio-signature.ts';

/** What the webhooks ask of Temporal. Both calls are safe to repeat. */
export interface WebhookWorkflows {
  /** Wakes the workflow that waits for news of this message; none is there if it has ended or not begun. */
  receiptArrived(clinicId: ClinicId, messageId: MessageId): Promise<void>;
  /** Starts the workflow that takes care of an inbound text, or joins it. */
  startInbound(clinicId: ClinicId, inboundMessageId: InboundMessageId): Promise<void>;
}

export interface TwilioWebhookDeps extends TwilioSignature {
  db: Database;
  workflows: WebhookWorkflows;
  log: Log;
  now: () => Instant;
}

const LARGEST = 64 * 1024;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * What Twilio tells us: receipts of what we sent, and texts that people send us. Everything is in our tables before it is
 * answered; a Temporal that is away is caught up with by timers and by the sweep.
 */
export function twilioWebhooks(deps: TwilioWebhookDeps): Hono {
  const app = new Hono<TwilioEnv>();
  app.use(bodyLimit({ maxSize: LARGEST, onError: refuseSize }), verifySignature(deps));
  app.post('/status', async (c) => {
    await takeReceipt(deps, c.req.query(), c.get('form'));
    return c.body(null, 204);
  });
  app.post('/messages', async (c) => {
    await takeText(deps, c.get('form'));
    return c.body(null, 204);
  });
  return app as unknown as Hono;
}

function refuseSize(): never {
  throw tooLarge();
}

async function takeReceipt(
  deps: TwilioWebhookDeps,
  query: Record<string, string>,
  form: URLSearchParams,
): Promise<void> {
  const { m = '', a = '' } = query;
  const providerMessageId = form.get('MessageSid') ?? '';
  const status = form.get('MessageStatus') ?? '';
  const isOurs = uuid.test(m) && /^[1-9]\d{0,3}$/.test(a) && providerMessageId !== '' && status !== '';
  const messageId = asId<MessageId>(m);
  const clinicId = isOurs ? await clinicOfMessage(deps.db, messageId) : undefined;
  if (!clinicId) return deps.log.warn('a receipt for no message of ours');
  const errorCode = form.get('ErrorCode') ?? '';
  const about = { clinicId, messageId, attempt: Number(a), now: deps.now() };
  const { settled } = await recordReceipt(deps.db, { ...about, providerMessageId, status, errorCode });
  if (settled) await tell(deps, about, () => deps.workflows.receiptArrived(clinicId, messageId));
}

async function takeText(deps: TwilioWebhookDeps, form: URLSearchParams): Promise<void> {
  const [providerMessageId, sender, recipient] = ['MessageSid', 'From', 'To'].map((name) => form.get(name) ?? '');
  const clinicId = recipient ? await clinicOfSender(deps.db, 'sms', recipient) : undefined;
  if (!clinicId || !providerMessageId || !sender || !recipient) return deps.log.warn('a text for no number of ours');
  const { id, isHandled } = await storeText(deps.db, {
    clinicId,
    transport: 'twilio',
    providerMessageId,
    sender,
    recipient,
    body: form.get('Body') ?? '',
    carrierSays: wordOf(form.get('OptOutType')),
    now: deps.now(),
  });
  if (!isHandled) await tell(deps, { clinicId, messageId: id }, () => deps.workflows.startInbound(clinicId, id));
}

const carrierWords: Readonly<Record<string, InboundWord>> = { STOP: 'optOut', START: 'optIn', HELP: 'help' };

function wordOf(optOutType: string | null): InboundWord | null {
  return carrierWords[optOutType ?? ''] ?? null;
}

/** What is stored is found again by timer or sweep, so Twilio is not made to repeat it for our engine's sake. */
async function tell(
  { log }: TwilioWebhookDeps,
  about: { clinicId: ClinicId; messageId: string },
  call: () => Promise<void>,
): Promise<void> {
  try {
    await call();
  } catch (error) {
    const { clinicId, messageId } = about;
    log.warn('stored, but the workflow was not told', { clinicId, messageId }, error);
  }
}
