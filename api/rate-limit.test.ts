import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLog } from '../config/log.ts';
import type { Database } from '../db/client.ts';
import { createApp } from './app.ts';
import { sha256 } from './authentication.ts';
import { rateLimits } from './rate-limit.ts';
import type { TemporalGateway } from './temporal-gateway.ts';

const staff = {
  clinic_id: 'c',
  scopes: ['staff'],
  country: 'FI',
  time_zone: 'Europe/Helsinki',
  languages: ['fi'],
  phone: '+35891000100',
};

// The library asks the process for the time.
beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2027, 0, 1) }));
afterEach(() => void vi.useRealTimers());

/** An API whose database knows the given keys and no link, and counts how often it was asked. */
function app({ keys = ['vk_test_known'], perMinute = 3, trustedProxies = 0 } = {}) {
  const digests = new Set(keys.map((key) => sha256(key).toString('hex')));
  const asked = { times: 0 };
  const execute = async (statement: { queryChunks?: unknown[] }) => {
    asked.times += 1;
    const digest = statement.queryChunks?.find((chunk) => Buffer.isBuffer(chunk)) as Buffer;
    return { rows: digests.has(digest.toString('hex')) ? [staff] : [] };
  };
  const api = createApp(
    {
      db: { drizzle: { execute }, close: async () => {} } as unknown as Database,
      temporal: {} as TemporalGateway,
      now: Date.now,
      log: createLog('silent'),
      publicUrl: 'https://vuoro.example',
    },
    { limits: rateLimits({ perMinute, trustedProxies }) },
  );
  const from = async (address: string, path: string, headers: Record<string, string> = {}) =>
    api.request(path, { headers }, { incoming: { socket: { remoteAddress: address } } });
  /** The statuses that so many calls were answered with, all sent at once. */
  const call = async (key: string, times: number, { address = '192.0.2.1', via = '' } = {}) => {
    const headers = { authorization: `Bearer ${key}`, ...(via && { 'x-forwarded-for': via }) };
    const answers = await Promise.all(Array.from({ length: times }, () => from(address, '/v1/nowhere', headers)));
    return answers.map(({ status }) => status);
  };
  return { call, from, asked, digests };
}

describe('the limit of a key', () => {
  it('lets so many requests of a minute pass, and tells the others when to come again', async () => {
    const { call, from } = app();
    expect(await call('vk_test_known', 5)).toEqual([404, 404, 404, 429, 429]);
    vi.advanceTimersByTime(20_500);
    const refused = await from('192.0.2.1', '/v1/nowhere', { authorization: 'Bearer vk_test_known' });
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(refused.headers.get('retry-after')).toBe('40');
    expect(await refused.json()).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    vi.advanceTimersByTime(40_000);
    expect(await call('vk_test_known', 4)).toEqual([404, 404, 404, 429]);
  });

  it('is its own: another key is not held back, nor the same key helped by another address', async () => {
    const { call } = app({ keys: ['vk_test_one', 'vk_test_two'] });
    await call('vk_test_one', 3);
    expect(await call('vk_test_two', 1)).toEqual([404]);
    expect(await call('vk_test_one', 1, { address: '192.0.2.2' })).toEqual([429]);
  });

  it('costs the database nothing, once the key is known', async () => {
    const { call, asked } = app();
    await call('vk_test_known', 1);
    await call('vk_test_known', 100);
    expect(asked.times).toBe(3);
  });

  it('is lifted by 0, and with it every other', async () => {
    const { call, from } = app({ perMinute: 0 });
    expect(new Set(await call('vk_test_known', 100))).toEqual(new Set([404]));
    expect(new Set(await call('vk_test_wrong', 100))).toEqual(new Set([401]));
    for (let n = 0; n < 70; n += 1) expect((await from('192.0.2.1', '/a/wrong')).status).toBe(404);
  });
});

