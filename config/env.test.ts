import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readApiEnv, readSimulatorEnv, readStackEnv, readWorkerEnv } from './env.ts';

const complete = {
  DATABASE_URL: 'postgres://vuoro_app_login:secret-word@127.0.0.1:5433/vuoro',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
  PUBLIC_URL: 'https://vuoro.example/',
  TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000001',
  TWILIO_AUTH_TOKEN: 'secret-word',
};

const spki = { format: 'der', type: 'spki' } as const;

describe('the environment', () => {
  it('fills in what has a standard', () => {
    const env = readApiEnv(complete);
    expect(env.port).toBe(3000);
    expect(env.logLevel).toBe('info');
    const temporal = { address: '127.0.0.1:7233', namespace: 'default', taskQueue: 'vuoro', tls: false };
    expect(env.temporal).toEqual(temporal);
    expect(env.rateLimit).toEqual({ perMinute: 6_000, trustedProxies: 0 });
  });

  it('drops the slash at the end of the public address, since paths begin with one', () => {
    expect(readApiEnv(complete).publicUrl).toBe('https://vuoro.example');
  });

  it('accepts webhooks by the token before while a token is being replaced', () => {
    expect(readApiEnv(complete).twilioAuthTokens).toEqual(['secret-word']);
    const rotating = { ...complete, TWILIO_AUTH_TOKEN_PREVIOUS: 'older-word' };
    expect(readApiEnv(rotating).twilioAuthTokens).toEqual(['secret-word', 'older-word']);
  });

  it('speaks TLS to Temporal where told so, and never sends an API key without', () => {
    expect(readWorkerEnv({ ...complete, TEMPORAL_TLS: 'true' }).temporal.tls).toBe(true);
    const cloud = readWorkerEnv({ ...complete, TEMPORAL_API_KEY: 'secret-word', TEMPORAL_TLS: 'false' }).temporal;
    expect(cloud).toMatchObject({ tls: true, apiKey: 'secret-word' });
  });

  it('reaches Twilio at its own address unless told otherwise', () => {
    expect(readWorkerEnv(complete).twilio.baseUrl).toBeUndefined();
    const simulated = { ...complete, TWILIO_BASE_URL: 'http://127.0.0.1:3001' };
    expect(readWorkerEnv(simulated).twilio.baseUrl).toBe('http://127.0.0.1:3001');
  });

  it('sends e-mail only with a key, and reaches SendGrid at its own address unless told otherwise', () => {
    expect(readWorkerEnv({ ...complete, SENDGRID_BASE_URL: 'http://127.0.0.1:3001' }).sendgrid).toBeNull();
    const withKey = { ...complete, SENDGRID_API_KEY: 'SG.key' };
    expect(readWorkerEnv(withKey).sendgrid).toEqual({ apiKey: 'SG.key', baseUrl: undefined });
    expect(readWorkerEnv({ ...withKey, SENDGRID_BASE_URL: 'http://127.0.0.1:3001/' }).sendgrid?.baseUrl).toBe(
      'http://127.0.0.1:3001',
    );
  });

  it('takes events by the key before while a key is being replaced, and no event without any', () => {
    const [key, older] = [publicKey(), publicKey()];
    expect(readApiEnv(complete).sendgridPublicKeys).toEqual([]);
    const rotating = { SENDGRID_WEBHOOK_PUBLIC_KEY: key, SENDGRID_WEBHOOK_PUBLIC_KEY_PREVIOUS: older };
    expect(readApiEnv({ ...complete, ...rotating }).sendgridPublicKeys).toEqual([key, older]);
  });

  it.each(['SG.key', 'AAAA', generateKeyPairSync('ed25519').publicKey.export(spki).toString('base64')])(
    'refuses what is no verification key of SendGrid: %s',
    (key) => {
      const wrong = { ...complete, SENDGRID_WEBHOOK_PUBLIC_KEY: key };
      expect(() => readApiEnv(wrong)).toThrow('SENDGRID_WEBHOOK_PUBLIC_KEY is not valid');
    },
  );

  it('takes an empty line for a variable that is not set', () => {
    expect(readApiEnv({ ...complete, PORT: '', TWILIO_AUTH_TOKEN_PREVIOUS: '' }).port).toBe(3000);
    expect(() => readApiEnv({ ...complete, DATABASE_URL: '' })).toThrow('DATABASE_URL is missing');
  });

  it('names every variable that is missing or wrong at once, and what to set', () => {
    const message = refusal(() => readWorkerEnv({ ...complete, TEMPORAL_ADDRESS: undefined, PUBLIC_URL: 'vuoro' }));
    expect(message).toContain('TEMPORAL_ADDRESS is missing: set it to the Temporal server, as host:7233');
    expect(message).toContain('PUBLIC_URL is not valid: set it to where patients and providers reach the API');
  });

  it('never repeats a value, which may be a password', () => {
    const wrong = { ...complete, DATABASE_URL: 'mysql://root:secret-word@db', TWILIO_ACCOUNT_SID: 'secret-word' };
    expect(refusal(() => readWorkerEnv(wrong))).not.toContain('secret-word');
  });

  it('refuses a port that is none', () => {
    expect(() => readStackEnv({ POSTGRES_PORT: '70000' })).toThrow('POSTGRES_PORT is not valid');
    expect(() => readSimulatorEnv({ ...complete, SIMULATOR_PORT: 'three' })).toThrow('SIMULATOR_PORT is not valid');
  });

  it('needs nothing for the local stack', () => {
    const stack = readStackEnv({});
    expect(stack.ports).toEqual({ api: 3000, simulator: 3001, temporal: 7233, temporalUi: 8233, postgres: 5433 });
    expect(stack.databaseUrl).toBeUndefined();
  });
});

function publicKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export(spki).toString('base64');
}

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('The environment was accepted.');
}
