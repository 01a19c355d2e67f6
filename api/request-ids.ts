import { createHash, randomUUID } from 'node:crypto';
import { type AppointmentId, type ClinicId, type RequestId, asId } from '../domain/ids.ts';

/** The ids of one attempt under an Idempotency-Key: the same key leads to the same ids, whoever computes them. */
export interface AttemptIds {
  requestId: RequestId;
  appointmentId: AppointmentId;
}

export function idsOfAttempt(clinicId: ClinicId, key: string, attempt: number): AttemptIds {
  const name = JSON.stringify([clinicId, key, attempt]);
  return {
    requestId: asId<RequestId>(uuidFrom(`request ${name}`)),
    appointmentId: asId<AppointmentId>(uuidFrom(`appointment ${name}`)),
  };
}

export function freshRequestId(): RequestId {
  return asId<RequestId>(randomUUID());
}

/** SHA-256 of method, path and body; the order of a body's fields does not matter. */
export function fingerprintOf(method: string, path: string, body: unknown): string {
  return createHash('sha256')
    .update(`${method} ${path}\n${canonicalJson(body)}`)
    .digest('hex');
}

/** A name's own UUID (version 8 of RFC 9562). */
function uuidFrom(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
