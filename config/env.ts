import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import type { TemporalSettings } from './temporal.ts';

type Source = Readonly<Record<string, string | undefined>>;

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

const port = (standard: number) => z.coerce.number().int().min(1).max(65_535).default(standard);
const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });
const httpUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));
const signingKey = z.string().refine(isSigningKey);

/** Every variable that Vuoro reads; the description completes the sentence "set it to …". */
const variables = {
  DATABASE_URL: postgresUrl.describe('the login of API and worker, as postgres://user:password@host:5432/vuoro'),
  MIGRATION_DATABASE_URL: postgresUrl.describe('the owner of the tables, as postgres://user:password@host:5432/vuoro'),
  TEMPORAL_ADDRESS: z.string().describe('the Temporal server, as host:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default').describe('the namespace on the Temporal server'),
  TEMPORAL_TASK_QUEUE: z.string().default('vuoro').describe('the task queue that API and worker share'),
  TEMPORAL_TLS: z.stringbool().default(false).describe('true where the Temporal server speaks TLS'),
  TEMPORAL_API_KEY: z.string().optional().describe('an API key of Temporal Cloud; it goes by TLS only'),
  PUBLIC_URL: httpUrl.describe('where patients and providers reach the API, as https://vuoro.example'),
  HOST: z.string().default('127.0.0.1').describe('the address that the API listens on: 0.0.0.0 in a container'),
  PORT: port(3000).describe('the port that the API listens on'),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/i)
    .describe('the account SID of Twilio, AC and 32 hex digits'),
  TWILIO_AUTH_TOKEN: z.string().describe('the auth token of that account'),
  TWILIO_AUTH_TOKEN_PREVIOUS: z
    .string()
    .optional()
    .describe('the token before, as long as Twilio may still sign by it'),
  TWILIO_BASE_URL: httpUrl.optional().describe('where Twilio is reached, if not at its own address: the simulator'),
  SENDGRID_API_KEY: z
    .string()
    .startsWith('SG.')
    .optional()
    .describe('the API key of SendGrid: without it no e-mail goes'),
  SENDGRID_BASE_URL: httpUrl
    .optional()
    .describe('where SendGrid is reached, if not at its own address: the simulator, or https://api.eu.sendgrid.com'),
  SENDGRID_WEBHOOK_PUBLIC_KEY: signingKey
    .optional()
    .describe("the verification key of SendGrid's signed event webhook: without it no event is taken"),
  SENDGRID_WEBHOOK_PUBLIC_KEY_PREVIOUS: signingKey
    .optional()
    .describe('the verification key before, as long as SendGrid may still sign by it'),
  RATE_LIMIT_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(0)
    .default(6_000)
    .describe('how many requests a minute each API key may make, in each API process; 0 lifts all limits'),
  TRUSTED_PROXIES: z.coerce
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe('how many proxies of ours stand before the API and add to X-Forwarded-For'),
  METRICS_ADDRESS: z
    .string()
    .regex(/^[\w.:[\]-]+:\d+$/)
    .optional()
    .describe('where the worker shows its metrics, as 0.0.0.0:9464: without it nowhere'),
  WORKER_VERSIONING: z
    .stringbool()
    .default(false)
    .describe('true where a new build gets work only once an operator makes it the current one'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info').describe(LOG_LEVELS.join(', ')),

  API_URL: httpUrl.default('http://127.0.0.1:3000').describe('where the API is reached, as http://127.0.0.1:3000'),
  VUORO_API_KEY: z.string().describe("a key of the clinic's staff, as vk_live_…"),
  API_PORT: port(3000).describe('the port of the API'),
  SIMULATOR_PORT: port(3001).describe('the port of the simulator'),
  TEMPORAL_PORT: port(7233).describe('the port of the local Temporal server'),
  TEMPORAL_UI_PORT: port(8233).describe('the port of the local Temporal UI'),
  POSTGRES_PORT: port(5433).describe('the port of the local PostgreSQL'),
  TEMPORAL_CLI: z.string().optional().describe('the path of a Temporal CLI'),
  DATA_DIR: z.string().optional().describe('a folder for the data of the local stack'),
};

