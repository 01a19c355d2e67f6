import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { Refusal } from '../../domain/errors.ts';
import { reportOf } from '../../domain/mail-event.ts';
import { tooLarge } from '../faults.ts';
import { type ReceiptDeps, takeReceipt } from './receipt.ts';
import { type SendGridEnv, type SendGridSignature, verifyEvents } from './sendgrid-signature.ts';

export type SendGridWebhookDeps = ReceiptDeps & SendGridSignature;

/** Far more than the batches that SendGrid gathers. */
const LARGEST = 4 * 1024 * 1024;

const word = z.string().optional().catch(undefined);
const mailEvent = z.object({
  event: z.string(),
  sg_message_id: z.string(),
  vuoro_message: z.string(),
  vuoro_attempt: z.string(),
  type: word,
  status: word,
  reason: word,
});

/**
 * What SendGrid tells of the mails that we sent. A batch is answered when all of it is in our tables; one that breaks off
 * comes again, and what is stored already changes nothing.
 */
export function sendGridWebhooks(deps: SendGridWebhookDeps): Hono {
  const app = new Hono<SendGridEnv>();
  app.use(bodyLimit({ maxSize: LARGEST, onError: refuseSize }), verifyEvents(deps));
  app.post('/events', async (c) => {
    for (const event of batchOf(c.get('events'))) await takeEvent(deps, event);
    return c.body(null, 204);
  });
  return app as unknown as Hono;
}

function refuseSize(): never {
  throw tooLarge();
}

function batchOf(json: string): unknown[] {
  const batch = parse(json);
  if (!Array.isArray(batch)) throw new Refusal('MALFORMED_REQUEST', 'The body is not a list of events.');
  return batch;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

async function takeEvent(deps: ReceiptDeps, json: unknown): Promise<void> {
  const { success, data: event } = mailEvent.safeParse(json);
  if (!success) return deps.log.warn('an event about no mail of ours');
  await takeReceipt(deps, {
    message: event.vuoro_message,
    attempt: event.vuoro_attempt,
    // What stands before the dot is the id that the send was answered with.
    providerMessageId: event.sg_message_id.replace(/\..*$/, ''),
    ...reportOf(event),
  });
}
