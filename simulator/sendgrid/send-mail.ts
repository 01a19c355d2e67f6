import { randomBytes } from 'node:crypto';
import type { Outcome } from '../behaviour.ts';
import type { Carrier } from '../carrier.ts';
import type { Attachment, SimMail } from '../mail.ts';
import type { Fresh } from '../shelf.ts';
import { sendGridErrors } from './errors.ts';
import type { MailRequest } from './mail-request.ts';

/** One recipient's mail, and what becomes of it. */
export interface SentMail {
  mail: SimMail;
  outcome: Outcome;
}

/** Takes a request in, or throws SendGrid's error; several recipients get a mail each. */
export function sendMail(carrier: Carrier, request: MailRequest): { messageId: string; sent: SentMail[] } {
  const messageId = randomBytes(16).toString('base64url');
  const mails = mailsOf(request, messageId);
  const outcomes = mails.map(({ to }) => carrier.behaviours.take(to));
  refuseAsTold(outcomes, carrier.now());
  const sent = mails.map((mail, at) => ({ mail: carrier.store.mails.add(mail), outcome: outcomes[at]! }));
  return { messageId, sent };
}

function refuseAsTold(outcomes: readonly Outcome[], now: number): void {
  if (outcomes.some(({ kind }) => kind === 'rateLimited')) throw sendGridErrors.tooManyRequests(now);
  if (outcomes.some(({ kind }) => kind === 'errorNotSent')) throw sendGridErrors.internal();
}

function mailsOf(request: MailRequest, messageId: string): Fresh<SimMail>[] {
  const recipients = request.personalizations.flatMap((personalization) =>
    [personalization.to, personalization.cc ?? [], personalization.bcc ?? []]
      .flat()
      .map(({ email }) => ({ to: email, personalization })),
  );
  const partOf = (type: string): string | null => request.content.find((part) => part.type === type)?.value ?? null;
  return recipients.map(({ to, personalization }, at) => ({
    kind: 'mail',
    id: at === 0 ? messageId : `${messageId}-${at}`,
    messageId,
    from: request.from.email,
    fromName: request.from.name ?? null,
    to,
    subject: personalization.subject ?? request.subject ?? '',
    text: partOf('text/plain'),
    html: partOf('text/html'),
    attachments: attachmentsOf(request),
    headers: { ...request.headers, ...personalization.headers },
    customArgs: { ...request.custom_args, ...personalization.custom_args },
    status: 'accepted',
    reason: null,
    calls: [],
  }));
}

function attachmentsOf({ content, attachments = [] }: MailRequest): Attachment[] {
  const others = content.filter(({ type }) => type !== 'text/plain' && type !== 'text/html');
  return [
    ...others.map(({ type, value }) => ({ filename: '', type, content: Buffer.from(value).toString('base64') })),
    ...attachments.map(({ filename, type = 'application/octet-stream', content: base64 }) => ({
      filename,
      type,
      content: base64,
    })),
  ];
}