describe('the limit of wrong keys', () => {
  it('keeps an address that fails too often away from the database for a minute', async () => {
    const { call, asked } = app();
    for (let n = 0; n < 60; n += 1) expect(await call(`vk_test_guess_${n}`, 1)).toEqual([401]);
    expect(await call('vk_test_guess_60', 1)).toEqual([429]);
    expect(await call('vk_test_known', 1)).toEqual([429]);
    expect(asked.times).toBe(60);
    expect(await call('vk_test_known', 1, { address: '192.0.2.2' })).toEqual([404]);
    vi.advanceTimersByTime(60_001);
    expect(await call('vk_test_guess_61', 1)).toEqual([401]);
  });

  it('does not count what succeeds', async () => {
    const { call } = app({ perMinute: 1_000 });
    await call('vk_test_known', 200);
    expect(await call('vk_test_wrong', 1)).toEqual([401]);
  });

  it('does not lock out a clinic at work behind the same address', async () => {
    const { call } = app({ perMinute: 10 });
    await call('vk_test_known', 1);
    await call('vk_test_wrong', 100);
    expect(await call('vk_test_known', 2)).toEqual([404, 404]);
  });

  it('holds for a key from the moment it is revoked', async () => {
    const { call, digests } = app({ perMinute: 1_000 });
    await call('vk_test_known', 1);
    digests.clear();
    await call('vk_test_known', 60);
    expect(await call('vk_test_known', 1)).toEqual([429]);
  });
});

describe('the limit of wrong links', () => {
  it('stops an address that tries too many, before they are looked up', async () => {
    const { from, asked } = app();
    const link = (n: number) => `/a/${String(n).padStart(22, 'x')}`;
    for (let n = 0; n < 60; n += 1) expect((await from('192.0.2.1', link(n))).status).toBe(404);
    const refused = await from('192.0.2.1', link(60), { 'accept-language': 'en' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    expect(await refused.text()).toContain('Please try again in a minute');
    expect(refused.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(asked.times).toBe(60);
    expect((await from('192.0.2.2', link(61))).status).toBe(404);
    expect((await from('192.0.2.1', '/healthz')).status).toBe(200);
  });
});

describe('whose address counts', () => {
  const outermost = '198.51.100.7';

  it('is who connects to us, whatever the headers say', async () => {
    const { call } = app();
    for (let n = 0; n < 60; n += 1) await call('vk_test_wrong', 1, { via: `203.0.113.${n}` });
    expect(await call('vk_test_wrong', 1, { via: outermost })).toEqual([429]);
  });

  it('is whom the outermost of our proxies saw, not what was written before', async () => {
    const { call } = app({ trustedProxies: 2 });
    for (let n = 0; n < 60; n += 1) await call('vk_test_wrong', 1, { via: `203.0.113.${n}, ${outermost}, 10.0.0.2` });
    expect(await call('vk_test_wrong', 1, { via: `${outermost}, 10.0.0.2` })).toEqual([429]);
    expect(await call('vk_test_wrong', 1, { via: `${outermost}, 198.51.100.8, 10.0.0.2` })).toEqual([401]);
  });

  it('is who connects to us where a proxy was passed by', async () => {
    const { call } = app({ trustedProxies: 2 });
    for (let n = 0; n < 60; n += 1) await call('vk_test_wrong', 1, { via: `203.0.113.${n}` });
    expect(await call('vk_test_wrong', 1)).toEqual([429]);
  });
});

it('every call of the description may be refused so', async () => {
  const { from } = app();
  const document = (await (await from('192.0.2.1', '/openapi.json')).json()) as {
    paths: Record<string, Record<string, { responses: Record<string, { headers?: object }> }>>;
  };
  const calls = Object.values(document.paths).flatMap((methods) => Object.values(methods));
  expect(calls.length).toBeGreaterThan(10);
  for (const { responses } of calls) expect(Object.keys(responses['429']?.headers ?? {})).toEqual(['Retry-After']);
});
