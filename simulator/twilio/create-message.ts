import { createHash } from 'node:crypto';
import type { Outcome } from '../behaviour.ts';
import { foreignSenderEnding } from '../behaviour.ts';
import type { Carrier } from '../carrier.ts';
import { isLoopbackUrl } from '../loopback.ts';
import { newText } from '../message.ts';
import type { SimMessage } from '../message.ts';
import { twilioErrors } from './errors.ts';

interface SendRequest {
  to: string;
  from: string;
  body: string;
  messagingServiceSid: string | null;
  statusCallback: string | null;
  validityPeriod: number | null;
}

const e164 = /^\+[1-9]\d{6,14}$/;
const shortCode = /^\d{3,8}$/;
const senderName = /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/;
const serviceSid = /^MG[0-9a-f]{32}$/i;

/** Accepts a message, or throws Twilio's error; the outcome says how to answer and what receipts follow. */
export function createMessage(carrier: Carrier, form: URLSearchParams): { message: SimMessage; outcome: Outcome } {
  const request = readRequest(form);
  if (!carrier.switches.hasRoom()) throw twilioErrors.tooManyRequests();
  if (carrier.blocks.has(request.from, request.to)) throw twilioErrors.optedOut();
  const outcome = carrier.behaviours.take(request.to);
  refuseAsTold(outcome, request.to);
  const status = request.messagingServiceSid ? 'accepted' : 'queued';
  const message = carrier.store.texts.add(newText({ direction: 'outbound-api', status, ...request }));
  return { message, outcome };
}

function readRequest(form: URLSearchParams): SendRequest {
  const to = form.get('To') ?? '';
  if (!to) throw twilioErrors.toRequired();
  const sender = readSender(form);
  if (!e164.test(to)) throw twilioErrors.invalidTo(to);
  return { to, body: readBody(form), ...sender, ...readTerms(form) };
}

function readSender(form: URLSearchParams): Pick<SendRequest, 'from' | 'messagingServiceSid'> {
  const service = form.get('MessagingServiceSid');
  if (service) {
    if (!serviceSid.test(service)) throw twilioErrors.noSuchService(service);
    return { from: form.get('From') || senderOfService(service), messagingServiceSid: service };
  }
  const from = form.get('From') ?? '';
  if (!from) throw twilioErrors.fromRequired();
  if (![e164, shortCode, senderName].some((shape) => shape.test(from))) throw twilioErrors.invalidFrom(from);
  if (from.endsWith(foreignSenderEnding)) throw twilioErrors.foreignFrom(from);
  return { from, messagingServiceSid: null };
}

/** A service picks its number by itself; here the same service always picks the same one. */
function senderOfService(sid: string): string {
  const digest = createHash('sha256').update(sid).digest().readUInt32BE();
  return `+1500555${String(digest % 10_000).padStart(4, '0')}`;
}

function readBody(form: URLSearchParams): string {
  const body = form.get('Body') ?? '';
  if (!body.trim()) throw twilioErrors.bodyRequired();
  if (body.length > 1_600) throw twilioErrors.bodyTooLong();
  return body;
}

function readTerms(form: URLSearchParams): Pick<SendRequest, 'statusCallback' | 'validityPeriod'> {
  const validity = form.get('ValidityPeriod');
  const isValid = validity === null || (/^\d+$/.test(validity) && Number(validity) >= 1 && Number(validity) <= 36_000);
  if (!isValid) throw twilioErrors.invalidValidityPeriod();
  const url = form.get('StatusCallback');
  if (url && !isLoopbackUrl(url)) throw twilioErrors.invalidCallback();
  return { statusCallback: url || null, validityPeriod: validity === null ? null : Number(validity) };
}

function refuseAsTold(outcome: Outcome, to: string): void {
  if (outcome.kind === 'invalid') throw twilioErrors.invalidTo(to);
  if (outcome.kind === 'optedOut') throw twilioErrors.optedOut();
  if (outcome.kind === 'rateLimited') throw twilioErrors.tooManyRequests();
  if (outcome.kind === 'errorNotSent') throw twilioErrors.internal();
}
