import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { clinicOfSender } from '../../db/inbox/find-clinic.ts';
import { storeText } from '../../db/inbox/texts.ts';
import type { InboundWord } from '../../domain/inbound-words.ts';
import { tooLarge } from '../faults.ts';
import { type ReceiptDeps, takeReceipt } from './receipt.ts';
import { type TwilioEnv, type TwilioSignature, verifySignature } from './twilio-signature.ts';
import type { WebhookWorkflows } from './workflows.ts';

export interface TwilioWebhookDeps extends TwilioSignature, ReceiptDeps {
  workflows: WebhookWorkflows;
}

const LARGEST = 64 * 1024;

/**
 * What Twilio tells us: receipts of what we sent, and texts that people send us. Everything is in our tables before it is
 * answered; a Temporal that is away is caught up with by timers and by the sweep.
 */
export function twilioWebhooks(deps: TwilioWebhookDeps): Hono {
  const app = new Hono<TwilioEnv>();
  app.use(bodyLimit({ maxSize: LARGEST, onError: refuseSize }), verifySignature(deps));
  app.post('/status', async (c) => {
    const { m: message = '', a: attempt = '' } = c.req.query();
    const field = (name: string) => c.get('form').get(name) ?? '';
    await takeReceipt(deps, {
      message,
      attempt,
      providerMessageId: field('MessageSid'),
      status: field('MessageStatus'),
      errorCode: field('ErrorCode'),
    });
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
  if (!isHandled) deps.teller.tell({ clinicId, messageId: id }, () => deps.workflows.startInbound(clinicId, id));
}

const carrierWords: Readonly<Record<string, InboundWord>> = { STOP: 'optOut', START: 'optIn', HELP: 'help' };

function wordOf(optOutType: string | null): InboundWord | null {
  return carrierWords[optOutType ?? ''] ?? null;
}
