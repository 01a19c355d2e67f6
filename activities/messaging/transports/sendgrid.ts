import { MailService } from '@sendgrid/mail';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { outcomeOfFailure } from './outcome.ts';
import type { OutgoingEmail, SendOutcome, Transport } from './transport.ts';

export interface SendGridAccount {
  apiKey: string;
  /** Where the API is reached in place of SendGrid's own address: the simulator, a proxy, or the address for the EU. */
  baseUrl?: string | undefined;
  /** How long one request may take. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
const ACCEPTED = 202;

/** The library keeps its client to itself, which alone knows where requests go. */
class Mailer extends MailService {
  declare readonly client: {
    defaultRequest: { baseUrl: string };
    setDefaultRequest(settings: object): void;
  };
}

/** The provider's library. It never repeats a request by itself: Temporal owns repeats. */
export function sendgridMailer({ apiKey, baseUrl, timeoutMs = TIMEOUT_MS }: SendGridAccount) {
  const mailer = new Mailer();
  // The key first: setting it resets the address to the real service.
  mailer.setApiKey(apiKey);
  mailer.client.setDefaultRequest({
    ...(baseUrl ? { baseUrl } : {}),
    timeout: timeoutMs,
    maxRedirects: 0,
    // A connection that had been left open may be reset just as it is used again, and the outcome would then be unknown.
    httpAgent: new HttpAgent({ keepAlive: false }),
    httpsAgent: new HttpsAgent({ keepAlive: false }),
  });
  return mailer;
}

/** E-mail by SendGrid. `domain` is ours, for the messages' own ids. */
export function sendgridTransport(account: SendGridAccount & { domain: string }): Transport<'email'> {
  const mailer = sendgridMailer(account);

  async function send(message: OutgoingEmail): Promise<SendOutcome> {
    try {
      const [{ statusCode, headers }] = await mailer.send(letter(message, account.domain));
      const id = (headers as Record<string, unknown>)['x-message-id'];
      // An answer without an id did not come from SendGrid, but from something in between.
      if (statusCode !== ACCEPTED || typeof id !== 'string') return { outcome: 'unknown', errorCode: 'NO_ID' };
      return { outcome: 'accepted', providerMessageId: id, status: 'queued' };
    } catch (error) {
      return outcomeOf(error);
    }
  }

  // What was sent can be searched for only where that is bought in addition, and then minutes late.
  return { name: 'sendgrid', send, find: null };
}

function letter(message: OutgoingEmail, domain: string) {
  const { messageId, attempt, from, fromName, to, subject, text, html, calendar } = message;
  const off = { enable: false };
  return {
    from: { email: from, name: fromName },
    to,
    subject,
    text,
    html,
    headers: {
      'Auto-Submitted': 'auto-generated',
      // The same at every try: where two arrive after all, mailboxes show one.
      'Message-ID': `<${messageId}@${domain}>`,
    },
    // They come back with every event.
    customArgs: { vuoro_message: messageId, vuoro_attempt: String(attempt) },
    trackingSettings: { clickTracking: { ...off, enableText: false }, openTracking: off },
    ...(calendar === null ? {} : { attachments: [attachment(calendar)] }),
  };
}

// The type has no parameters: SendGrid refuses most of them, adds the charset by itself, and the file names its method.
function attachment(calendar: string) {
  const content = Buffer.from(calendar).toString('base64');
  return { content, filename: 'appointment.ics', type: 'text/calendar', disposition: 'attachment' };
}

interface MailError {
  /** The answer's status, or the code of what happened to the connection. */
  code?: number | string;
  response?: { status?: number; body?: unknown };
}

/** The library's errors are its own where SendGrid answered with one, and those of the connection otherwise. */
export function outcomeOf(error: unknown): SendOutcome {
  const { code, response } = (error ?? {}) as MailError;
  const status = typeof code === 'number' ? code : response?.status;
  if (status === 400 && complainsOfRecipient(response?.body)) {
    return outcomeOfFailure({ status, errorCode: 'INVALID_RECIPIENT' });
  }
  return outcomeOfFailure({ status, errorCode: String(code ?? status ?? 'UNKNOWN') });
}

function complainsOfRecipient(body: unknown): boolean {
  const { errors } = (body ?? {}) as { errors?: unknown };
  const fields = Array.isArray(errors) ? errors.map((each) => (each as { field?: unknown } | null)?.field) : [];
  return fields.some((field) => typeof field === 'string' && /^personalizations\.\d+\.to\b/.test(field));
}
