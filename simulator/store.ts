import type { Instant } from '../domain/interval.ts';
import type { SimMail } from './mail.ts';
import type { SimMessage } from './message.ts';
import { Shelf } from './shelf.ts';

export type Item = SimMessage | SimMail;

/** Something added or changed, or null when everything was forgotten. */
export type StoreListener = (item: Item | null) => void;

interface StoreOptions {
  now: () => Instant;
  /** How many texts, and how many mails, are kept. */
  capacity: number;
}

/** Everything the simulator was handed and handed over, in memory. */
export class Store {
  readonly texts: Shelf<SimMessage>;
  readonly mails: Shelf<SimMail>;
  #revision = 0;
  readonly #seen = new Map<string, number>();
  readonly #listeners = new Set<StoreListener>();

  constructor({ now, capacity }: StoreOptions) {
    const next = (): number => (this.#revision += 1);
    const options = { capacity, now, next, tell: (item: Item): void => this.#tell(item) };
    this.texts = new Shelf<SimMessage>(options);
    this.mails = new Shelf<SimMail>(options);
  }

  /** Rises with every change; what a page was drawn at tells what it has missed. */
  get revision(): number {
    return this.#revision;
  }

  changedSince(revision: number): Item[] {
    const items: Item[] = [...this.texts.all(), ...this.mails.all()];
    return items.filter(({ changedIn }) => changedIn > revision).toSorted((a, b) => a.changedIn - b.changedIn);
  }

  forget(): void {
    this.texts.clear();
    this.mails.clear();
    this.#seen.clear();
    this.#revision += 1;
    this.#tell(null);
  }

  /** Somebody has looked at this conversation or mailbox. */
  markSeen(place: string): void {
    this.#seen.set(place, this.#revision);
  }

  isNewAt(place: string, { addedIn }: Item): boolean {
    return addedIn > (this.#seen.get(place) ?? 0);
  }

  subscribe(listener: StoreListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(item: Item | null): void {
    for (const listener of this.#listeners) listener(item);
  }
}
