import { account, apiVersion } from '../account.ts';
import type { Carrier } from '../carrier.ts';
import { carrierAnswers, carrierWord } from '../block-list.ts';
import type { CarrierWord } from '../block-list.ts';
import { newText } from '../message.ts';
import type { SimMessage } from '../message.ts';
import type { WebhookAnswer } from '../webhooks.ts';
import { signedForm } from './signature.ts';

export interface Text {
  from: string;
  to: string;
  body: string;
}

/** A patient's text arrives at the carrier: block list, the carrier's own answer, then the signed webhook to the API. */
export async function receiveText(
  carrier: Carrier,
  text: Text,
): Promise<{ message: SimMessage; answer: WebhookAnswer | null }> {
  const { store, switches, now } = carrier;
  const service = store.texts.all().findLast((each) => each.from === text.to)?.messagingServiceSid ?? null;
  const inbound = newText({ direction: 'inbound', status: 'received', messagingServiceSid: service, ...text });
  const message = store.texts.add(inbound);
  const word = carrierWord(text.body);
  if (word && carrier.blocks.apply(word, text.to, text.from)) answerAsCarrier(carrier, text, word);
  // Twilio itself marks the word for those numbers only; for all others it acts on it and leaves it unmarked.
  const isMarked = switches.settings.advancedOptOut && service !== null;
  const at = now();
  const url = `${carrier.apiUrl}/webhooks/twilio/messages`;
  const answer = await carrier.webhooks(signedForm(url, inboundFields(message, isMarked ? word : null)));
  store.texts.change(message.id, () => ({ calls: [{ what: 'received', at, answer: answer?.status ?? null }] }));
  return { message, answer };
}

function answerAsCarrier({ store, now }: Carrier, { from, to }: Text, word: CarrierWord): void {
  const body = carrierAnswers[word];
  const answer = { direction: 'outbound-reply', status: 'delivered', from: to, to: from, body, sentAt: now() } as const;
  store.texts.add(newText(answer));
}

function inboundFields(message: SimMessage, word: CarrierWord | null): Record<string, string> {
  return {
    ToCountry: '',
    ToState: '',
    SmsMessageSid: message.id,
    NumMedia: '0',
    ToCity: '',
    FromZip: '',
    SmsSid: message.id,
    FromState: '',
    SmsStatus: 'received',
    FromCity: '',
    Body: message.body,
    FromCountry: '',
    To: message.to,
    ...(message.messagingServiceSid ? { MessagingServiceSid: message.messagingServiceSid } : {}),
    ...(word ? { OptOutType: word } : {}),
    ToZip: '',
    NumSegments: String(message.segments),
    MessageSid: message.id,
    AccountSid: account.sid,
    From: message.from,
    ApiVersion: apiVersion,
  };
}
