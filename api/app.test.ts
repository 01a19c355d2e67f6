import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLog } from '../config/log.ts';
import type { Database } from '../db/client.ts';
import { errorCodes } from '../domain/errors.ts';
import { createApp } from './app.ts';
import { statusOf } from './problem.ts';
import type { TemporalGateway } from './temporal-gateway.ts';

const staff = {
  clinic_id: 'c',
  scopes: ['staff', 'patient'],
  country: 'FI',
  time_zone: 'Europe/Helsinki',
  languages: ['fi'],
  phone: '+35891000100',
};

/** Knows one key and nothing else; whatever else is asked of it throws `fault`. */
function app({ fault = new Error('canary: Anna, +358401000101'), isReady = true } = {}) {
  const lines: string[] = [];
  const broken = {
    transaction: () => Promise.reject(fault),
    execute: async () => (isReady ? { rows: [staff] } : Promise.reject(fault)),
  };
  const db = { drizzle: broken, close: async () => {} } as unknown as Database;
  const temporal = { isReady: async () => isReady } as TemporalGateway;
  const log = createLog('info', { write: (line) => void lines.push(line) });
  return {
    lines,
    app: createApp({ db, temporal, now: () => Date.UTC(2027, 0, 1), log, publicUrl: 'https://vuoro.example' }),
  };
}

const headers = { authorization: 'Bearer vk_test_known', 'content-type': 'application/json' };

describe('problems', () => {
  it('have the statuses of the contract', () => {
    const byStatus: Record<number, string[]> = {};
    for (const code of errorCodes) (byStatus[statusOf[code]] ??= []).push(code);
    expect(byStatus).toEqual({
      400: ['MALFORMED_REQUEST', 'IDEMPOTENCY_KEY_REQUIRED'],
      401: ['UNAUTHENTICATED'],
      403: ['FORBIDDEN', 'SIGNATURE_INVALID'],
      404: ['NOT_FOUND'],
      413: ['TOO_LARGE'],
      415: ['UNSUPPORTED_MEDIA_TYPE'],
      409: [
        'SLOT_TAKEN',
        'PATIENT_OVERLAP',
        'ACTION_NOT_ALLOWED',
        'TOO_MANY_HOLDS',
        'APPOINTMENT_EXPIRED',
        'APPOINTMENT_CLOSED',
        'TOO_LATE_TO_CANCEL',
        'TOO_LATE_TO_MOVE',
        'STAFF_ONLY',
        'OPENING_CLOSED',
      ],
      422: [
        'VALIDATION_FAILED',
        'NOT_BOOKABLE',
        'REASON_REQUIRED',
        'CONFIRMATION_TIME_TOO_SHORT',
        'IDEMPOTENCY_KEY_REUSED',
      ],
      429: ['RATE_LIMITED'],
      503: ['TEMPORARILY_UNAVAILABLE'],
    });
  });

  it('tell nothing of a fault, in the answer or in the log, but its number, kind and place', async () => {
    const { app: broken, lines } = app();
    const response = await broken.request('/v1/visit-types', { headers });
    const body = (await response.json()) as { code: string; requestId: string };
    expect([response.status, body.code]).toEqual([500, 'FAULT']);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(body.requestId).toBe(response.headers.get('x-request-id'));
    expect(JSON.stringify(body) + lines.join('')).not.toMatch(/canary|Anna|358401000101/);
    expect(lines.find((line) => line.includes(body.requestId))).toContain('"errorName":"Error"');
  });

  it.each(['ECONNREFUSED', '57P01', '53300'])(
    'are 503 with Retry-After while the database is away: %s',
    async (code) => {
      const fault = new Error('query failed', { cause: Object.assign(new Error('canary'), { code }) });
      const response = await app({ fault }).app.request('/v1/visit-types', { headers });
      expect([response.status, response.headers.get('retry-after')]).toEqual([503, '3']);
    },
  );

  it('answer any body at all with a problem', async () => {
    const bodies = fc.oneof(fc.string(), fc.json(), fc.constant('{"__proto__":{}}'), fc.constant('['.repeat(5_000)));
    const paths = fc.constantFrom('/v1/appointments', '/v1/patients', '/v1/patients/search', '/v1/nowhere');
    await fc.assert(
      fc.asyncProperty(bodies, paths, async (body, path) => {
        const response = await app().app.request(path, { method: 'POST', headers, body });
        // 500: the input was good, and reached the database that this test does not have.
        expect([400, 404, 415, 422, ...(path.includes('patients') ? [500] : [])]).toContain(response.status);
        expect(response.headers.get('content-type')).toBe('application/problem+json');
      }),
    );
  });

  it('say of a field that it is missing', async () => {
    const response = await app().app.request('/v1/patients/search', { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ errors: [{ pointer: '/query', detail: 'is missing' }] });
  });

  it('are TOO_LARGE for a body beyond the limit, announced or not', async () => {
    const body = JSON.stringify({ firstName: 'x'.repeat(70_000) });
    const announced = await app().app.request('/v1/patients', {
      method: 'POST',
      headers: { ...headers, 'content-length': String(body.length) },
      body,
    });
    expect(announced.status).toBe(413);
    const stream = new Blob([body]).stream();
    const streamed = await app().app.request('/v1/patients', {
      method: 'POST',
      headers,
      body: stream,
      duplex: 'half',
    });
    expect(streamed.status).toBe(413);
  });
});

