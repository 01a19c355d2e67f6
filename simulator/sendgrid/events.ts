import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Instant } from '../../domain/interval.ts';
import type { Outcome } from '../behaviour.ts';
import type { Carrier } from '../carrier.ts';
import { mailStatusOrder } from '../mail.ts';
import type { MailStatus, SimMail } from '../mail.ts';
import { signedEvents } from './signature.ts';

/** What happens to a mail, with the fields that only this kind of event has. */
interface Happening {
  status: Exclude<MailStatus, 'accepted'>;
  fields: Record<string, string | number>;
}

const happening = (status: Happening['status'], fields: Happening['fields'] = {}): Happening => ({ status, fields });

const processed = happening('processed');
const deferred = happening('deferred', { response: '451 4.7.1 try again later', attempt: '1' });
const delivered = happening('delivered', { response: '250 OK' });
const dropped = (reason: string): Happening => happening('dropped', { reason });

/** As the mailbox's server answered: 5 is for good, 4 means that SendGrid has given up trying. */
function turnedAway(code: string): Happening {
  const isForGood = code.startsWith('5');
  const fields = { type: isForGood ? 'bounce' : 'blocked', status: code };
  return happening(isForGood ? 'bounce' : 'blocked', {
    ...fields,
    reason: `${isForGood ? 550 : 450} ${code} simulated`,
  });
}

/** The batches of events that an outcome brings, in the order in which they are posted. */
function batchesFor({ kind, argument }: Outcome): Happening[][] {
  if (kind === 'noReceipt') return [[processed]];
  if (kind === 'undelivered') return [[processed], [turnedAway(argument ?? '5.0.0')]];
  if (kind === 'optedOut') return [[dropped('Unsubscribed Address')]];
  if (kind === 'invalid') return [[dropped('Invalid')]];
  if (kind === 'deferred') return [[processed], [deferred], [delivered]];
  if (kind === 'sentBack') return [[processed], [delivered], [turnedAway('5.1.1')]];
  if (kind === 'reversedReceipts') return [[delivered, processed]];
  // Twice in one batch, and once more in a batch of its own.
  if (kind === 'duplicateReceipts') return [[processed, processed], [delivered, delivered], [delivered]];
  return [[processed], [delivered]];
}

/** Lives through a mail's events one batch after the other, each posted before the next begins. */
export async function followUp(carrier: Carrier, mail: SimMail, outcome: Outcome): Promise<void> {
  const eventOf = eventsAbout(mail);
  for (const batch of batchesFor(outcome)) {
    try {
      await delay(carrier.timings.receiptMs, undefined, { signal: carrier.closing });
    } catch {
      return;
    }
    for (const each of batch) carrier.store.mails.change(mail.id, (current) => raise(current, each));
    await report(
      carrier,
      mail,
      batch.map((each) => eventOf(each, carrier.now())),
      batch,
    );
  }
}

function raise(current: SimMail, { status, fields }: Happening): Partial<Pick<SimMail, 'status' | 'reason'>> {
  const isHigher = mailStatusOrder.indexOf(status) > mailStatusOrder.indexOf(current.status);
  return isHigher ? { status, reason: 'reason' in fields ? String(fields['reason']) : null } : {};
}

/** The same happening is the same event, however often it is told. */
function eventsAbout(mail: SimMail): (what: Happening, at: Instant) => object {
  const sgMessageId = `${mail.messageId}.recvd-${randomBytes(5).toString('hex')}-1-${randomBytes(4).toString('hex').toUpperCase()}-1.0`;
  const known = new Map<Happening, object>();
  return (what, at) => {
    const event = known.get(what) ?? {
      email: mail.to,
      timestamp: Math.floor(at / 1_000),
      'smtp-id': `<${mail.messageId}@geopod-ismtpd-1>`,
      event: what.status === 'blocked' ? 'bounce' : what.status,
      sg_event_id: randomBytes(24).toString('base64url'),
      sg_message_id: sgMessageId,
      ...what.fields,
      ...mail.customArgs,
    };
    known.set(what, event);
    return event;
  };
}

async function report(carrier: Carrier, mail: SimMail, events: object[], batch: readonly Happening[]): Promise<void> {
  const at = carrier.now();
  const webhook = signedEvents(`${carrier.apiUrl}/webhooks/sendgrid/events`, events, carrier.now);
  const answer = await carrier.webhooks(webhook);
  const calls = batch.map(({ status }) => ({ what: status, at, answer: answer?.status ?? null }));
  carrier.store.mails.change(mail.id, (current) => ({ calls: [...current.calls, ...calls] }));
}
