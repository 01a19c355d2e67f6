import { account, apiVersion } from '../account.ts';
import type { SimMessage } from '../message.ts';

export const accountPath = `/${apiVersion}/Accounts/${account.sid}`;

/** A message as Twilio's REST API shows it. */
export function messageResource(message: SimMessage): Record<string, unknown> {
  const uri = `${accountPath}/Messages/${message.id}`;
  return {
    body: message.body,
    num_segments: String(message.segments),
    direction: message.direction,
    from: message.from,
    to: message.to,
    date_updated: rfc2822(message.updatedAt),
    price: null,
    error_message: message.errorCode === null ? null : `Error ${message.errorCode}`,
    uri: `${uri}.json`,
    account_sid: account.sid,
    num_media: '0',
    status: message.status,
    messaging_service_sid: message.messagingServiceSid,
    sid: message.id,
    date_sent: message.sentAt === null ? null : rfc2822(message.sentAt),
    date_created: rfc2822(message.createdAt),
    error_code: message.errorCode === null ? null : Number(message.errorCode),
    price_unit: 'USD',
    api_version: apiVersion,
    subresource_uris: { media: `${uri}/Media.json` },
  };
}

function rfc2822(at: number): string {
  return new Date(at).toUTCString().replace('GMT', '+0000');
}
