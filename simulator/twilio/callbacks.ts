import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from '../behaviour.ts';
import { account, apiVersion } from '../account.ts';
import type { Carrier } from '../carrier.ts';
import { statusOrder } from '../message.ts';
import type { Fresh } from '../shelf.ts';
import type { MessageStatus, SimMessage } from '../message.ts';
import { signedForm } from './signature.ts';

/** Twilio's code for a text whose validity was over while it waited. */
const validityOver = '30036';

interface Receipt {
  status: MessageStatus;
  errorCode: string | null;
  /** How many seconds later than usual. */
  lateBy?: number;
}

/** The receipts that an outcome brings, in the order in which they are posted. */
function receiptsFor(outcome: Outcome, validity: number): Receipt[] {
  const receipt = (status: MessageStatus, errorCode: string | null = null): Receipt => ({ status, errorCode });
  const [queued, sent, delivered] = [receipt('queued'), receipt('sent'), receipt('delivered')];
  if (outcome.kind === 'noReceipt') return [queued, sent];
  if (outcome.kind === 'undelivered') return [queued, sent, receipt('undelivered', outcome.argument)];
  if (outcome.kind === 'reversedReceipts') return [delivered, sent, queued];
  if (outcome.kind === 'duplicateReceipts') return [queued, queued, sent, sent, delivered, delivered];
  if (outcome.kind === 'late') return [queued, ...lateReceipts(Number(outcome.argument), validity)];
  return [queued, sent, delivered];
}

function lateReceipts(lateBy: number, validity: number): Receipt[] {
  if (lateBy > validity) return [{ status: 'undelivered', errorCode: validityOver, lateBy: validity }];
  return [
    { status: 'sent', errorCode: null, lateBy },
    { status: 'delivered', errorCode: null },
  ];
}

/** Lives through a message's receipts one after the other, each posted before the next begins, so that the order is as told. */
export async function followUp(carrier: Carrier, message: SimMessage, outcome: Outcome): Promise<void> {
  for (const receipt of receiptsFor(outcome, message.validityPeriod ?? Infinity)) {
    try {
      const wait = carrier.timings.receiptMs + (receipt.lateBy ?? 0) * carrier.timings.secondMs;
      await delay(wait, undefined, { signal: carrier.closing });
    } catch {
      return;
    }
    carrier.store.texts.change(message.id, (current) => raise(current, receipt, carrier.now()));
    if (message.statusCallback) await report(carrier, message, message.statusCallback, receipt);
  }
}

function raise(current: SimMessage, { status, errorCode }: Receipt, now: number): Partial<Fresh<SimMessage>> {
  const isHigher = statusOrder.indexOf(status) > statusOrder.indexOf(current.status);
  const isUnsent = status === 'queued' || errorCode === validityOver;
  const sentAt = isUnsent ? current.sentAt : (current.sentAt ?? now);
  return isHigher ? { status, errorCode, sentAt } : { sentAt };
}

async function report(carrier: Carrier, message: SimMessage, url: string, receipt: Receipt): Promise<void> {
  const at = carrier.now();
  const answer = await carrier.webhooks(signedForm(url, callbackFields(message, receipt, at)));
  const call = { what: receipt.status, at, answer: answer?.status ?? null };
  carrier.store.texts.change(message.id, (current) => ({ calls: [...current.calls, call] }));
}

function callbackFields(message: SimMessage, { status, errorCode }: Receipt, now: number): Record<string, string> {
  const isFinal = status === 'delivered' || status === 'undelivered';
  return {
    ...(errorCode === null ? {} : { ErrorCode: errorCode }),
    ...(isFinal ? { RawDlrDoneDate: carrierDate(now) } : {}),
    SmsSid: message.id,
    SmsStatus: status,
    MessageStatus: status,
    To: message.to,
    ...(message.messagingServiceSid ? { MessagingServiceSid: message.messagingServiceSid } : {}),
    MessageSid: message.id,
    AccountSid: account.sid,
    From: message.from,
    ApiVersion: apiVersion,
  };
}

/** YYMMDDhhmm, as carriers write it. */
function carrierDate(at: number): string {
  return new Date(at).toISOString().replaceAll(/\D/g, '').slice(2, 12);
}
