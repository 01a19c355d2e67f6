import { createActivities, type Activities } from '../../activities/index.ts';
import type { Transports } from '../../activities/messaging/transports/transport.ts';
import { sendgridTransport } from '../../activities/messaging/transports/sendgrid.ts';
import { twilioTransport } from '../../activities/messaging/transports/twilio.ts';
import { startApi } from '../../api/start.ts';
import { createLog } from '../../config/log.ts';
import { type Database, openDatabase } from '../../db/client.ts';
import { freePorts } from '../../scripts/local-stack/ports.ts';
import { account, mailAccount } from '../../simulator/account.ts';
import { startSimulator } from '../../simulator/server.ts';
import { afterAll } from 'vitest';
import { type TestClinic, addClinic } from './clinic.ts';
import { testDatabase } from './database.ts';
import { type TestTemporal, type TestWorker, testTemporal } from './temporal.ts';

/** The whole product in one process, on a database and a task queue of its own: HTTP in, texts out. */
export interface Product {
  apiUrl: string;
  simulatorUrl: string;
  adminUrl: string;
  clinic: TestClinic;
  temporal: TestTemporal;
  db: Database;
  /** Every line that was logged. */
  logged: string[];
  call: (method: string, path: string, options?: CallOptions) => Promise<Answer>;
  /** The texts that were handed over to this number, oldest first. */
  phone: (number: string) => Promise<PhoneMessage[]>;
  /** The mails that were handed over to this address, oldest first. */
  mailbox: (address: string) => Promise<SentMail[]>;
  startWorker: (wrap?: Wrap, options?: { maxCachedWorkflows?: number }) => Promise<TestWorker>;
}

export interface CallOptions {
  body?: unknown;
  key?: string;
  idempotencyKey?: string;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  // A test says what it expects of the body.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
  headers: Headers;
}

export interface PhoneMessage {
  id: string;
  to: string;
  from: string;
  body: string;
  segments: number;
  status: string;
  /** For how many seconds the carrier may try. */
  validityPeriod: number | null;
}

export interface SentMail {
  id: string;
  to: string;
  from: string;
  fromName: string;
  subject: string;
  text: string;
  html: string;
  /** Base64. */
  attachments: { filename: string; type: string; content: string }[];
  headers: Record<string, string>;
  status: string;
}

/** Lets a test put a fault between the product and what it depends on. */
export interface Wrap {
  activities?: (real: Activities) => Activities;
  transports?: (real: Transports) => Transports;
  db?: (real: Database) => Database;
}

export interface ProductOptions {
  clinic?: Parameters<typeof addClinic>[1];
  /** Told of each statement that API or worker send to the database; what a test asks by `db` counts as the worker's. */
  onQuery?: (by: 'api' | 'worker', statement: string) => void;
}

/** Call it at the top of a test file; everything it starts is stopped at the file's end. The worker is yours to start. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const { onQuery = () => {} } = options;
  const database = await testDatabase();
  const temporal = await testTemporal();
  const clinic = await addClinic(database.adminUrl, options.clinic);
  const [apiPort, simulatorPort] = (await freePorts(2)) as [number, number];
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const simulator = await startSimulator({ port: simulatorPort, apiUrl });
  const logged: string[] = [];
  const log = createLog('info', { write: (line) => void logged.push(line) });
  const { address, namespace, taskQueue } = temporal;
  const api = await startApi({
    databaseUrl: database.appUrl,
    // Five hundred at once wait longer than clients would, where the machine is slow.
    database: { patienceMs: 60_000, onQuery: (statement) => onQuery('api', statement) },
    temporal: { address, namespace, taskQueue },
    host: '127.0.0.1',
    port: apiPort,
    publicUrl: apiUrl,
    twilioAuthTokens: [account.authToken],
    sendgridPublicKeys: [mailAccount.eventPublicKey],
    log,
  });
  const db = openDatabase(database.appUrl, { connections: 10, onQuery: (statement) => onQuery('worker', statement) });
  afterAll(async () => {
    await api.stop();
    await simulator.close();
    await db.close();
  });
  const transports: Transports = {
    sms: twilioTransport({
      accountSid: account.sid,
      authToken: account.authToken,
      baseUrl: simulator.url,
      publicUrl: apiUrl,
    }),
    email: sendgridTransport({
      apiKey: mailAccount.apiKey,
      baseUrl: simulator.url,
      domain: new URL(apiUrl).hostname,
    }),
  };
  return {
    apiUrl,
    simulatorUrl: simulator.url,
    adminUrl: database.adminUrl,
    clinic,
    temporal,
    db,
    logged,
    call: (method, path, call) => callApi(apiUrl, clinic.staffKey, method, path, call),
    phone: async (number) => {
      const response = await fetch(`${simulator.url}/_sim/messages?to=${encodeURIComponent(number)}`);
      return (await response.json()) as PhoneMessage[];
    },
    mailbox: async (address) => {
      const response = await fetch(`${simulator.url}/_sim/emails?to=${encodeURIComponent(address)}`);
      return (await response.json()) as SentMail[];
    },
    startWorker: (wrap = {}, workerOptions = {}) => {
      const wrapped = {
        db: wrap.db?.(db) ?? db,
        transports: wrap.transports?.(transports) ?? transports,
        publicUrl: apiUrl,
      };
      const activities = createActivities(wrapped);
      return temporal.startWorker({ activities: wrap.activities?.(activities) ?? activities, ...workerOptions });
    },
  };
}

/** One HTTP request as the clinic's software makes it. */
export async function callApi(
  apiUrl: string,
  clinicKey: string,
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Answer> {
  const { body, key = clinicKey, idempotencyKey } = options;
  const headers: Record<string, string> = { authorization: `Bearer ${key}` };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
  const response = await fetch(apiUrl + path, {
    method,
    headers: { ...headers, ...options.headers },
    redirect: 'manual',
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers };
}

/** Waits for what another process is about to do; fails with `what` after half a minute. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false>,
  patienceMs = 30_000,
): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`${what} did not happen within ${patienceMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
