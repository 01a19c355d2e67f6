import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { MailService } from '@sendgrid/mail';
import type { MailDataRequired } from '@sendgrid/mail';
import twilio from 'twilio';
import type { SimulatorDeps } from './app.ts';
import { account, mailAccount } from './account.ts';
import { startSimulator } from './server.ts';

export interface WebhookRequest {
  /** As the API would know it: public URL, path and raw query. */
  url: string;
  headers: IncomingHttpHeaders;
  /** As it came. */
  body: string;
  form: Record<string, string>;
}

/** Stands where the API would: keeps the webhooks, answers with `status`, and can redirect, drop connections or hold answers until so many came. */
async function startWebhookReceiver() {
  const requests: WebhookRequest[] = [];
  const waiting: (() => void)[] = [];
  const receiver = { status: 204, connectionsToDrop: 0, redirectTo: '', holdUntil: 0 };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const form = Object.fromEntries(new URLSearchParams(body));
      requests.push({ url: `${url}${request.url}`, headers: request.headers, body, form });
      for (const wake of waiting.splice(0)) wake();
      if (receiver.connectionsToDrop > 0) {
        receiver.connectionsToDrop -= 1;
        return request.socket.destroy();
      }
      return void received(receiver.holdUntil).then(() => response.writeHead(receiver.status, location()).end());
    });
  });
  const location = () => (receiver.redirectTo ? { location: receiver.redirectTo } : {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  /** Waits until so many webhooks have come, and answers with all of them. */
  async function received(count: number): Promise<WebhookRequest[]> {
    while (requests.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    return requests;
  }

  async function close(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
  return Object.assign(receiver, { url, requests, received, close });
}

export const sender = '+358401000001';
export const patient = '+358401234567';
export const mailTo = 'eino@example.org';

/** A mail as the library takes it. */
export function mailFields(fields: Partial<MailDataRequired> = {}): MailDataRequired {
  const from = { email: 'kallio@vuoro.test', name: 'Kallion hammashoitola' };
  return { to: mailTo, from, subject: 'Your visit', text: 'Hello', ...fields } as MailDataRequired;
}

/** A calendar file as an attachment. */
export function calendarFile(fields: Record<string, string> = {}) {
  const event = { SUMMARY: 'Kallion hammashoitola', DTSTART: '20270104T060000Z', DTEND: '20270104T063000Z', ...fields };
  const lines = ['BEGIN:VEVENT', ...Object.entries(event).map(([name, value]) => `${name}:${value}`), 'END:VEVENT'];
  const file = ['BEGIN:VCALENDAR', 'METHOD:PUBLISH', ...lines, 'END:VCALENDAR', ''].join('\r\n');
  const content = Buffer.from(file).toString('base64');
  return { filename: 'visit.ics', type: 'text/calendar; method=PUBLISH', content, disposition: 'attachment' };
}

/** A simulator with an API to call back and the real client library pointed at it. */
export async function startRig(deps: Partial<SimulatorDeps> = {}) {
  const api = await startWebhookReceiver();
  const timings = { receiptMs: 0, secondMs: 0, retryMs: 0, ...deps.timings };
  const simulator = await startSimulator({ apiUrl: api.url, port: 0, ...deps, timings }).catch(
    async (error: unknown) => {
      await api.close();
      throw error;
    },
  );
  const { url } = simulator;
  return {
    api,
    url,
    client: clientOf(url),
    send: (fields: Partial<Parameters<ReturnType<typeof twilio>['messages']['create']>[0]> = {}) =>
      clientOf(url).messages.create({ to: patient, from: sender, body: 'Hello', ...fields }),
    mail: (fields: Partial<MailDataRequired> = {}) => mailServiceOf(url).send(mailFields(fields)),
    control: (path: string, body: unknown, method = 'POST') =>
      fetch(`${url}/_sim${path}`, {
        method,
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    async close(): Promise<void> {
      await simulator.close();
      await api.close();
    },
  };
}

export type Rig = Awaited<ReturnType<typeof startRig>>;

const authTokenOfSimulator: string = account.authToken;

const mailKeyOfSimulator: string = mailAccount.apiKey;

class Mailer extends MailService {
  declare readonly client: { setDefaultRequest(settings: { baseUrl: string; timeout: number }): void };
}

/** SendGrid's own library, sent to the simulator by its base URL alone; the key comes first, it resets the address. */
export function mailServiceOf(baseUrl: string, key = mailKeyOfSimulator, timeout = 10_000): MailService {
  const mailer = new Mailer();
  mailer.setApiKey(key);
  mailer.client.setDefaultRequest({ baseUrl, timeout });
  return mailer;
}

/** Twilio's own library, sent to the simulator by its base URL alone. */
export function clientOf(url: string, { authToken = authTokenOfSimulator, timeout = 10_000 } = {}) {
  return twilio(account.sid, authToken, { httpClient: new RequestsTo(url, timeout) });
}

// `Parameters` makes the body's type unknown, which the library then refuses; it is passed on unseen.
type Request = Omit<Parameters<twilio.RequestClient['request']>[0], 'data'> & { data?: never };

class RequestsTo extends twilio.RequestClient {
  readonly #origin: string;

  constructor(origin: string, timeout: number) {
    super({ timeout });
    this.#origin = origin;
  }

  override request<T>(options: Request) {
    const { pathname, search } = new URL(options.uri);
    return super.request<T>({ ...options, uri: `${this.#origin}${pathname}${search}` });
  }
}
