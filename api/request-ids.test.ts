import { expect, it } from 'vitest';
import { type ClinicId, asId } from '../domain/ids.ts';
import { fingerprintOf, idsOfAttempt } from './request-ids.ts';

const clinic = asId<ClinicId>('6b616c6c-696f-4000-8000-000000000001');

it('gives the same key the same ids, and every attempt, clinic and kind its own', () => {
  const first = idsOfAttempt(clinic, 'k', 1);
  expect(idsOfAttempt(clinic, 'k', 1)).toEqual(first);
  const others = [
    idsOfAttempt(clinic, 'k', 2),
    idsOfAttempt(clinic, 'k2', 1),
    idsOfAttempt(asId<ClinicId>('6d61726b-7400-4000-8000-000000000001'), 'k', 1),
  ];
  const all = [first, ...others].flatMap(({ requestId, appointmentId }) => [requestId, appointmentId]);
  expect(new Set(all).size).toBe(8);
  for (const id of all) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('knows a request by method, path and body, whatever the order of its fields', () => {
  const one = fingerprintOf('POST', '/v1/appointments', { a: 1, b: { c: [1, 2], d: null } });
  expect(fingerprintOf('POST', '/v1/appointments', { b: { d: null, c: [1, 2] }, a: 1 })).toBe(one);
  for (const other of [
    fingerprintOf('POST', '/v1/appointments', { a: 1, b: { c: [2, 1], d: null } }),
    fingerprintOf('POST', '/v1/appointments/x', { a: 1, b: { c: [1, 2], d: null } }),
    fingerprintOf('PUT', '/v1/appointments', { a: 1, b: { c: [1, 2], d: null } }),
  ]) {
    expect(other).not.toBe(one);
  }
});
