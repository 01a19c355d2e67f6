import type { SimMail } from '../mail.ts';
import { mailboxKey, mailboxOf } from '../mail.ts';
import type { Store } from '../store.ts';

export interface Mailbox {
  address: string;
  /** Newest first. */
  mails: SimMail[];
  unread: number;
}

/** Every address that was ever written to, the most recently busy one first. */
export function mailboxesOf(store: Store): Mailbox[] {
  const addresses = store.mails.all().map(({ to }) => mailboxOf(to));
  return [...new Set(addresses.toReversed())].map((address) => mailboxAt(store, address));
}

export function mailboxAt(store: Store, recipient: string): Mailbox {
  const address = mailboxOf(recipient);
  const mails = store.mails
    .all()
    .filter(({ to }) => mailboxOf(to) === address)
    .toReversed();
  return { address, mails, unread: mails.filter((mail) => store.isNewAt(mailboxKey(address), mail)).length };
}

export function mailboxPath(address: string): string {
  return `/mailboxes/${encodeURIComponent(mailboxOf(address)).replaceAll('%40', '@')}`;
}

export function mailPath({ to, id }: SimMail): string {
  return `${mailboxPath(to)}/${id}`;
}