describe('operators', () => {
  it('see whether it lives and whether it can work', async () => {
    const well = app().app;
    expect((await well.request('/healthz')).status).toBe(200);
    expect(await (await well.request('/readyz')).json()).toEqual({ status: 'ok', database: 'ok', temporal: 'ok' });
    const ill = await app({ isReady: false }).app.request('/readyz');
    expect([ill.status, await ill.json()]).toEqual([
      503,
      { status: 'unavailable', database: 'unavailable', temporal: 'unavailable' },
    ]);
  });

  it('see metrics by route, without ids', async () => {
    const { app: running } = app();
    await running.request('/v1/appointments/6b616c6c-696f-4000-8000-000000000001', { headers });
    await running.request('/v1/nowhere/at-all', { headers });
    const metrics = await (await running.request('/metrics')).text();
    expect(metrics).toContain('route="/v1/appointments/:id",status="500"');
    expect(metrics).toContain('route="none",status="404"');
    expect(metrics).not.toContain('6b616c6c');
  });
});

describe('the description', () => {
  it('knows the code of a fault, as that of every refusal', async () => {
    const { paths, components } = (await (await app().app.request('/openapi.json')).json()) as {
      paths: Record<string, Record<string, { responses: Record<string, { description: string }> }>>;
      components: { schemas: { Problem: { required: string[]; properties: { code: { enum: string[] } } } } };
    };
    const { Problem } = components.schemas;
    expect(Problem.required).toContain('code');
    expect(Problem.properties.code.enum).toEqual([...errorCodes, 'FAULT']);
    const calls = Object.values(paths).flatMap((methods) => Object.values(methods));
    expect(new Set(calls.map(({ responses }) => responses[500]?.description))).toEqual(new Set(['`FAULT`']));
  });

  it('names every call of the contract, and the page for people shows each', async () => {
    const { app: running } = app();
    const document = (await (await running.request('/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, object>;
    };
    expect(document.openapi).toBe('3.1.0');
    const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(calls.toSorted()).toEqual(
      [
        'get /v1/appointments',
        'get /v1/appointments/{id}',
        'get /v1/appointments/{id}/alternatives',
        'get /v1/appointments/{id}/timeline',
        'get /v1/availability',
        'delete /v1/waiting-list/{id}',
        'get /v1/messages',
        'get /v1/openings',
        'get /v1/openings/{id}',
        'get /v1/patients/{id}/consents',
        'get /v1/waiting-list',
        'get /v1/patients/{id}',
        'get /v1/providers',
        'get /v1/tasks',
        'get /v1/visit-types',
        'patch /v1/patients/{id}',
        'post /v1/appointments',
        'post /v1/appointments/{id}/cancel',
        'post /v1/appointments/{id}/complete',
        'post /v1/appointments/{id}/confirm',
        'post /v1/appointments/{id}/copy',
        'post /v1/appointments/{id}/extend',
        'post /v1/appointments/{id}/move',
        'post /v1/appointments/{id}/no-show',
        'post /v1/appointments/{id}/release',
        'post /v1/imports/patients',
        'post /v1/messages',
        'post /v1/openings',
        'post /v1/openings/{id}/release',
        'post /v1/openings/{id}/withdraw',
        'post /v1/patients/{id}/consents',
        'post /v1/proposals',
        'post /v1/waiting-list',
        'post /v1/patients',
        'post /v1/patients/search',
        'post /v1/tasks/{id}/resolve',
      ].toSorted(),
    );
    const page = await (await running.request('/docs')).text();
    for (const path of Object.keys(document.paths)) expect(page).toContain(path);
    expect(page).not.toMatch(/<script|https?:\/\/(?!vuoro\.example)/);
  });
});
