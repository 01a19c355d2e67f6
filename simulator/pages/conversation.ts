import type { SimMessage } from '../message.ts';
import { conversationKey, phoneOf, senderOf } from '../message.ts';
import type { Store } from '../store.ts';

export interface Conversation {
  phone: string;
  sender: string;
  /** Oldest first. */
  messages: SimMessage[];
  unread: number;
}

export interface Phone {
  number: string;
  /** Latest first. */
  conversations: Conversation[];
  last: SimMessage | undefined;
  unread: number;
}

/** Every phone that ever got or wrote a text, the most recently busy one first. */
export function phonesOf(store: Store): Phone[] {
  const phones = groupBy(store.texts.all(), phoneOf).map(([number, messages]) => phoneFrom(store, number, messages));
  return phones.toSorted((a, b) => (b.last?.addedIn ?? 0) - (a.last?.addedIn ?? 0));
}

/** The conversations on one phone, the most recently busy one first. */
export function conversationsOn(store: Store, phone: string): Conversation[] {
  const messages = store.texts.all().filter((message) => phoneOf(message) === phone);
  return conversationsFrom(store, phone, messages);
}

function phoneFrom(store: Store, number: string, messages: SimMessage[]): Phone {
  const conversations = conversationsFrom(store, number, messages);
  const unread = conversations.reduce((sum, each) => sum + each.unread, 0);
  return { number, conversations, unread, last: messages.at(-1) };
}

function conversationsFrom(store: Store, phone: string, messages: SimMessage[]): Conversation[] {
  const latest = (conversation: Conversation): number => conversation.messages.at(-1)?.addedIn ?? 0;
  return groupBy(messages, senderOf)
    .map(([sender, theirs]) => ({
      phone,
      sender,
      messages: theirs,
      unread: unreadIn(store, theirs).length,
    }))
    .toSorted((a, b) => latest(b) - latest(a));
}

/** What came since the patient wrote something: who answers has read what was there. */
function unreadIn(store: Store, messages: SimMessage[]): SimMessage[] {
  const answered = messages.findLastIndex(({ direction }) => direction === 'inbound');
  const since = messages.slice(answered + 1);
  return since.filter((message) => store.isNewAt(conversationKey(phoneOf(message), senderOf(message)), message));
}

function groupBy(messages: SimMessage[], keyOf: (message: SimMessage) => string): [string, SimMessage[]][] {
  const groups = new Map<string, SimMessage[]>();
  for (const message of messages) {
    const group = groups.get(keyOf(message));
    if (group) group.push(message);
    else groups.set(keyOf(message), [message]);
  }
  return [...groups];
}