const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_TASK_QUEUE, TEMPORAL_TLS, TEMPORAL_API_KEY } = variables;
const { DATABASE_URL, PUBLIC_URL, TWILIO_AUTH_TOKEN, LOG_LEVEL } = variables;

const temporalShape = { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_TASK_QUEUE, TEMPORAL_TLS, TEMPORAL_API_KEY };
const commonShape = { DATABASE_URL, ...temporalShape, PUBLIC_URL, TWILIO_AUTH_TOKEN, LOG_LEVEL };

const apiShape = {
  ...commonShape,
  HOST: variables.HOST,
  PORT: variables.PORT,
  TWILIO_AUTH_TOKEN_PREVIOUS: variables.TWILIO_AUTH_TOKEN_PREVIOUS,
  SENDGRID_WEBHOOK_PUBLIC_KEY: variables.SENDGRID_WEBHOOK_PUBLIC_KEY,
  SENDGRID_WEBHOOK_PUBLIC_KEY_PREVIOUS: variables.SENDGRID_WEBHOOK_PUBLIC_KEY_PREVIOUS,
  RATE_LIMIT_PER_MINUTE: variables.RATE_LIMIT_PER_MINUTE,
  TRUSTED_PROXIES: variables.TRUSTED_PROXIES,
};

const workerShape = {
  ...commonShape,
  TWILIO_ACCOUNT_SID: variables.TWILIO_ACCOUNT_SID,
  TWILIO_BASE_URL: variables.TWILIO_BASE_URL,
  SENDGRID_API_KEY: variables.SENDGRID_API_KEY,
  SENDGRID_BASE_URL: variables.SENDGRID_BASE_URL,
  METRICS_ADDRESS: variables.METRICS_ADDRESS,
  WORKER_VERSIONING: variables.WORKER_VERSIONING,
};

const adminShape = {
  ...temporalShape,
  MIGRATION_DATABASE_URL: variables.MIGRATION_DATABASE_URL,
  TEMPORAL_ADDRESS: TEMPORAL_ADDRESS.optional(),
};

/** The variables of each program that production runs. */
export const programVariables = {
  api: Object.keys(apiShape),
  worker: Object.keys(workerShape),
  admin: Object.keys(adminShape),
};

const temporalSettings = (env: z.infer<z.ZodObject<typeof temporalShape>>): TemporalSettings => ({
  address: env.TEMPORAL_ADDRESS,
  namespace: env.TEMPORAL_NAMESPACE,
  taskQueue: env.TEMPORAL_TASK_QUEUE,
  tls: env.TEMPORAL_TLS || env.TEMPORAL_API_KEY !== undefined,
  apiKey: env.TEMPORAL_API_KEY,
});

/** What `api/main.ts` needs. */
export function readApiEnv(source: Source = process.env) {
  const env = read(apiShape, source);
  const tokens = [env.TWILIO_AUTH_TOKEN, env.TWILIO_AUTH_TOKEN_PREVIOUS];
  const eventKeys = [env.SENDGRID_WEBHOOK_PUBLIC_KEY, env.SENDGRID_WEBHOOK_PUBLIC_KEY_PREVIOUS];
  return {
    databaseUrl: env.DATABASE_URL,
    temporal: temporalSettings(env),
    publicUrl: env.PUBLIC_URL,
    host: env.HOST,
    port: env.PORT,
    /** Webhooks signed by any of these are Twilio's: two while a token is being replaced. */
    twilioAuthTokens: tokens.filter((token) => token !== undefined),
    /** Events signed by any of these are SendGrid's: two while a key is being replaced, none where no e-mail is sent. */
    sendgridPublicKeys: eventKeys.filter((key) => key !== undefined),
    rateLimit: { perMinute: env.RATE_LIMIT_PER_MINUTE, trustedProxies: env.TRUSTED_PROXIES },
    logLevel: env.LOG_LEVEL,
  };
}

