import type { SimMessage } from '../message.ts';
import { accountPath, messageResource } from './message-resource.ts';

const maxPageSize = 1_000;

/** Twilio's list: newest first, a page at a time, the next page found by the last message of this one. */
export function listMessages(messages: readonly SimMessage[], query: URLSearchParams): Record<string, unknown> {
  const newestFirst = messages.filter((message) => matches(message, query)).toReversed();
  const page = Number(query.get('Page') ?? 0);
  const size = Math.min(Math.max(Number(query.get('PageSize') ?? 50) || 50, 1), maxPageSize);
  const lastSid = query.get('PageToken')?.slice(2);
  const start = newestFirst.findIndex((message) => message.id === lastSid) + 1;
  const shown = newestFirst.slice(start, start + size);
  const hasMore = newestFirst.length > start + shown.length;
  return {
    first_page_uri: pageUri(query, { PageSize: size, Page: 0 }),
    previous_page_uri: null,
    next_page_uri: hasMore
      ? pageUri(query, { PageSize: size, Page: page + 1, PageToken: `PA${shown.at(-1)?.id}` })
      : null,
    uri: pageUri(query, { PageSize: size, Page: page }),
    page,
    page_size: size,
    start: page * size,
    end: page * size + Math.max(shown.length - 1, 0),
    messages: shown.map(messageResource),
  };
}

function matches(message: SimMessage, query: URLSearchParams): boolean {
  const to = query.get('To');
  const from = query.get('From');
  return (!to || message.to === to) && (!from || message.from === from) && isInTime(message, query);
}

/** Twilio compares in whole seconds of GMT; a bare date is its midnight, except that `DateSent` alone means the day. */
function isInTime(message: SimMessage, query: URLSearchParams): boolean {
  const sent = Math.floor((message.sentAt ?? message.createdAt) / 1_000) * 1_000;
  const day = query.get('DateSent');
  const after = query.get('DateSent>');
  const before = query.get('DateSent<');
  if (day && new Date(sent).toISOString().slice(0, 10) !== day.slice(0, 10)) return false;
  return !(after && sent < Date.parse(after)) && !(before && sent > Date.parse(before));
}

function pageUri(query: URLSearchParams, paging: Record<string, number | string>): string {
  const all = new URLSearchParams(query);
  all.delete('PageToken');
  for (const [name, value] of Object.entries(paging)) all.set(name, String(value));
  return `${accountPath}/Messages.json?${all.toString()}`;
}
