import type { Carrier } from '../carrier.ts';
import { senderOf } from '../message.ts';
import type { SimMessage } from '../message.ts';
import { bubble, receiptLine } from './bubble.ts';
import { conversationsOn } from './conversation.ts';
import type { Fragment } from './live.ts';
import { codeButtons, codesId, notice, noticeId, tabs, tabsId, threadId } from './phone.ts';
import type { PhoneView } from './phone.ts';

/** A phone as it is now, with this conversation on its screen, or the latest. */
export function viewOf(carrier: Carrier, number: string, sender?: string): PhoneView {
  const conversations = conversationsOn(carrier.store, number);
  const shown = conversations.find((each) => each.sender === sender) ?? conversations[0] ?? null;
  const isBlocked = shown !== null && carrier.blocks.has(shown.sender, number);
  return { number, conversations, shown, isBlocked, now: carrier.now(), backTo: null };
}

export function receiptFragment(message: SimMessage): Fragment {
  return { id: `${message.id}-receipt`, markup: receiptLine(message) };
}

/** What stands around the messages of the conversation that is shown. */
export function chromeFragments(view: PhoneView): Fragment[] {
  return [
    { id: tabsId(view.number), markup: tabs(view) },
    { id: noticeId(view.number), markup: notice(view) },
  ];
}

/** A new message of the conversation that is shown. What the patient writes changes none of the codes. */
export function messageFragments(view: PhoneView, message: SimMessage): Fragment[] {
  const messages = view.shown?.messages ?? [];
  const before = messages[messages.findIndex((each) => each.id === message.id) - 1];
  const into = threadId(view.number, senderOf(message));
  const added = { id: message.id, markup: bubble(message, before), into };
  if (message.direction === 'inbound') return [added];
  return [added, { id: codesId(view.number), markup: codeButtons(view) }];
}