/** What `worker/main.ts` needs. */
export function readWorkerEnv(source: Source = process.env) {
  const env = read(workerShape, source);
  return {
    databaseUrl: env.DATABASE_URL,
    temporal: temporalSettings(env),
    publicUrl: env.PUBLIC_URL,
    twilio: { accountSid: env.TWILIO_ACCOUNT_SID, authToken: env.TWILIO_AUTH_TOKEN, baseUrl: env.TWILIO_BASE_URL },
    /** Null: no e-mail is sent. */
    sendgrid:
      env.SENDGRID_API_KEY === undefined ? null : { apiKey: env.SENDGRID_API_KEY, baseUrl: env.SENDGRID_BASE_URL },
    metricsAddress: env.METRICS_ADDRESS,
    isVersioned: env.WORKER_VERSIONING,
    logLevel: env.LOG_LEVEL,
  };
}

/** What `scripts/admin.ts` needs; without Temporal the worker finds by itself what was left to be started. */
export function readAdminEnv(source: Source = process.env) {
  const { MIGRATION_DATABASE_URL: migrationDatabaseUrl, TEMPORAL_ADDRESS: address, ...env } = read(adminShape, source);
  return {
    migrationDatabaseUrl,
    temporal: address === undefined ? undefined : temporalSettings({ ...env, TEMPORAL_ADDRESS: address }),
  };
}

/** What an operator's command needs that speaks with the API. */
export function readApiCallerEnv(source: Source = process.env) {
  const { API_URL, VUORO_API_KEY } = variables;
  const env = read({ API_URL, VUORO_API_KEY }, source);
  return { apiUrl: env.API_URL, apiKey: env.VUORO_API_KEY };
}

/** What `simulator/main.ts` needs. */
export function readSimulatorEnv(source: Source = process.env) {
  const { SIMULATOR_PORT, API_URL } = variables;
  const env = read({ SIMULATOR_PORT, API_URL, ...temporalShape }, source);
  return { port: env.SIMULATOR_PORT, apiUrl: env.API_URL, temporal: temporalSettings(env) };
}

/** What may be chosen about the local stack. A server that is named is used; one that is not is started. */
export function readStackEnv(source: Source = process.env) {
  const { API_PORT, SIMULATOR_PORT, TEMPORAL_PORT, TEMPORAL_UI_PORT, POSTGRES_PORT, TEMPORAL_CLI, DATA_DIR } =
    variables;
  const env = read(
    {
      API_PORT,
      SIMULATOR_PORT,
      TEMPORAL_PORT,
      TEMPORAL_UI_PORT,
      POSTGRES_PORT,
      TEMPORAL_CLI,
      DATA_DIR,
      TEMPORAL_ADDRESS: variables.TEMPORAL_ADDRESS.optional(),
      DATABASE_URL: variables.DATABASE_URL.optional(),
      MIGRATION_DATABASE_URL: variables.MIGRATION_DATABASE_URL.optional(),
    },
    source,
  );
  return {
    ports: {
      api: env.API_PORT,
      simulator: env.SIMULATOR_PORT,
      temporal: env.TEMPORAL_PORT,
      temporalUi: env.TEMPORAL_UI_PORT,
      postgres: env.POSTGRES_PORT,
    },
    temporalCli: env.TEMPORAL_CLI,
    dataDir: env.DATA_DIR,
    temporalAddress: env.TEMPORAL_ADDRESS,
    databaseUrl: env.DATABASE_URL,
    migrationDatabaseUrl: env.MIGRATION_DATABASE_URL,
  };
}

/** Throws one error that names every variable to be set, and never a value: it may be a password. */
function read<Shape extends z.ZodRawShape>(shape: Shape, source: Source): z.infer<z.ZodObject<Shape>> {
  // An empty line in an environment file means "not set".
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const result = z.object(shape).safeParse(given);
  if (result.success) return result.data;
  const names = [...new Set(result.error.issues.map((issue) => String(issue.path[0])))];
  const lines = names.map((name) => {
    const hint = (variables as Record<string, z.ZodType>)[name]?.description;
    return `  ${name} ${name in given ? 'is not valid' : 'is missing'}: set it to ${hint}`;
  });
  throw new Error(`The environment is not complete:\n${lines.join('\n')}`);
}

/** Of an elliptic curve, in base64, as SendGrid shows it. */
function isSigningKey(base64: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ec';
  } catch {
    return false;
  }
}
