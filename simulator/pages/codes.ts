import type { Conversation } from './conversation.ts';

const links = /https?:\/\/\S+/g;
/** A letter and a digit or two, as they are printed in an offer; nothing that goes on as a time or a longer word. */
const codes = /(?<![\p{L}\p{N}])[CFKMPRTVWX][2-9]{1,2}(?![\p{L}\p{N}]|[.:,]\d)/gu;

/** The codes that a text can be answered by, in its order and each once. */
export function codesIn(text: string): string[] {
  return [...new Set(text.replaceAll(links, ' ').match(codes))];
}

/** The codes in what the clinic wrote last. */
export function codesToAnswer({ messages }: Conversation): string[] {
  const latest = messages.findLast((message) => message.direction === 'outbound-api');
  return latest ? codesIn(latest.body) : [];
}
