import type { Instant } from '../domain/interval.ts';

/** What is known of everything that is kept. */
export interface Kept {
  id: string;
  createdAt: Instant;
  updatedAt: Instant;
  /** The store's revision when it was added, and when it last changed. */
  addedIn: number;
  changedIn: number;
}

/** A thing before it is kept. */
export type Fresh<T extends Kept> = Omit<T, Exclude<keyof Kept, 'id'>>;

interface ShelfOptions<T> {
  capacity: number;
  now: () => Instant;
  /** The revision of the next change. */
  next: () => number;
  tell: (item: T) => void;
}

/** Things of one kind in the order in which they came; the oldest goes when `capacity` is reached. */
export class Shelf<T extends Kept> {
  readonly #items = new Map<string, T>();
  readonly #options: ShelfOptions<T>;

  constructor(options: ShelfOptions<T>) {
    this.#options = options;
  }

  add(fresh: Fresh<T>): T {
    const [oldest] = this.#items.keys();
    if (this.#items.size >= this.#options.capacity && oldest) this.#items.delete(oldest);
    const [at, revision] = [this.#options.now(), this.#options.next()];
    return this.#put({ ...fresh, createdAt: at, updatedAt: at, addedIn: revision, changedIn: revision } as T);
  }

  /** Does nothing for what was forgotten meanwhile. */
  change(id: string, by: (item: T) => Partial<Fresh<T>>): void {
    const item = this.#items.get(id);
    if (!item) return;
    this.#put({ ...item, ...by(item), updatedAt: this.#options.now(), changedIn: this.#options.next() });
  }

  get(id: string): T | undefined {
    return this.#items.get(id);
  }

  /** Oldest first. */
  all(): T[] {
    return [...this.#items.values()];
  }

  clear(): void {
    this.#items.clear();
  }

  #put(item: T): T {
    this.#items.set(item.id, item);
    this.#options.tell(item);
    return item;
  }
}
