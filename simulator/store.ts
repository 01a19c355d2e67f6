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

interface StoreOptions {
  now: () => Instant;
  capacity: number;
}

/** Everything the simulator was handed and handed over, in memory; the oldest goes when `capacity` is reached. */
export class Store {
  /** Rises with every change; what a page was drawn at tells what it has missed. */
  revision = 0;
  readonly #now: () => Instant;
  readonly #capacity: number;
  readonly #messages = new Map<string, SimMessage>();
  readonly #seen = new Map<string, number>();
  readonly #listeners = new Set<StoreListener>();

  constructor({ now, capacity }: StoreOptions) {
    this.#now = now;
    this.#capacity = capacity;
  }

  add(message: NewMessage): SimMessage {
    const [oldest] = this.#messages.keys();
    if (this.#messages.size >= this.#capacity && oldest) this.#messages.delete(oldest);
    const at = this.#now();
    const text = new SegmentedMessage(message.body);
    this.revision += 1;
    return this.#put({
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
      addedIn: this.revision,
      changedIn: this.revision,
    });
  }

  /** Does nothing for a message that was forgotten meanwhile. */
  change(sid: string, by: (message: SimMessage) => MessageChange): void {
    const message = this.#messages.get(sid);
    if (!message) return;
    this.revision += 1;
    this.#put({ ...message, ...by(message), updatedAt: this.#now(), changedIn: this.revision });
  }

  get(sid: string): SimMessage | undefined {
    return this.#messages.get(sid);
  }

  /** Oldest first. */
  all(): SimMessage[] {
    return [...this.#messages.values()];
  }

  forget(): void {
    this.#messages.clear();
    this.#seen.clear();
    this.revision += 1;
    for (const listener of this.#listeners) listener(null);
  }

  markSeen(phone: string, sender: string): void {
    this.#seen.set(`${phone} ${sender}`, this.revision);
  }

  isUnread(message: SimMessage): boolean {
    const upTo = this.#seen.get(`${phoneOf(message)} ${senderOf(message)}`) ?? 0;
    return message.direction !== 'inbound' && message.addedIn > upTo;
  }

  subscribe(listener: StoreListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #put(message: SimMessage): SimMessage {
    this.#messages.set(message.sid, message);
    for (const listener of this.#listeners) listener(message);
    return message;
  }
}
