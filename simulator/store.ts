import { randomBytes } from 'node:crypto';
import type { Instant } from '../domain/interval.ts';
import { SegmentedMessage } from 'sms-segments-calculator';
import { phoneOf, senderOf } from './message.ts';
import type { SimMessage } from './message.ts';

export type NewMessage = Pick<SimMessage, 'direction' | 'from' | 'to' | 'body' | 'status'> &
  Partial<Pick<SimMessage, 'messagingServiceSid' | 'statusCallback' | 'sentAt'>>;
export type MessageChange = Partial<Pick<SimMessage, 'status' | 'errorCode' | 'sentAt' | 'calls'>>;

/** A message added or changed, or null when everything was forgotten. */
export type StoreListener = (message: SimMessage | null) => void;
export type Store = ReturnType<typeof createStore>;

interface StoreOptions {
  now: () => Instant;
  capacity: number;
}

/** Everything the simulator was handed and handed over, in memory; the oldest goes when `capacity` is reached. */
export function createStore({ now, capacity }: StoreOptions) {
  const messages = new Map<string, SimMessage>();
  const seen = new Map<string, number>();
  const listeners = new Set<StoreListener>();
  let revision = 0;

  function put(message: SimMessage): SimMessage {
    messages.set(message.sid, message);
    for (const listener of [...listeners]) listener(message);
    return message;
  }

  function add(message: NewMessage): SimMessage {
    const [oldest] = messages.keys();
    if (messages.size >= capacity && oldest) messages.delete(oldest);
    const at = now();
    const text = new SegmentedMessage(message.body);
    revision += 1;
    return put({
      errorCode: null,
      messagingServiceSid: null,
      statusCallback: null,
      sentAt: null,
      ...message,
      sid: `SM${randomBytes(16).toString('hex')}`,
      segments: text.segmentsCount,
      encoding: text.getEncodingName(),
      calls: [],
      createdAt: at,
      updatedAt: at,
      addedIn: revision,
      changedIn: revision,
    });
  }

  /** Does nothing for a message that was forgotten meanwhile. */
  function change(sid: string, by: (message: SimMessage) => MessageChange): void {
    const message = messages.get(sid);
    if (!message) return;
    revision += 1;
    put({ ...message, ...by(message), updatedAt: now(), changedIn: revision });
  }

  function forget(): void {
    messages.clear();
    seen.clear();
    revision += 1;
    for (const listener of [...listeners]) listener(null);
  }

  function markSeen(phone: string, sender: string): void {
    seen.set(`${phone} ${sender}`, revision);
  }

  function isUnread(message: SimMessage): boolean {
    const upTo = seen.get(`${phoneOf(message)} ${senderOf(message)}`) ?? 0;
    return message.direction !== 'inbound' && message.addedIn > upTo;
  }

  function subscribe(listener: StoreListener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  return {
    add,
    change,
    forget,
    markSeen,
    isUnread,
    subscribe,
    get: (sid: string) => messages.get(sid),
    /** Oldest first. */
    all: () => [...messages.values()],
    revision: () => revision,
  };
}
