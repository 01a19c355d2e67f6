import { carrierErrorClass } from './carrier.ts';

/** What SendGrid tells of one mail. */
export interface MailEvent {
  event: string;
  /** Of a bounce: `bounce` for good, `blocked` for now. */
  type?: string | undefined;
  /** Of a bounce: the mailbox server's code, `5.1.1`. */
  status?: string | undefined;
  /** A sentence of the mailbox's server, which may name the address; of a drop, one of a few set phrases. */
  reason?: string | undefined;
}

/**
 * The event in a word and a code, both the provider's own; the code is empty where nothing went wrong. Only codes and set
 * phrases pass: what else a mail server writes may name the patient.
 */
export function reportOf({ event, type, status = '', reason = '' }: MailEvent): { status: string; errorCode: string } {
  const word = event === 'bounce' && type === 'blocked' ? 'blocked' : event;
  if (word === 'dropped') return { status: word, errorCode: isSetPhrase(reason) ? reason : word };
  if (word !== 'bounce' && word !== 'blocked') return { status: word, errorCode: '' };
  return { status: word, errorCode: serverCode.exec(status)?.[0] ?? serverCode.exec(reason)?.[0] ?? word };
}

// Not a part of an IP address.
const serverCode = /(?<![\d.])[45]\.\d\.\d{1,3}(?![\d.])/;

function isSetPhrase(reason: string): boolean {
  return carrierErrorClass(reason) !== 'other';
}
